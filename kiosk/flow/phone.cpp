#include "kiosk/flow/phone.hpp"

#include <utility>

#include "kiosk/flow/people.hpp"
#include "kiosk/flow/text_entry.hpp"
#include "survey/masking.hpp"
#include "survey/utf8.hpp"

namespace kaiku::flow {

namespace {

/// How many characters of open text the instrument takes.
std::size_t text_limit(const survey::Instrument& instrument) {
    for (const survey::Question& question : instrument.questions) {
        if (question.kind == survey::QuestionKind::open_text) return question.max_characters;
    }
    return 0;
}

}  // namespace

bool offers_phone(const Setup& setup) noexcept { return !setup.web_url.empty(); }

std::string survey_link(const Setup& setup, const State& state) {
    return setup.web_url + "/s/" + unit_in_use(setup, state);
}

std::string survey_address(const Setup& setup, const State& state) {
    const std::string link = survey_link(setup, state);
    const auto scheme = link.find("://");
    return scheme == std::string::npos ? link : link.substr(scheme + 3);
}

survey::TakeAlong half_done(const Setup& setup, const State& state, survey::UtcSeconds now) {
    KAIKU_ASSERT(state.id.has_value());
    const survey::Instrument& instrument = instrument_of(setup, state);
    survey::TakeAlong taken{.id = state.id.value(),
                            .made_at = std::chrono::floor<std::chrono::minutes>(now),
                            .language = state.language,
                            .respondent = respondent_of(setup, state),
                            .assisted = is_assisted(setup, state),
                            .instrument = instrument.id,
                            .version = instrument.version,
                            .answers = state.answers};
    survey::MaskedText masked = survey::mask_identifiers(state.answers.text);
    scrub(taken.answers.text);
    // Marks may be longer than what they stand for.
    const bool fits = masked.text.size() <= survey::kMaxTakenTextBytes &&
                      survey::count_code_points(masked.text) <= text_limit(instrument);
    if (fits) {
        taken.answers.text = std::move(masked.text);
    } else {
        scrub(masked.text);
    }
    return taken;
}

bool may_take_phone(const Setup& setup, const State& state) {
    const bool asked = state.screen == Screen::attract || current_question(setup, state) != nullptr;
    return offers_phone(setup) && asked;
}

std::optional<effect::Seal> start_phone(const Setup& setup, State& state, survey::Language language,
                                        survey::UtcSeconds now) {
    if (current_question(setup, state) == nullptr) {
        state.phone = {.carries = false, .left_out = false, .link = survey_link(setup, state)};
        state.language = language;
        return std::nullopt;
    }
    survey::TakeAlong taken = half_done(setup, state, now);
    const bool lost = taken.answers.text.empty() && !state.answers.text.empty();
    state.phone = {.carries = true, .left_out = lost || !state.contact.empty(), .link = {}};
    effect::Seal sealing{taken.id, survey::encode_take_along(instrument_of(setup, state), taken)};
    scrub(taken.answers.text);
    return sealing;
}

bool awaits_seal(const State& state, const survey::ResponseId& id) {
    return state.screen == Screen::phone && state.phone.carries && state.phone.link.empty() &&
           state.id == id;
}

}  // namespace kaiku::flow
