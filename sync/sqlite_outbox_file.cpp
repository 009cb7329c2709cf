#include "sync/sqlite_outbox_file.hpp"

#include <sqlite3.h>

#include <string>
#include <system_error>
#include <utility>

#include "sync/files.hpp"
#include "sync/sqlite_errors.hpp"
#include "sync/sqlite_schema.hpp"

namespace kaiku::sync {

namespace fs = std::filesystem;

Result<OpenDatabase> open_outbox_file(const fs::path& path, const SqliteOutboxOptions& options) {
    const auto place = path.string();
    using Opened = Result<OpenDatabase>;
    return guarded(place, nullptr, [&]() -> Opened {
        auto database = std::make_unique<SQLite::Database>(
            place, SQLite::OPEN_READWRITE, static_cast<int>(options.busy_timeout.count()));
        return guarded(place, database->getHandle(), [&]() -> Opened {
            sqlite3_extended_result_codes(database->getHandle(), 1);
            if (auto known = check_outbox_version(*database, place); !known) {
                return tl::make_unexpected(known.error());
            }
            // The page size counts only while the file is empty.
            database->exec("PRAGMA page_size = " + std::to_string(kOutboxPageBytes));
            // A log that is written over again costs no change of the file's size, which an fsync
            // would have to make durable as well: a third of the time of an answer.
            database->exec(
                "PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; "
                "PRAGMA wal_autocheckpoint = 64");
            if (database->execAndGet("PRAGMA journal_mode = WAL").getString() != "wal") {
                return fail(Errc::io, place + ": the disk does not allow a write-ahead log");
            }
            if (options.check &&
                database->execAndGet("PRAGMA quick_check(1)").getString() != "ok") {
                return fail(Errc::corrupt, place + ": does not pass its own check");
            }
            if (auto done = migrate_outbox(*database, place); !done) {
                return tl::make_unexpected(done.error());
            }
            const int shield_bytes = outbox_shield_bytes(*database);
            auto prepared = std::make_unique<PutStatements>(*database);
            return OpenDatabase{std::move(database), std::move(prepared), shield_bytes};
        });
    });
}

Result<fs::path> set_aside(const fs::path& path) {
    std::error_code error;
    fs::path target;
    for (int number = 1; number == 1 || fs::exists(target, error); ++number) {
        target = path.string() + ".corrupt-" + std::to_string(number);
    }
    // The companions first: a log left beside a new database would be taken for its own.
    for (const char* companion : {"-wal", "-shm", ""}) {
        const fs::path from = path.string() + companion;
        if (!fs::exists(from, error)) continue;
        fs::rename(from, target.string() + companion, error);
        if (error) return tl::make_unexpected(error_of_errno(from, error.value()));
    }
    if (auto durable = sync_directory(path.parent_path()); !durable) {
        return tl::make_unexpected(durable.error());
    }
    return target;
}

}  // namespace kaiku::sync
