#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "survey/response.hpp"

namespace kaiku::sync {

/// This device's clocks now: which start it is (from the kernel's boot id), minutes since then with
/// sleep, and whether the kernel calls the wall clock synchronised.
survey::ClockReading read_clock();

/// As it stands in the header field kClockHeader: "<boot> <minutes>".
std::string encode_clock(const survey::ClockReading& reading);
/// Nothing for anything else; `trusted` is not on the wire, for nobody asks for it there.
std::optional<survey::ClockReading> decode_clock(std::string_view text);

}  // namespace kaiku::sync
