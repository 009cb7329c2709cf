#pragma once

#include <string>

#include "survey/response.hpp"
#include "survey/result.hpp"

/// Days of the county, the same on both sides of the wire.
namespace kaiku::sync {

/// Makes the process's local time the county's ("Europe/Helsinki"). Call once, before any thread.
/// Errc::invalid if the system has no such zone.
Status set_time_zone(const std::string& name);

/// The local day of a moment, "2026-11-22".
std::string local_day(survey::UtcSeconds time);

}  // namespace kaiku::sync
