#pragma once

#include "kiosk/flow/flow.hpp"

/// Who answers: the choice at the start and what follows from it. Pure.
namespace kaiku::flow {

/// True if a visitor has something to choose: several kinds, help, or plain language.
bool asks_who(const Setup& setup) noexcept;

/// True if some offered kind can be asked in plain language.
bool offers_plain(const Setup& setup) noexcept;

/// What this visitor is asked: the offer of the chosen kind, in plain language where that is wished
/// and exists; without an offer the set-up's instrument.
const survey::Instrument& instrument_of(const Setup& setup, const State& state) noexcept;

/// What the response says about who answered.
survey::RespondentKind respondent_of(const Setup& setup, const State& state) noexcept;
bool is_assisted(const Setup& setup, const State& state) noexcept;

/// The visitor is of this kind from now on. Answers given to another instrument are zeroed and
/// dropped. False, and nothing changed, for a kind that is not offered.
bool choose_kind(const Setup& setup, State& state, survey::RespondentKind kind);

}  // namespace kaiku::flow
