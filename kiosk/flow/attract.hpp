#pragma once

#include "kiosk/flow/flow.hpp"

/// The attract screen's slow life: once a minute it moves a few pixels and turns to the next
/// notice, and at night it is dark. Pure; nothing here wakes the terminal more than once a minute.
namespace kaiku::flow {

inline constexpr std::chrono::milliseconds kAttractBeat = std::chrono::minutes{1};

/// The attract screen appears, or time has passed on it.
void refresh_attract(const Setup& setup, State& state, const Inputs& inputs) noexcept;

/// When it has to be refreshed next.
Instant next_beat(const State& state) noexcept;

/// True within the hours, which may run over midnight; never for equal ends.
bool is_night(const NightHours& night, int local_minute) noexcept;

}  // namespace kaiku::flow
