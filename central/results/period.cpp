#include "central/results/period.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace kaiku::central {
namespace {

bool read_number(std::string_view text, int& value) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() && end == text.data() + text.size() && text.front() != '-';
}

}  // namespace

Period Period::before() const {
    const std::chrono::sys_days last = from - std::chrono::days(1);
    const std::chrono::year_month_day first{from};
    const std::chrono::year_month_day after{to + std::chrono::days(1)};
    if (first.day() != std::chrono::day(1) || after.day() != std::chrono::day(1)) {
        return {from - length(), last};
    }
    const std::chrono::year_month month = first.year() / first.month();
    const std::chrono::months whole = after.year() / after.month() - month;
    return {std::chrono::sys_days((month - whole) / std::chrono::day(1)), last};
}

Result<std::chrono::sys_days> parse_day(std::string_view text) {
    int year = 0;
    int month = 0;
    int day = 0;
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                        read_number(text.substr(0, 4), year) &&
                        read_number(text.substr(5, 2), month) &&
                        read_number(text.substr(8, 2), day);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!shaped || !date.ok() || year < 2000 || year > 2199) {
        return fail(Errc::invalid, "'" + std::string(text) + "' is no day; write it as 2026-11-22");
    }
    return std::chrono::sys_days(date);
}

Result<Period> parse_period(std::string_view from, std::string_view to) {
    const auto first = parse_day(from);
    if (!first) {
        return fail(first.error().code, "--from: " + first.error().detail);
    }
    const auto last = parse_day(to);
    if (!last) {
        return fail(last.error().code, "--to: " + last.error().detail);
    }
    if (*last < *first) {
        return fail(Errc::invalid, "--to lies before --from");
    }
    return Period{*first, *last};
}

std::string format_day(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

}  // namespace kaiku::central
