#pragma once

#include <vector>

#include "central/sql/database.hpp"
#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// Rollups against the answers that they count.
namespace kaiku::central {

/// Every row that differs from its answers, as of one moment. `told` hears of each month.
Result<std::vector<RollupDifference>> compare_rollups(Scope scope, const MonthTold& told);

/// Writes all rollups anew while answers go on coming in: a month at a time, then the years.
Status rebuild_rollups(sql::Database& database, const std::string& organiser,
                       const MonthTold& told);

/// The same within one transaction of the caller's; for schema steps.
Status fill_rollups(Scope scope);

}  // namespace kaiku::central
