#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "central/store/store.hpp"

/// The ledger as rows of the embedded store. Throws SQLite::Exception.
namespace kaiku::central {

/// Counts one submission that was stored now, or was there before, for its device.
void count_in_ledger(SQLite::Database& database, const Submission& submission, Stored outcome);
void write_ledger(SQLite::Database& database, const sync::LedgerReport& report,
                  const MessageMark& mark);
Ledger read_ledger(SQLite::Database& database, const std::string& device_id,
                   const std::string& from, const std::string& to);

}  // namespace kaiku::central
