#include "kiosk/flow/saving.hpp"

#include <utility>

#include "kiosk/flow/people.hpp"
#include "kiosk/flow/text_entry.hpp"
#include "kiosk/flow/vigilance.hpp"
#include "survey/masking.hpp"

namespace kaiku::flow {

effect::Save submission(const Setup& setup, State& state, const Inputs& inputs) {
    const survey::Instrument& instrument = instrument_of(setup, state);
    survey::Answers answers = survey::prune_unasked(instrument, state.answers);
    survey::MaskedText masked = survey::mask_identifiers(answers.text);
    scrub(answers.text);
    answers.text = std::move(masked.text);
    KAIKU_ASSERT(state.id.has_value());
    survey::Verdict verdict = judge_response(setup, state, answers, inputs);
    return effect::Save{survey::Response{.id = state.id.value(),
                                         .instrument = instrument.id,
                                         .version = instrument.version,
                                         .unit = unit_in_use(setup, state),
                                         .channel = setup.channel,
                                         .language = state.language,
                                         .respondent = respondent_of(setup, state),
                                         .assisted = is_assisted(setup, state),
                                         .answered_at = survey::floor_to_hour(inputs.wall),
                                         .answers = std::move(answers),
                                         .contact = asked_contact(setup, state),
                                         .misuse = std::move(verdict),
                                         .clock = inputs.clock}};
}

bool is_overdue(const Setup& setup, const State& state, Instant now) noexcept {
    return state.screen == Screen::saving && now >= state.screen_since + setup.timeouts.saving;
}

void note_word_of_store(State& state) noexcept { state.storage_hangs = false; }

Screen first_screen(const State& state) noexcept {
    return state.storage_full || state.storage_hangs ? Screen::out_of_service : Screen::attract;
}

}  // namespace kaiku::flow
