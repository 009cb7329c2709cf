#pragma once

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// How long this screen waits for a touch before it warns.
std::chrono::milliseconds quiet_time(const Setup& setup, const State& state);

/// How long the countdown runs.
std::chrono::milliseconds warning_time(const Setup& setup, const State& state);
/// How long the thanks stay; they are read aloud meanwhile.
std::chrono::milliseconds thanks_time(const Setup& setup, const State& state);

/// Somebody changed how the screen looks or sounds; with nobody there it returns to default.
bool is_adjusted(const Setup& setup, const State& state) noexcept;

}  // namespace kaiku::flow
