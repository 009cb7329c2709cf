#pragma once

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// The state between two visitors: a fresh one, but for what outlives them (the storage's state,
/// the headphones' plug, the times of recent responses, the staff's choices). On a staff device
/// that was handed over it is the neutral screen. The caller has scrubbed what was typed.
void rest(const Setup& setup, State& state, const Inputs& inputs);

}  // namespace kaiku::flow
