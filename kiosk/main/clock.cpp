#include "kiosk/main/clock.hpp"

namespace kaiku::kiosk {

namespace {

constexpr std::chrono::year kMade{2026};
constexpr std::chrono::years kAge{50};

}  // namespace

Status check_clock(survey::UtcSeconds now) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now)};
    if (day.year() >= kMade && day.year() <= kMade + kAge) return {};
    return fail(Errc::invalid, "the clock says " + survey::format_rfc3339(now) +
                                   ", which cannot be right: answers are kept, but under a wrong "
                                   "day; set the clock (timedatectl)");
}

Status check_clock() {
    return check_clock(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace kaiku::kiosk
