#pragma once

#include <filesystem>
#include <memory>

#include "central/sql/connection.hpp"

namespace kaiku::central::sql {

/// Copies the file as it is at one moment, while others go on writing to it; `to` is one plain
/// file that needs no log. Throws Trouble.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

/// A file by itself, as it is: nothing is prepared, migrated or created. Throws Trouble.
std::unique_ptr<Connection> open_sqlite_alone(const std::filesystem::path& file);

/// Writes the file anew without what was deleted, and empties its log, so that no deleted byte is
/// in either. Others wait meanwhile. Throws Trouble: busy when somebody reads for too long.
void rewrite_sqlite(const std::filesystem::path& file);

/// Whether any other program has the file open as a database.
bool is_sqlite_in_use(const std::filesystem::path& file);

}  // namespace kaiku::central::sql
