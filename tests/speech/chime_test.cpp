#include "kiosk/speech/chime.hpp"

#include <algorithm>
#include <cstdlib>

#include "tests/support/catch.hpp"

using namespace kaiku;

namespace {

constexpr int kFrequency = 22'050;

/// The loudest sample from `from_s` to `to_s`.
int loudest(const std::vector<std::int16_t>& samples, double from_s, double to_s) {
    const auto at = [](double time_s) { return static_cast<std::ptrdiff_t>(time_s * kFrequency); };
    int most = 0;
    std::for_each(samples.begin() + at(from_s), samples.begin() + at(to_s),
                  [&most](std::int16_t each) { most = std::max(most, std::abs(each)); });
    return most;
}

}  // namespace

TEST_CASE("the chime is two notes, soft, shorter than a second, with silent ends") {
    const auto samples = speech::chime(kFrequency);
    CHECK(samples.size() < kFrequency);
    CHECK(loudest(samples, 0, 0.85) > 8'000);
    CHECK(loudest(samples, 0, 0.85) < 16'384);
    // One, its end, the other.
    CHECK(loudest(samples, 0.02, 0.1) > 2 * loudest(samples, 0.2, 0.28));
    CHECK(loudest(samples, 0.3, 0.38) > 2 * loudest(samples, 0.2, 0.28));
    CHECK(samples.front() == 0);
    CHECK(loudest(samples, 0.86, 0.94) == 0);
}

TEST_CASE("the chime starts and ends without a click") {
    const auto samples = speech::chime(kFrequency);
    int steepest = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        steepest = std::max(steepest, std::abs(samples[i] - samples[i - 1]));
    }
    // A note of 784 Hz at this loudness does not change faster between two samples.
    CHECK(steepest < 0.4 * 32'767 * 2 * 3.1416 * 784 / kFrequency);
}
