#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "central/store/store.hpp"

namespace kaiku::central {

/// How a SQLite store is opened.
struct SqliteOptions {
    std::filesystem::path path;
    bool create = true;  ///< false: Errc::not_found when there is no file
    bool check = false;  ///< run SQLite's own quick check first (reads the whole file)
    std::chrono::milliseconds busy_timeout{5000};
    /// With less free on the store's disk it is not ready: a batch takes up to 4 MiB, in the log
    /// and then in the file, and several may be on their way.
    std::uint64_t min_free_bytes = 16ULL * 1024 * 1024;
};

/// Opens (and creates or migrates) the store of the one organiser of a SQLite file: write-ahead
/// log, full synchronisation, one writing and one reading connection
/// (docs/formats/central-store.md). Errors say what is wrong with the file and what to do.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace kaiku::central
