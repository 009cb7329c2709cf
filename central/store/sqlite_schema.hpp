#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>

#include "survey/result.hpp"

namespace kaiku::central {

/// Turns a SQLite failure into ours. `what` names the operation; no stored data is in the detail.
Error from_sqlite(const SQLite::Exception& exception, std::string_view what);

/// Errc::full when the disk of the folder is known to have less room than that.
Status check_free_space(const std::filesystem::path& folder, std::uint64_t min_free_bytes);

/// Makes a connection ours: WAL, full synchronisation, foreign keys. May throw SQLite::Exception.
void prepare_connection(SQLite::Database& database);

/// Brings an empty or older file to kStoreSchemaVersion in one transaction. Refuses files of other
/// programs and of newer versions. May throw SQLite::Exception.
Status migrate(SQLite::Database& database);

}  // namespace kaiku::central
