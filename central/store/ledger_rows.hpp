#pragma once

#include <span>
#include <string>
#include <vector>

#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// The ledger as rows. May throw sql::Trouble.
namespace kaiku::central {

/// Counts what was stored now, or was there before, for the devices that brought it.
void count_in_ledger(Scope scope, std::span<const Submission> submissions,
                     const std::vector<Stored>& outcomes);
void write_ledger(Scope scope, const sync::LedgerReport& report, const MessageMark& mark);
Ledger read_ledger(Scope scope, const std::string& device_id, const std::string& from,
                   const std::string& to);

}  // namespace kaiku::central
