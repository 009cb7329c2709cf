#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

#include "survey/result.hpp"

namespace kaiku::sync {

/// The newest outbox schema; PRAGMA user_version of a file this program wrote.
inline constexpr int kOutboxSchemaVersion = 2;

/// Errc::unsupported for a file from a newer program, which then stays as it is, byte for byte.
/// Throws SQLite::Exception.
Status check_outbox_version(SQLite::Database& database, const std::string& place);

/// Brings an opened outbox to the newest schema, one transaction a step, keeping every row.
/// Throws SQLite::Exception.
Status migrate_outbox(SQLite::Database& database, const std::string& place);

}  // namespace kaiku::sync
