#pragma once

#include <cstddef>

#include "survey/misuse.hpp"

/// Changing opening hours by hand, day by day and half an hour at a time. Pure.
namespace kaiku::flow {

/// Half an hour.
inline constexpr int kHoursStep_min = 30;

/// What a day has that was never told: the whole of it.
survey::OpeningWeek always_open() noexcept;

/// The day's hours with one end moved; nothing changes where they would turn over, leave the day,
/// or where the day is closed.
survey::OpeningWeek moved_hours(survey::OpeningWeek week, std::size_t day, bool end,
                                int steps) noexcept;

/// Closed, or open from 8 to 16.
survey::OpeningWeek toggled_day(survey::OpeningWeek week, std::size_t day) noexcept;

}  // namespace kaiku::flow
