#include "sync/trailing_outbox.hpp"

#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace kaiku::sync {
namespace {

/// So many answers may be sent and not yet removed: enough to share a flush among a few batches,
/// little to send again, and a lock that no visitor notices.
constexpr std::size_t kMaxTrailing = 1024;

class TrailingOutbox final : public Outbox {
  public:
    TrailingOutbox(std::unique_ptr<Outbox> front, std::unique_ptr<Outbox> back)
        : front_(std::move(front)), back_(std::move(back)), thread_([this] { run(); }) {}
    TrailingOutbox(const TrailingOutbox&) = delete;
    TrailingOutbox& operator=(const TrailingOutbox&) = delete;

    ~TrailingOutbox() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    Result<std::vector<OutboxEntry>> next_batch(std::size_t limit, const Ids& without) override {
        if (auto told = tell(); !told) return tl::make_unexpected(told.error());
        Ids leaving = without;
        {
            const std::lock_guard lock(mutex_);
            leaving.insert(leaving_.begin(), leaving_.end());
        }
        auto entries = front_->next_batch(limit, leaving);
        if (!entries || !entries->empty()) return entries;
        {
            const std::lock_guard lock(mutex_);
            tidy_ = true;
            changed_.notify_all();
        }
        // Nothing but what is on its way out: the next look shows what else there is.
        return settled([&] { return front_->next_batch(limit, without); });
    }

    Status remove(const std::vector<survey::ResponseId>& ids,
                  std::span<const KeptReceipt> receipts) override {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return leaving_.size() < kMaxTrailing || trouble_; });
        if (auto trouble = std::exchange(trouble_, std::nullopt)) {
            return tl::make_unexpected(*std::move(trouble));
        }
        ids_.insert(ids_.end(), ids.begin(), ids.end());
        leaving_.insert(ids.begin(), ids.end());
        receipts_.insert(receipts_.end(), receipts.begin(), receipts.end());
        changed_.notify_all();
        return {};
    }

    Status put(const OutboxEntry& entry) override {
        return settled([&] { return front_->put(entry); });
    }
    Status quarantine(const survey::ResponseId& id, const std::string& reason) override {
        return settled([&] { return front_->quarantine(id, reason); });
    }
    Result<OutboxCounts> counts() override {
        return settled([&] { return front_->counts(); });
    }
    Result<std::vector<QuarantineGroup>> quarantined() override {
        return settled([&] { return front_->quarantined(); });
    }
    Result<std::int64_t> requeue() override {
        return settled([&] { return front_->requeue(); });
    }
    Result<std::int64_t> rewrite(const Change& change) override {
        return settled([&] { return front_->rewrite(change); });
    }
    Status note(const DayCounts& more) override {
        return settled([&] { return front_->note(more); });
    }
    Result<LedgerReport> ledger() override {
        return settled([&] { return front_->ledger(); });
    }
    Result<std::vector<KeptReceipt>> receipts() override {
        return settled([&] { return front_->receipts(); });
    }
    Status settle(const std::vector<std::string>& days, std::int64_t before) override {
        return settled([&] { return front_->settle(days, before); });
    }

  private:
    bool has_work() const { return tidy_ || !ids_.empty() || !receipts_.empty(); }

    Status tell() {
        const std::lock_guard lock(mutex_);
        if (!trouble_) return {};
        return tl::make_unexpected(*std::exchange(trouble_, std::nullopt));
    }

    /// Runs `work` with nothing left to be removed.
    template <class Work>
    auto settled(Work&& work) -> decltype(work()) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !has_work() && !working_; });
        }
        if (auto told = tell(); !told) return tl::make_unexpected(told.error());
        return std::forward<Work>(work)();
    }

    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return stopping_ || has_work(); });
            if (!has_work()) return;
            const auto ids = std::exchange(ids_, {});
            const auto receipts = std::exchange(receipts_, {});
            tidy_ = false;
            working_ = true;
            lock.unlock();
            auto done = removed(ids, receipts);
            lock.lock();
            working_ = false;
            for (const auto& id : ids) leaving_.erase(id);
            if (!done) {
                // Without these the receipts after them prove nothing: all are sent again.
                trouble_ = std::move(done.error());
                ids_.clear();
                receipts_.clear();
                leaving_.clear();
            }
            changed_.notify_all();
        }
    }

    /// The end of a thread: nothing is thrown past it.
    Status removed(const std::vector<survey::ResponseId>& ids,
                   const std::vector<KeptReceipt>& receipts) {
        try {
            Status done = back_->remove(ids, receipts);
            if (done) (void)back_->remove({});  // what is gone is overwritten now: nobody waits
            return done;
        } catch (const std::exception& error) {
            return fail(Errc::io, std::string("outbox: removing failed: ") + error.what());
        }
    }

    std::unique_ptr<Outbox> front_;  ///< the caller's thread only
    std::unique_ptr<Outbox> back_;   ///< thread_ only

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<survey::ResponseId> ids_;  ///< to be removed in the next step
    std::vector<KeptReceipt> receipts_;    ///< to be kept with it
    Ids leaving_;                          ///< ids_, and those of the step that is under way
    std::optional<Error> trouble_;
    bool tidy_ = false;  ///< nothing waits: what a reader kept from being forgotten is looked for
    bool working_ = false;
    bool stopping_ = false;
    std::thread thread_;  ///< uses all of the above
};

}  // namespace

std::unique_ptr<Outbox> make_trailing_outbox(std::unique_ptr<Outbox> front,
                                             std::unique_ptr<Outbox> back) {
    return std::make_unique<TrailingOutbox>(std::move(front), std::move(back));
}

}  // namespace kaiku::sync
