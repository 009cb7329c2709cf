#include "kiosk/speech/chime.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace kaiku::speech {

namespace {

struct Note {
    double starts_s;
    double pitch_hz;
};
/// G5 and E5: where ears that have aged still hear well, and small loudspeakers do not rattle.
constexpr std::array kNotes{Note{0.0, 783.99}, Note{0.28, 659.26}};
/// With room behind the last note, so that a device that closes cuts nothing off.
constexpr double kLength_s = 0.95;
constexpr double kNotesEnd_s = 0.85;
constexpr double kAttack_s = 0.02;  ///< no click
constexpr double kDecay_s = 0.12;   ///< to a third
constexpr double kFade_s = 0.08;
constexpr double kPeak = 0.4 * 32'767;

double sound_of(const Note& note, double time_s) {
    const double since_s = time_s - note.starts_s;
    if (since_s < 0) return 0;
    const double envelope = std::min(since_s / kAttack_s, 1.0) * std::exp(-since_s / kDecay_s);
    return envelope * std::sin(2 * std::numbers::pi * note.pitch_hz * since_s);
}

}  // namespace

std::vector<std::int16_t> chime(int frequency_hz) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(kLength_s * frequency_hz));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double time_s = static_cast<double>(i) / frequency_hz;
        double sum = 0;
        for (const Note& note : kNotes) sum += sound_of(note, time_s);
        const double fade = std::clamp((kNotesEnd_s - time_s) / kFade_s, 0.0, 1.0);
        samples[i] = static_cast<std::int16_t>(std::lround(kPeak * fade * sum));
    }
    return samples;
}

}  // namespace kaiku::speech
