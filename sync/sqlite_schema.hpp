#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

#include "survey/result.hpp"

namespace kaiku::sync {

/// The newest outbox schema; PRAGMA user_version of a file this program wrote.
inline constexpr int kOutboxSchemaVersion = 4;
/// Page size of new files: every payload takes pages of its own, so they are small.
inline constexpr int kOutboxPageBytes = 1024;

/// Zeros to be stored before a payload. SQLite keeps the first bytes of a row in a b-tree page,
/// which it rebuilds now and then, leaving copies of neighbours in unused space where secure_delete
/// never looks (seen: 2 of 200 removed payloads). The rest of a row lies in overflow pages, which
/// never move and are overwritten when freed. So the first bytes must be nothing worth reading: as
/// many as a b-tree page can hold of a row of a WITHOUT ROWID table.
/// Source: SQLite file format, "B-tree Pages": X = (U − 12) × 64 / 255 − 23.
int outbox_shield_bytes(SQLite::Database& database);

/// Errc::unsupported for a file from a newer program, which then stays as it is, byte for byte.
/// Throws SQLite::Exception.
Status check_outbox_version(SQLite::Database& database, const std::string& place);

/// Brings an opened outbox to the newest schema, one transaction a step, keeping every row.
/// Throws SQLite::Exception.
Status migrate_outbox(SQLite::Database& database, const std::string& place);

}  // namespace kaiku::sync
