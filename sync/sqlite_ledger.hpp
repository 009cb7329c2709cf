#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sync/outbox.hpp"

/// The ledger's tables in an open outbox. Throws SQLite::Exception.
namespace kaiku::sync {

void note_counts(SQLite::Database& database, const DayCounts& more);
/// Days, waiting and quarantined of one moment.
LedgerReport read_ledger(SQLite::Database& database);
/// Within the caller's transaction; the oldest beyond kMaxKeptReceipts go.
/// `shield_bytes` as outbox_shield_bytes() says, for the ids in it are to be forgotten.
void keep_receipt(SQLite::Database& database, const KeptReceipt& receipt, int shield_bytes);
std::vector<KeptReceipt> read_receipts(SQLite::Database& database);
/// Forgets these days and the receipts below `before`; true if there was anything.
bool settle_ledger(SQLite::Database& database, const std::vector<std::string>& days,
                   std::int64_t before);

}  // namespace kaiku::sync
