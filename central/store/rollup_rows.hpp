#pragma once

#include <map>
#include <string>

#include "central/store/rollup.hpp"
#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// Rollups as rows. May throw sql::Trouble.
namespace kaiku::central {

/// Adds to the rows, whoever else adds to them at the same time. Needs a transaction.
void add_to_rollups(Scope scope, const Rollups& rollups);

/// The selected counts: from rollups for whole local days, from responses for what is left.
Result<Tallies> tally_rollups(Scope scope, const Selection& selection);

/// Writes exactly these counts; rows that are not there are made, and none is ever deleted:
/// somebody may be waiting for it.
void overwrite_rollups(Scope scope, const Rollups& rollups);

/// The rows of a level whose start lies in the range, unread; damaged ones too.
std::map<RollupKey, std::string> read_rollups(Scope scope, const RollupRange& range);

}  // namespace kaiku::central
