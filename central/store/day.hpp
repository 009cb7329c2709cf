#pragma once

#include <chrono>

#include "survey/response.hpp"

/// Days in the county's time zone, which is that of the process.
namespace kaiku::central {

/// The moment at which a local day begins, also where the clocks change at midnight.
survey::UtcSeconds start_of(std::chrono::sys_days day);
/// The local day of a moment.
std::chrono::sys_days day_of(survey::UtcSeconds time);
/// The local hour of a moment, 0–23.
int hour_of(survey::UtcSeconds time);

}  // namespace kaiku::central
