#pragma once

#include <SQLiteCpp/Database.h>

#include "sync/outbox.hpp"

namespace kaiku::sync {

/// Outbox::rewrite() on the tables of an open outbox, a few hundred rows a transaction, so that
/// memory and log stay small. Throws SQLite::Exception.
Result<std::int64_t> rewrite_payloads(SQLite::Database& database, const Outbox::Change& change);

}  // namespace kaiku::sync
