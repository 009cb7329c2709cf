#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "survey/result.hpp"

namespace kaiku::central {

/// Turns a SQLite failure into ours. `what` names the operation; no stored data is in the detail.
Error from_sqlite(const SQLite::Exception& exception, std::string_view what);

/// Makes a connection ours: WAL, full synchronisation, foreign keys. May throw SQLite::Exception.
void prepare_connection(SQLite::Database& database);

/// Brings an empty or older file to kStoreSchemaVersion in one transaction. Refuses files of other
/// programs and of newer versions. May throw SQLite::Exception.
Status migrate(SQLite::Database& database);

}  // namespace kaiku::central
