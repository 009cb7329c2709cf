#include "sync/memory_outbox.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

namespace kaiku::sync {
namespace {

class MemoryOutbox final : public Outbox {
  public:
    explicit MemoryOutbox(std::int64_t max_waiting) : max_waiting_(max_waiting) {}

    Status put(const OutboxEntry& entry) override {
        if (auto checked = check_entry(entry); !checked) return checked;
        if (waiting_.contains(entry.id) || quarantined_.contains(entry.id)) return {};
        if (std::ssize(waiting_) >= max_waiting_) {
            return fail(Errc::full, "outbox: the configured limit of waiting answers is reached");
        }
        waiting_.emplace(entry.id, entry.payload);
        if (!entry.day.empty()) add_counts(day_of(entry.day), {.day = {}, .stored = 1});
        return {};
    }

    Result<std::vector<OutboxEntry>> next_batch(std::size_t limit, const Ids& without) override {
        std::vector<OutboxEntry> out;
        for (const auto& [id, payload] : waiting_) {
            if (!without.contains(id)) out.push_back({id, payload});
        }
        std::shuffle(out.begin(), out.end(), random_);
        if (out.size() > limit)
            out.erase(out.begin() + static_cast<std::ptrdiff_t>(limit), out.end());
        return out;
    }

    Status remove(const std::vector<survey::ResponseId>& ids,
                  std::span<const KeptReceipt> receipts) override {
        for (const auto& id : ids) sent_ += static_cast<std::int64_t>(waiting_.erase(id));
        for (const KeptReceipt& receipt : receipts) receipts_[receipt.number] = receipt;
        while (std::ssize(receipts_) > kMaxKeptReceipts) receipts_.erase(receipts_.begin());
        return {};
    }

    Status quarantine(const survey::ResponseId& id, const std::string& reason) override {
        const auto found = waiting_.find(id);
        if (found == waiting_.end()) {
            if (quarantined_.contains(id)) return {};
            return fail(Errc::not_found, "outbox: no waiting answer has this id");
        }
        quarantined_.emplace(id, std::pair(std::move(found->second), reason));
        waiting_.erase(found);
        return {};
    }

    Result<OutboxCounts> counts() override {
        return OutboxCounts{std::ssize(waiting_), std::ssize(quarantined_), sent_};
    }

    Result<std::vector<QuarantineGroup>> quarantined() override {
        std::map<std::string, std::int64_t> counts;
        for (const auto& [id, kept] : quarantined_) ++counts[printable_reason(kept.second)];
        std::vector<QuarantineGroup> out;
        for (const auto& [reason, count] : counts) out.push_back({reason, count});
        std::stable_sort(out.begin(), out.end(), [](const auto& left, const auto& right) {
            return left.count > right.count;
        });
        return out;
    }

    Result<std::int64_t> requeue() override {
        const std::int64_t count = std::ssize(quarantined_);
        if (count > max_waiting_ - std::ssize(waiting_)) {
            return fail(Errc::full, "outbox: the queue has no room for all of them");
        }
        for (auto& [id, kept] : quarantined_) waiting_.emplace(id, std::move(kept.first));
        quarantined_.clear();
        return count;
    }

    Result<std::int64_t> rewrite(const Change& change) override {
        std::int64_t count = 0;
        std::vector<std::string*> payloads;
        for (auto& [id, payload] : waiting_) payloads.push_back(&payload);
        for (auto& [id, kept] : quarantined_) payloads.push_back(&kept.first);
        for (std::string* payload : payloads) {
            auto changed = change(*payload);
            if (!changed) return tl::make_unexpected(changed.error());
            if (!*changed) continue;
            *payload = std::move(**changed);
            ++count;
        }
        return count;
    }

    Status note(const DayCounts& more) override {
        add_counts(day_of(more.day), more);
        return {};
    }

    Result<LedgerReport> ledger() override {
        LedgerReport report{{}, std::ssize(waiting_), std::ssize(quarantined_)};
        for (const auto& [day, counts] : ledger_) {
            if (!settled_.contains(day)) report.days.push_back(counts);
        }
        return report;
    }

    Result<std::vector<KeptReceipt>> receipts() override {
        std::vector<KeptReceipt> out;
        for (const auto& [number, receipt] : receipts_) out.push_back(receipt);
        return out;
    }

    Status settle(const std::vector<std::string>& days, std::int64_t before) override {
        for (const std::string& day : days) {
            if (ledger_.contains(day)) settled_.insert(day);
        }
        while (settled_.size() > kMaxSettledDays) {
            ledger_.erase(*settled_.begin());
            settled_.erase(settled_.begin());
        }
        receipts_.erase(receipts_.begin(), receipts_.lower_bound(before));
        return {};
    }

  private:
    DayCounts& day_of(const std::string& day) {
        DayCounts& counts = ledger_[day];
        counts.day = day;
        settled_.erase(day);
        return counts;
    }

    std::map<std::string, DayCounts> ledger_;
    std::set<std::string> settled_;  ///< days in it on which both sides agree
    std::map<std::int64_t, KeptReceipt> receipts_;
    std::int64_t max_waiting_;
    std::map<survey::ResponseId, std::string> waiting_;
    std::map<survey::ResponseId, std::pair<std::string, std::string>> quarantined_;
    std::int64_t sent_ = 0;
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace

std::unique_ptr<Outbox> make_memory_outbox(std::int64_t max_waiting) {
    return std::make_unique<MemoryOutbox>(max_waiting);
}

}  // namespace kaiku::sync
