#include "sync/clock_reading.hpp"

#include <sys/timex.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is no std function

#include <charconv>
#include <fstream>
#include <limits>

namespace kaiku::sync {
namespace {

constexpr unsigned kMostBoot = std::numeric_limits<int>::max();

/// The first 31 bits of the kernel's random boot id; 0 where there is none.
int boot_of_now() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    unsigned value = 0;
    if (!(file >> text) || text.size() < 8) return 0;
    std::from_chars(text.data(), text.data() + 8, value, 16);
    return static_cast<int>(value & kMostBoot);
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = bad == std::errc() && end == text.data() + text.size();
    return whole && value >= 0 && text.front() != '-' ? std::optional(value) : std::nullopt;
}

}  // namespace

survey::ClockReading read_clock() {
    static const int boot = boot_of_now();
    timespec up{};
    clock_gettime(CLOCK_BOOTTIME, &up);
    timex asked{};
    const int state = adjtimex(&asked);
    const bool trusted = state >= 0 && state != TIME_ERROR && (asked.status & STA_UNSYNC) == 0;
    return {boot, static_cast<int>(up.tv_sec / 60), trusted};
}

std::string encode_clock(const survey::ClockReading& reading) {
    return std::to_string(reading.boot) + " " + std::to_string(reading.up_min);
}

std::optional<survey::ClockReading> decode_clock(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == text.size())
        return std::nullopt;
    const auto boot = number(text.substr(0, space));
    const auto up_min = number(text.substr(space + 1));
    if (!boot || !up_min) return std::nullopt;
    return survey::ClockReading{*boot, *up_min, false};
}

}  // namespace kaiku::sync
