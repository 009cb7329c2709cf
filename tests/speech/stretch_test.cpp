#include "kiosk/speech/stretch.hpp"

#include <cmath>
#include <numbers>

#include "tests/support/catch.hpp"

using namespace kaiku::speech;

namespace {

constexpr int kRate = 22'050;

std::vector<std::int16_t> tone(double hertz, double seconds, int channels) {
    std::vector<std::int16_t> samples;
    for (int i = 0; i < static_cast<int>(seconds * kRate); ++i) {
        const double wave = std::sin(2 * std::numbers::pi * hertz * i / kRate);
        for (int c = 0; c < channels; ++c) {
            samples.push_back(static_cast<std::int16_t>(12'000 * wave));
        }
    }
    return samples;
}

/// From the upward zero crossings of the first channel.
double hertz_of(const std::vector<std::int16_t>& samples, int channels) {
    const auto step = static_cast<std::size_t>(channels);
    int crossings = 0;
    for (std::size_t i = step; i < samples.size(); i += step) {
        if (samples[i - step] < 0 && samples[i] >= 0) ++crossings;
    }
    return crossings * static_cast<double>(kRate) /
           (static_cast<double>(samples.size()) / channels);
}

}  // namespace

TEST_CASE("faster and slower speech takes its time and keeps its pitch") {
    for (const int channels : {1, 2}) {
        const auto samples = tone(220, 1.5, channels);
        for (const double speed : {0.75, 1.5}) {
            INFO(channels << " channels at " << speed);
            const auto changed = stretch(samples, channels, kRate, speed);
            const double ratio =
                static_cast<double>(samples.size()) / static_cast<double>(changed.size());
            CHECK(ratio > speed * 0.95);
            CHECK(ratio < speed * 1.05);
            CHECK(std::abs(hertz_of(changed, channels) - 220) < 5);
            CHECK(changed.size() % static_cast<std::size_t>(channels) == 0);
        }
    }
}

TEST_CASE("at its own pace a clip is left alone, and so are clips too short or broken") {
    const auto samples = tone(220, 0.5, 2);
    CHECK(stretch(samples, 2, kRate, 1.0) == samples);
    const std::vector<std::int16_t> brief(99, 7);
    CHECK(stretch(brief, 1, kRate, 1.5) == brief);
    CHECK(stretch(brief, 2, kRate, 1.5) == brief);
    CHECK(stretch({}, 1, kRate, 0.75).empty());
    CHECK(stretch(samples, 0, kRate, 1.5) == samples);
    CHECK(stretch(samples, 2, 0, 1.5) == samples);
}

TEST_CASE("the three rates are slow, normal and fast") {
    CHECK(speed_of(1) < 1);
    CHECK(speed_of(2) == 1);
    CHECK(speed_of(3) > 1);
}
