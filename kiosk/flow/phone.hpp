#pragma once

#include <string>

#include "kiosk/flow/flow.hpp"

/// Answering on one's own phone: the address for it, and the half-done answer that moves there.
namespace kaiku::flow {

/// True if central serves a web survey that this terminal knows of.
bool offers_phone(const Setup& setup) noexcept;

/// Where this unit's survey is: "https://palaute.example.fi/s/K1".
std::string survey_link(const Setup& setup, const State& state);
/// The same for people to type: "palaute.example.fi/s/K1".
std::string survey_address(const Setup& setup, const State& state);

/// What moves: answers so far, the text masked. Contact details and a text too long for a code
/// stay behind.
survey::TakeAlong half_done(const Setup& setup, const State& state, survey::UtcSeconds now);

/// True where a code may be asked for: on the attract screen and in the questions.
bool may_take_phone(const Setup& setup, const State& state);
/// Fills State::phone for Screen::phone; from a question on, what there is to seal.
std::optional<effect::Seal> start_phone(const Setup& setup, State& state, survey::Language language,
                                        survey::UtcSeconds now);
/// True while the seal of this response is awaited.
bool awaits_seal(const State& state, const survey::ResponseId& id);

}  // namespace kaiku::flow
