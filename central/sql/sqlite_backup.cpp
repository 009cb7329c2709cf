#include "central/sql/sqlite_backup.hpp"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "central/sql/sqlite_connection.hpp"

namespace kaiku::central::sql {
namespace {

constexpr int kBusyMs = 10'000;

/// Whether somebody holds a lock on these bytes of the file (fileformat2, "File Locking").
bool is_locked(const std::string& path, off_t first, off_t bytes) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);  // NOLINT: its interface
    if (descriptor < 0) return false;
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    wanted.l_start = first;
    wanted.l_len = bytes;
    const bool asked = ::fcntl(descriptor, F_GETLK, &wanted) == 0;  // NOLINT: its interface
    ::close(descriptor);
    return asked && wanted.l_type != F_UNLCK;
}

}  // namespace

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to) {
    try {
        SQLite::Database source(from.string(), SQLite::OPEN_READWRITE, kBusyMs);
        SQLite::Database copy(to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMs);
        // In one step: the source is read as of one moment, and writers are not held up.
        SQLite::Backup backup(copy, source);
        backup.executeStep(-1);
        if (backup.getRemainingPageCount() != 0) {
            throw Trouble(Errc::busy, "another program holds the store; try again");
        }
    } catch (const SQLite::Exception& exception) {
        const bool full = exception.getErrorCode() == SQLITE_FULL;
        throw Trouble(full ? Errc::full : Errc::io,
                      std::string(full ? "the disk is full; make room ("
                                       : "the disk or its permissions need a look (") +
                          sqlite3_errstr(exception.getErrorCode()) + ")");
    }
    // The copy says of itself that it has a log; from now on it has none.
    SqliteConnection({.path = to, .create = false}).script("PRAGMA journal_mode = DELETE");
}

std::unique_ptr<Connection> open_sqlite_alone(const std::filesystem::path& file) {
    return std::make_unique<SqliteConnection>(SqliteFile{.path = file, .create = false});
}

void rewrite_sqlite(const std::filesystem::path& file) {
    SqliteConnection connection(
        {.path = file, .create = false, .busy_timeout = std::chrono::milliseconds(kBusyMs)});
    connection.prepare();
    // secure_delete alone is not enough: pages that were split keep copies of what moved away.
    connection.script("VACUUM");
    const auto busy = connection.first("PRAGMA wal_checkpoint(TRUNCATE)", {},
                                       [](const Row& row) { return row.integer(0); });
    if (busy != 0) throw Trouble(Errc::busy, "somebody reads the store; try again later");
}

bool is_sqlite_in_use(const std::filesystem::path& file) {
    constexpr off_t kPendingByte = 0x40000000;  // pending, reserved, and 510 shared ones
    constexpr off_t kIndexLocks = 120;          // nine in the log's index
    return is_locked(file.string(), kPendingByte, 512) ||
           is_locked(file.string() + "-shm", kIndexLocks, 9);
}

}  // namespace kaiku::central::sql
