#include "sync/sqlite_outbox.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "sync/files.hpp"
#include "sync/sqlite_errors.hpp"
#include "sync/sqlite_ledger.hpp"
#include "sync/sqlite_outbox_file.hpp"
#include "sync/sqlite_rewrite.hpp"
#include "sync/trailing_outbox.hpp"

namespace kaiku::sync {
namespace {

namespace fs = std::filesystem;
using IdBytes = std::array<std::uint8_t, 16>;

std::uint8_t nibble(char digit) noexcept {
    return static_cast<std::uint8_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/// A ResponseId's text is lower-case hexadecimal with dashes.
IdBytes bytes_of(const survey::ResponseId& id) noexcept {
    IdBytes out{};
    std::size_t place = 0;
    for (const char digit : id.text()) {
        if (digit == '-') continue;
        auto& byte = out.at(place / 2);
        byte = static_cast<std::uint8_t>((byte << 4U) | nibble(digit));
        ++place;
    }
    return out;
}

void bind_bytes(SQLite::Statement& statement, int index, const IdBytes& bytes) {
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

/// The first column of a row.
IdBytes id_in(SQLite::Statement& row) {
    IdBytes out{};
    const auto column = row.getColumn(0);
    std::copy_n(static_cast<const std::uint8_t*>(column.getBlob()), out.size(), out.begin());
    return out;
}

std::uint64_t random_bits() noexcept {
    std::uint64_t bits = 0;
    sqlite3_randomness(sizeof bits, &bits);
    return bits;
}

class SqliteOutbox final : public Outbox {
  public:
    SqliteOutbox(OpenDatabase opened, fs::path path, std::int64_t max_waiting)
        : database_(std::move(opened.database)),
          prepared_(std::move(opened.prepared)),
          shield_bytes_(opened.shield_bytes),
          path_(std::move(path)),
          max_waiting_(max_waiting) {}

    Status put(const OutboxEntry& entry) override {
        if (auto checked = check_entry(entry); !checked) return checked;
        return guarded([&]() -> Status {
            const auto id = bytes_of(entry.id);
            SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
            if (holds(id)) return {};
            if (tally("waiting") >= max_waiting_) {
                return fail(Errc::full, path_.string() +
                                            ": the configured limit of waiting answers is reached");
            }
            Use insert(prepared_->insert);
            bind_bytes(*insert, 1, id);
            insert->bind(2, shield_bytes_);
            insert->bindNoCopy(3, entry.payload.data(), static_cast<int>(entry.payload.size()));
            insert->exec();
            add("waiting", 1);
            if (!entry.day.empty()) {
                Use count(prepared_->day);
                count->bindNoCopy(1, entry.day);
                count->exec();
            }
            if (auto there = in_place(); !there) return there;
            transaction.commit();
            return {};
        });
    }

    Result<std::vector<OutboxEntry>> next_batch(std::size_t limit, const Ids& without) override {
        return guarded([&]() -> Result<std::vector<OutboxEntry>> {
            if (auto there = in_place(); !there) return tl::make_unexpected(there.error());
            forget_removed();
            std::vector<OutboxEntry> out;
            IdBytes start{};
            sqlite3_randomness(static_cast<int>(start.size()), start.data());
            // Once around the circle of ids from a random place.
            read_into(out, "SELECT id, payload FROM waiting WHERE id >= ? ORDER BY id", start,
                      limit, without);
            read_into(out, "SELECT id, payload FROM waiting WHERE id < ? ORDER BY id", start, limit,
                      without);
            for (std::size_t last = out.size(); last > 1; --last) {
                std::swap(out[last - 1], out[random_bits() % last]);
            }
            return out;
        });
    }

    Status remove(const std::vector<survey::ResponseId>& ids,
                  std::span<const KeptReceipt> receipts) override {
        constexpr std::int64_t kLargeBatch = 64;
        return guarded([&]() -> Status {
            if (ids.empty() && receipts.empty()) {
                forget_removed();
                return {};
            }
            SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
            const std::int64_t removed = erase(ids);
            if (removed == 0 && receipts.empty()) return {};
            if (removed > 0) {
                add("waiting", -removed);
                add("sent", removed);
            }
            for (const KeptReceipt& receipt : receipts) {
                keep_receipt(*database_, receipt, shield_bytes_);
            }
            transaction.commit();
            lingering_ = true;
            // Others follow a large batch: then next_batch() does it, while one is on its way.
            if (removed < kLargeBatch) forget_removed();
            return {};
        });
    }

    Status quarantine(const survey::ResponseId& id, const std::string& reason) override {
        return guarded([&]() -> Status {
            const auto bytes = bytes_of(id);
            SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement copy(*database_,
                                   "INSERT INTO quarantined(id, shield, payload, reason) "
                                   "SELECT id, shield, payload, ?2 FROM waiting WHERE id = ?1");
            bind_bytes(copy, 1, bytes);
            copy.bind(2, reason);
            if (copy.exec() == 0) {
                if (holds(bytes)) return {};
                return fail(Errc::not_found, path_.string() + ": no waiting answer has this id");
            }
            SQLite::Statement erase(*database_, "DELETE FROM waiting WHERE id = ?");
            bind_bytes(erase, 1, bytes);
            erase.exec();
            add("waiting", -1);
            add("quarantined", 1);
            transaction.commit();
            return {};
        });
    }

    Result<OutboxCounts> counts() override {
        return guarded([&]() -> Result<OutboxCounts> {
            OutboxCounts out;
            SQLite::Statement all(*database_, "SELECT name, value FROM tally");
            while (all.executeStep()) {
                const std::string name = all.getColumn(0).getString();
                const std::int64_t value = all.getColumn(1).getInt64();
                if (name == "waiting") out.waiting = value;
                if (name == "quarantined") out.quarantined = value;
                if (name == "sent") out.sent = value;
            }
            return out;
        });
    }

    Result<std::vector<QuarantineGroup>> quarantined() override {
        return guarded([&]() -> Result<std::vector<QuarantineGroup>> {
            SQLite::Statement groups(*database_,
                                     "SELECT reason, count(*) FROM quarantined "
                                     "GROUP BY reason ORDER BY count(*) DESC, reason");
            std::vector<QuarantineGroup> out;
            while (groups.executeStep()) {
                out.push_back({printable_reason(groups.getColumn(0).getString()),
                               groups.getColumn(1).getInt64()});
            }
            return out;
        });
    }

    Result<std::int64_t> requeue() override {
        return guarded([&]() -> Result<std::int64_t> {
            SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
            const std::int64_t count = tally("quarantined");
            if (count == 0) return 0;
            if (count > max_waiting_ - tally("waiting")) {
                return fail(Errc::full, path_.string() + ": " + std::to_string(count) +
                                            " answers do not fit below the configured limit of "
                                            "waiting answers; raise max_waiting");
            }
            if (auto there = in_place(); !there) return tl::make_unexpected(there.error());
            database_->exec(
                "INSERT INTO waiting(id, shield, payload) "
                "SELECT id, shield, payload FROM quarantined; DELETE FROM quarantined");
            add("waiting", count);
            add("quarantined", -count);
            transaction.commit();
            lingering_ = true;
            forget_removed();
            return count;
        });
    }

    Result<std::int64_t> rewrite(const Change& change) override {
        return guarded([&]() -> Result<std::int64_t> {
            if (auto there = in_place(); !there) return tl::make_unexpected(there.error());
            auto count = rewrite_payloads(*database_, change);
            lingering_ = true;
            forget_removed();
            return count;
        });
    }

    Status note(const DayCounts& more) override {
        return guarded([&]() -> Status {
            note_counts(*database_, more);
            return {};
        });
    }

    Result<LedgerReport> ledger() override {
        return guarded([&]() -> Result<LedgerReport> { return read_ledger(*database_); });
    }

    Result<std::vector<KeptReceipt>> receipts() override {
        return guarded(
            [&]() -> Result<std::vector<KeptReceipt>> { return read_receipts(*database_); });
    }

    Status settle(const std::vector<std::string>& days, std::int64_t before) override {
        return guarded([&]() -> Status {
            lingering_ = settle_ledger(*database_, days, before) || lingering_;
            forget_removed();
            return {};
        });
    }

    /// Empties the write-ahead log, so that what was removed is nowhere in the files. Another
    /// reader may keep that from happening now: it is tried again at the next batch.
    void forget_removed() {
        if (!lingering_) return;
        const int code = sqlite3_wal_checkpoint_v2(database_->getHandle(), nullptr,
                                                   SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        lingering_ = code != SQLITE_OK;
    }

  private:
    template <class Work>
    auto guarded(Work&& work) -> decltype(work()) {
        return sync::guarded(path_.string(), database_->getHandle(), std::forward<Work>(work));
    }

    /// A file that was renamed or removed takes every write and keeps none of them.
    Status in_place() {
        int moved = 0;
        sqlite3_file_control(database_->getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
        if (moved == 0) return {};
        return fail(Errc::io, path_.string() + ": was moved or removed while in use");
    }

    /// In runs of neighbours, as next_batch() hands them out: the search for an id reads the
    /// content of every row that it is compared with, which is a page of its own. Says how many
    /// were there.
    std::int64_t erase(const std::vector<survey::ResponseId>& ids) {
        std::vector<IdBytes> sorted;
        sorted.reserve(ids.size());
        for (const auto& id : ids) sorted.push_back(bytes_of(id));
        std::sort(sorted.begin(), sorted.end());
        SQLite::Statement from(*database_, "SELECT id FROM waiting WHERE id >= ? ORDER BY id");
        SQLite::Statement run(*database_, "DELETE FROM waiting WHERE id BETWEEN ? AND ?");
        std::int64_t removed = 0;
        for (auto at = sorted.begin(); at != sorted.end();) {
            const auto first = at;
            bind_bytes(from, 1, *first);
            while (at != sorted.end() && from.executeStep() && id_in(from) == *at) ++at;
            from.reset();
            if (at == first) {
                ++at;  // not there
                continue;
            }
            bind_bytes(run, 1, *first);
            bind_bytes(run, 2, *std::prev(at));
            removed += run.exec();
            run.reset();
        }
        return removed;
    }

    bool holds(const IdBytes& id) {
        Use find(prepared_->find);
        bind_bytes(*find, 1, id);
        return find->executeStep() && find->getColumn(0).getInt() != 0;
    }

    std::int64_t tally(const char* name) {
        Use read(prepared_->tally);
        read->bindNoCopy(1, name);
        return read->executeStep() ? read->getColumn(0).getInt64() : 0;
    }

    void add(const char* name, std::int64_t amount) {
        Use update(prepared_->add);
        update->bind(1, amount);
        update->bindNoCopy(2, name);
        update->exec();
    }

    void read_into(std::vector<OutboxEntry>& out, const char* query, const IdBytes& start,
                   std::size_t limit, const Ids& without) {
        SQLite::Statement rows(*database_, query);
        bind_bytes(rows, 1, start);
        while (out.size() < limit && rows.executeStep()) {
            auto id = survey::ResponseId::from_random(id_in(rows));
            if (without.contains(id)) continue;  // its payload, on a page of its own, is not read
            const auto payload = rows.getColumn(1);
            out.push_back(
                {std::move(id), std::string(static_cast<const char*>(payload.getBlob()),
                                            static_cast<std::size_t>(payload.getBytes()))});
        }
    }

    std::unique_ptr<SQLite::Database> database_;
    std::unique_ptr<PutStatements> prepared_;  // dies before its database
    int shield_bytes_;
    fs::path path_;
    std::int64_t max_waiting_;
    bool lingering_ = true;  // a crash may have come between a removal and its forgetting
};

}  // namespace

Result<OpenedOutbox> open_sqlite_outbox(const fs::path& data_dir,
                                        const SqliteOutboxOptions& options) {
    const auto path = data_dir / "outbox.db";
    if (auto made = make_private_directory(data_dir); !made) {
        return tl::make_unexpected(made.error());
    }
    if (auto made = make_private_file(path); !made) return tl::make_unexpected(made.error());
    fs::path kept;
    auto database = open_outbox_file(path, options);
    if (!database && database.error().code == Errc::corrupt && options.set_corrupt_aside) {
        auto moved = set_aside(path);
        if (!moved) return tl::make_unexpected(moved.error());
        kept = std::move(*moved);
        if (auto made = make_private_file(path); !made) return tl::make_unexpected(made.error());
        database = open_outbox_file(path, options);
    }
    if (!database) return tl::make_unexpected(database.error());
    auto outbox = std::make_unique<SqliteOutbox>(std::move(*database), path, options.max_waiting);
    outbox->forget_removed();
    return OpenedOutbox{std::move(outbox), std::move(kept)};
}

Result<OpenedOutbox> open_trailing_outbox(const fs::path& data_dir,
                                          const SqliteOutboxOptions& options) {
    auto front = open_sqlite_outbox(data_dir, options);
    if (!front) return front;
    SqliteOutboxOptions again = options;
    again.set_corrupt_aside = false;
    again.check = false;
    auto back = open_sqlite_outbox(data_dir, again);
    if (!back) return back;
    front->outbox = make_trailing_outbox(std::move(front->outbox), std::move(back->outbox));
    return front;
}

}  // namespace kaiku::sync
