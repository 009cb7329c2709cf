#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "central/store/day.hpp"
#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// Inclusive days in the county's time zone.
struct Period {
    std::chrono::sys_days from;  ///< a calendar day; the "sys" clock is only the container
    std::chrono::sys_days to;

    std::chrono::days length() const { return to - from + std::chrono::days(1); }
    /// What ends the day before: of whole calendar months as many months, else as many days.
    Period before() const;
    friend bool operator==(const Period&, const Period&) = default;
};

/// "2026-11-22" → day; anything else, and days that do not exist, are errors.
Result<std::chrono::sys_days> parse_day(std::string_view text);
Result<Period> parse_period(std::string_view from, std::string_view to);
std::string format_day(std::chrono::sys_days day);

}  // namespace kaiku::central
