#pragma once

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// How long this screen waits for a touch before it warns.
std::chrono::milliseconds quiet_time(const Setup& setup, const State& state);

/// Somebody changed how the screen looks; with nobody there it returns to default.
bool is_adjusted(const State& state) noexcept;

}  // namespace kaiku::flow
