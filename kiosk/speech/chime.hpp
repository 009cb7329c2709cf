#pragma once

#include <cstdint>
#include <vector>

namespace kaiku::speech {

/// Two soft, falling notes for the idle warning (ACCESSIBILITY A11): mono, signed 16 bits, shorter
/// than a second, silent at both ends.
std::vector<std::int16_t> chime(int frequency_hz);

}  // namespace kaiku::speech
