#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "central/sql/database.hpp"

namespace kaiku::central::sql {

/// How a SQLite file is opened.
struct SqliteFile {
    std::filesystem::path path;
    bool create = true;
    std::chrono::milliseconds busy_timeout{5000};
};

/// Two connections: a report never waits for a write, nor a write for a report.
/// `prepare_schema` runs on the writing one before anything else. Throws Trouble.
std::unique_ptr<Database> open_sqlite(const SqliteFile& file,
                                      const std::function<void(Connection&)>& prepare_schema);

}  // namespace kaiku::central::sql
