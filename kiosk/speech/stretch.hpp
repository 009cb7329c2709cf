#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kaiku::speech {

/// The same speech at `speed` times its pace and at its own pitch (waveform-similarity
/// overlap-add). Interleaved signed 16-bit samples; `speed` 0.5 to 2. A clip too short for it comes
/// back as it is.
std::vector<std::int16_t> stretch(std::span<const std::int16_t> samples, int channels,
                                  int frames_per_second, double speed);

/// The pace of flow::Hearing::rate.
double speed_of(int rate) noexcept;

}  // namespace kaiku::speech
