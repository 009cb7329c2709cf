#pragma once

#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// Errc::invalid, with the cure, when the wall clock cannot be right: before this program was made,
/// or a human age after. The terminal works on: answers are kept, under a wrong day.
Status check_clock(survey::UtcSeconds now);
/// The same for this moment.
Status check_clock();

}  // namespace kaiku::kiosk
