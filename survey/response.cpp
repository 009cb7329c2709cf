#include "survey/response.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kaiku::survey {
namespace {

/// The years that the wire format knows.
constexpr std::chrono::year kFirstYear{2000};
constexpr std::chrono::year kLastYear{2199};

constexpr std::size_t kUuidLength = 36;

constexpr bool is_uuid_dash(std::size_t place) {
    return place == 8 || place == 13 || place == 18 || place == 23;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads RFC 3339 texts from left to right; `ok` turns false for good at the first mismatch.
struct TimeReader {
    std::string_view text;
    std::size_t at = 0;
    bool ok = true;

    char take() {
        if (at < text.size()) return text[at++];
        ok = false;
        return '\0';
    }
    void expect(std::string_view one_of) {
        if (one_of.find(take()) == std::string_view::npos) ok = false;
    }
    int number(int digits) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            const char c = take();
            if (!is_digit(c)) ok = false;
            value = value * 10 + (c - '0');
            if (!ok) return 0;
        }
        return value;
    }
    void skip_fraction() {
        if (at >= text.size() || text[at] != '.') return;
        ++at;
        if (at >= text.size() || !is_digit(text[at])) ok = false;
        while (at < text.size() && is_digit(text[at])) ++at;
    }
    /// Offset of the local time from UTC.
    std::chrono::minutes offset() {
        const char sign = take();
        if (sign == 'Z' || sign == 'z') return {};
        if (sign != '+' && sign != '-') ok = false;
        const int hours = number(2);
        expect(":");
        const int minutes = number(2);
        if (hours > 23 || minutes > 59) ok = false;
        const std::chrono::minutes total{hours * 60 + minutes};
        return sign == '-' ? -total : total;
    }
};

}  // namespace

ResponseId ResponseId::from_random(std::span<const std::uint8_t, 16> random) noexcept {
    std::array<std::uint8_t, 16> bytes{};
    std::copy(random.begin(), random.end(), bytes.begin());
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(kUuidLength);
    for (const std::uint8_t byte : bytes) {
        if (is_uuid_dash(text.size())) text.push_back('-');
        text.push_back(kHex[byte >> 4U]);
        text.push_back(kHex[byte & 0x0FU]);
    }
    return ResponseId(std::move(text));
}

std::optional<ResponseId> ResponseId::parse(std::string_view text) {
    if (text.size() != kUuidLength) return std::nullopt;
    std::string lower(text);
    for (std::size_t i = 0; i < lower.size(); ++i) {
        char& c = lower[i];
        if (is_uuid_dash(i)) {
            if (c != '-') return std::nullopt;
            continue;
        }
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        if (!is_digit(c) && (c < 'a' || c > 'f')) return std::nullopt;
    }
    if (lower[14] != '4') return std::nullopt;
    if (std::string_view("89ab").find(lower[19]) == std::string_view::npos) return std::nullopt;
    return ResponseId(std::move(lower));
}

UtcSeconds floor_to_hour(UtcSeconds time) noexcept {
    return std::chrono::floor<std::chrono::hours>(time);
}

UtcSeconds hour_on_the_wire(UtcSeconds time) noexcept {
    constexpr std::chrono::sys_days kFirst = kFirstYear / std::chrono::January / 1;
    constexpr std::chrono::sys_days kEnd =
        (kLastYear + std::chrono::years{1}) / std::chrono::January / 1;
    return floor_to_hour(
        std::clamp<UtcSeconds>(time, kFirst, UtcSeconds{kEnd} - std::chrono::hours{1}));
}

std::string format_rfc3339(UtcSeconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return buffer.data();
}

std::optional<UtcSeconds> parse_rfc3339(std::string_view text) {
    TimeReader reader{text};
    const int year = reader.number(4);
    reader.expect("-");
    const int month = reader.number(2);
    reader.expect("-");
    const int day = reader.number(2);
    reader.expect("Tt ");
    const int hour = reader.number(2);
    reader.expect(":");
    const int minute = reader.number(2);
    reader.expect(":");
    const int second = reader.number(2);
    reader.skip_fraction();
    const std::chrono::minutes offset = reader.offset();
    if (!reader.ok || reader.at != text.size()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    // 60 is a leap second; it counts as the last second of its minute.
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const UtcSeconds time = std::chrono::sys_days{date} + std::chrono::hours{hour} +
                            std::chrono::minutes{minute} +
                            std::chrono::seconds{std::min(second, 59)} - offset;
    const std::chrono::year_month_day utc{std::chrono::floor<std::chrono::days>(time)};
    if (utc.year() < kFirstYear || utc.year() > kLastYear) return std::nullopt;
    return time;
}

std::string_view to_string(TimeKind kind) noexcept {
    switch (kind) {
        case TimeKind::unsaid:
            return "unsaid";
        case TimeKind::trusted:
            return "trusted";
        case TimeKind::corrected:
            return "corrected";
        case TimeKind::uncertain:
            return "uncertain";
    }
    return "";
}

std::optional<TimeKind> time_kind_from(std::string_view text) noexcept {
    for (const TimeKind kind :
         {TimeKind::unsaid, TimeKind::trusted, TimeKind::corrected, TimeKind::uncertain}) {
        if (to_string(kind) == text) return kind;
    }
    return std::nullopt;
}

JudgedTime judge_time(UtcSeconds said, const std::optional<ClockReading>& then,
                      const std::optional<ClockReading>& present, UtcSeconds now) noexcept {
    if (!then) return {said, TimeKind::unsaid};
    if (then->trusted) return {said, TimeKind::trusted};
    const bool same_start =
        present && present->boot == then->boot && present->up_min >= then->up_min;
    if (!same_start) return {said, TimeKind::uncertain};
    const std::chrono::minutes ago{present->up_min - then->up_min};
    return {floor_to_hour(now - ago), TimeKind::corrected};
}

}  // namespace kaiku::survey
