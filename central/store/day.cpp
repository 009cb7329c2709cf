#include "central/store/day.hpp"

#include <ctime>

namespace kaiku::central {
namespace {

std::tm local_of(survey::UtcSeconds time) {
    const auto moment = static_cast<std::time_t>(time.time_since_epoch().count());
    std::tm local{};
    localtime_r(&moment, &local);
    return local;
}

}  // namespace

survey::UtcSeconds start_of(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    std::tm local{};
    local.tm_year = static_cast<int>(date.year()) - 1900;
    local.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    local.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    local.tm_isdst = -1;
    return survey::UtcSeconds(std::chrono::seconds(std::mktime(&local)));
}

std::chrono::sys_days day_of(survey::UtcSeconds time) {
    const std::tm local = local_of(time);
    return std::chrono::year_month_day{std::chrono::year(local.tm_year + 1900),
                                       std::chrono::month(static_cast<unsigned>(local.tm_mon + 1)),
                                       std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

int hour_of(survey::UtcSeconds time) { return local_of(time).tm_hour; }

}  // namespace kaiku::central
