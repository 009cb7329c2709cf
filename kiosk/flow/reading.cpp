// What a state says about itself: its question, whether it is answered, its screen's name.
#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/people.hpp"

namespace kaiku::flow {

using survey::QuestionKind;

const survey::Question* current_question(const Setup& setup, const State& state) {
    if (state.screen != Screen::question) return nullptr;
    const auto& questions = instrument_of(setup, state).questions;
    return state.question < questions.size() ? &questions[state.question] : nullptr;
}

bool is_answered(const Setup& setup, const State& state) {
    const survey::Question* question = current_question(setup, state);
    if (question == nullptr) return false;
    const survey::Answers& answers = state.answers;
    switch (question->kind) {
        case QuestionKind::nps:
            return answers.nps.has_value();
        case QuestionKind::statement:
            return answers.statements.contains(question->key) ||
                   answers.cant_say.contains(question->key);
        case QuestionKind::choice:
            return answers.choices.contains(question->key);
        case QuestionKind::open_text:
            return !answers.text.empty();
        case QuestionKind::contact:
            return !state.contact.empty();
    }
    return false;
}

std::string asked_contact(const Setup& setup, const State& state) {
    const survey::Instrument& instrument = instrument_of(setup, state);
    const auto& questions = instrument.questions;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (questions[i].kind == QuestionKind::contact &&
            survey::is_asked(instrument, i, state.answers)) {
            return state.contact;
        }
    }
    return {};
}

std::string screen_name(const Setup& setup, const State& state) {
    if (state.idle_warning) return "idle";
    if (state.tools_open) return "tools";
    switch (state.screen) {
        case Screen::attract:
            return "attract";
        case Screen::who:
            return "who";
        case Screen::question:
            break;
        case Screen::saving:
            return "saving";
        case Screen::save_failed:
            return "save_failed";
        case Screen::thanks:
            return "thanks";
        case Screen::phone:
            return "phone";
        case Screen::out_of_service:
            return "out_of_service";
        case Screen::staff:
            return std::string(staff_page_name(state.staff.page));
    }
    const survey::Question* question = current_question(setup, state);
    if (question == nullptr) return "question";
    switch (question->kind) {
        case QuestionKind::nps:
            return "nps";
        case QuestionKind::statement:
            return "statement." + question->key;
        case QuestionKind::choice:
            return "choice." + question->key;
        case QuestionKind::open_text:
            return "text";
        case QuestionKind::contact:
            return "contact";
    }
    return "question";
}

}  // namespace kaiku::flow
