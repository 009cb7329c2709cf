#pragma once

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// The state between two visitors: a fresh one, but for what outlives them (the storage's state,
/// the headphones' plug, the times of recent responses, the staff's choices). On a staff device
/// that was handed over it is the neutral screen. The caller has scrubbed what was typed.
void rest(const Setup& setup, State& state, const Inputs& inputs);

/// Whether nobody is at the device, nor was a moment ago: then the program may start anew. A staff
/// device that was handed over waits for its client.
bool is_unattended(const Setup& setup, const State& state, Instant now) noexcept;

}  // namespace kaiku::flow
