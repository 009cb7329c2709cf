#include "kiosk/flow/staff_hours.hpp"

namespace kaiku::flow {

namespace {
constexpr int kDay_min = 24 * 60;
constexpr survey::OpenHours kUsual{8 * 60, 16 * 60};
}  // namespace

survey::OpeningWeek always_open() noexcept {
    survey::OpeningWeek week;
    week.fill(survey::OpenHours{0, kDay_min});
    return week;
}

survey::OpeningWeek moved_hours(survey::OpeningWeek week, std::size_t day, bool end,
                                int steps) noexcept {
    if (day >= week.size() || !week.at(day)) return week;
    survey::OpenHours hours = *week.at(day);
    (end ? hours.to : hours.from) += steps * kHoursStep_min;
    if (hours.from >= 0 && hours.to <= kDay_min && hours.from < hours.to) week.at(day) = hours;
    return week;
}

survey::OpeningWeek toggled_day(survey::OpeningWeek week, std::size_t day) noexcept {
    if (day >= week.size()) return week;
    if (week.at(day)) {
        week.at(day).reset();
    } else {
        week.at(day) = kUsual;
    }
    return week;
}

}  // namespace kaiku::flow
