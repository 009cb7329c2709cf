#pragma once

#include "kiosk/flow/flow.hpp"

/// From sending an answer to the store's word on it, and what the device does when that word is no,
/// or does not come. Pure.
namespace kaiku::flow {

/// The answer as it is kept: masked, without what was not asked, judged by the misuse rule. The
/// state must have an id.
effect::Save submission(const Setup& setup, State& state, const Inputs& inputs);

/// True once the store has been silent for longer than anybody should be left waiting.
bool is_overdue(const Setup& setup, const State& state, Instant now) noexcept;

/// The store has spoken, whatever it said: it does not hang, or no more.
void note_word_of_store(State& state) noexcept;

/// The first screen, or what stands there while no answer can be kept.
Screen first_screen(const State& state) noexcept;

}  // namespace kaiku::flow
