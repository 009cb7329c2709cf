#pragma once

#include <map>
#include <string>

#include "kiosk/flow/flow.hpp"
#include "sync/ledger.hpp"

namespace kaiku::kiosk {

using sync::DayCounts;

/// One thing that is counted; what is stored is counted by the outbox itself.
enum class Tally { shown, started, answered, skipped, timed_out, moved };

Tally tally_of(flow::effect::Ending ending);
/// Counts one more.
void count(DayCounts& counts, Tally what);

/// The local day of this moment, "2026-11-22".
std::string today();

}  // namespace kaiku::kiosk
