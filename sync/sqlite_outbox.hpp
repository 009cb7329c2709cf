#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "sync/outbox.hpp"

namespace kaiku::sync {

struct SqliteOutboxOptions {
    std::int64_t max_waiting = 200'000;  ///< put() answers Errc::full beyond this
    std::chrono::milliseconds busy_timeout{2000};
    /// False for whoever only visits: a corrupt file is then Errc::corrupt and stays where it is,
    /// because the terminal that owns it may be using it.
    bool set_corrupt_aside = true;
    /// False for a second connection to what was just found sound: looking through a long queue
    /// takes its time.
    bool check = true;
};

/// Opens or makes `<data_dir>/outbox.db` (WAL, synchronous=FULL, secure_delete, WITHOUT ROWID keyed
/// by id, no autoincrement), migrating older schemas without dropping data. A database from a newer
/// program is Errc::unsupported and is not touched. A file that was moved or removed while it is
/// open is Errc::io for put() and next_batch(): open it again. A corrupt one is renamed to
/// "outbox.db.corrupt-<n>" with its -wal and -shm, kept, and a new one is made; `set_aside` then
/// names it. Directory is made with mode 0700, files are 0600.
struct OpenedOutbox {
    std::unique_ptr<Outbox> outbox;
    std::filesystem::path set_aside;  ///< empty when nothing was
};
Result<OpenedOutbox> open_sqlite_outbox(const std::filesystem::path& data_dir,
                                        const SqliteOutboxOptions& options = {});

/// The same for whoever sends a long queue: two connections, see trailing_outbox.hpp.
Result<OpenedOutbox> open_trailing_outbox(const std::filesystem::path& data_dir,
                                          const SqliteOutboxOptions& options = {});

}  // namespace kaiku::sync
