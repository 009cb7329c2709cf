#include "kiosk/flow/people.hpp"

#include <algorithm>

#include "kiosk/flow/text_entry.hpp"

namespace kaiku::flow {

namespace {

const Offer* offer_for(const Setup& setup, survey::RespondentKind kind) noexcept {
    const auto found = std::find_if(setup.people.begin(), setup.people.end(),
                                    [kind](const Offer& offer) { return offer.kind == kind; });
    return found == setup.people.end() ? nullptr : &*found;
}

}  // namespace

bool offers_plain(const Setup& setup) noexcept {
    return std::any_of(setup.people.begin(), setup.people.end(),
                       [](const Offer& offer) { return offer.plain != nullptr; });
}

bool asks_who(const Setup& setup) noexcept {
    if (setup.staff.device) return false;  // staff has chosen
    const bool helps = setup.ask_assisted && !setup.people.empty();
    return setup.people.size() > 1 || helps || offers_plain(setup);
}

const survey::Instrument& instrument_of(const Setup& setup, const State& state) noexcept {
    const Offer* offer = offer_for(setup, respondent_of(setup, state));
    const survey::Instrument* units = unit_instrument(setup, state);
    if (offer == nullptr) return units != nullptr ? *units : *setup.instrument;
    const bool as_everybody = offer->instrument == setup.instrument && !state.plain;
    if (units != nullptr && as_everybody) return *units;
    return state.plain && offer->plain != nullptr ? *offer->plain : *offer->instrument;
}

survey::RespondentKind respondent_of(const Setup& setup, const State& state) noexcept {
    return state.respondent.value_or(setup.respondent);
}

bool is_assisted(const Setup& setup, const State& state) noexcept {
    return setup.assisted || state.assisted;
}

bool choose_kind(const Setup& setup, State& state, survey::RespondentKind kind) {
    if (offer_for(setup, kind) == nullptr) return false;
    state.respondent = kind;
    const std::string& asked = instrument_of(setup, state).id;
    if (!state.begun.empty() && state.begun != asked) {
        scrub(state.answers.text);
        scrub(state.contact);
        state.answers = {};
    }
    state.begun = asked;
    return true;
}

}  // namespace kaiku::flow
