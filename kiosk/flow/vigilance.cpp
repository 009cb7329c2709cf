#include "kiosk/flow/vigilance.hpp"

#include <utility>

#include "kiosk/flow/people.hpp"

namespace kaiku::flow {

void notice(State& state, const Event& event, const Inputs& inputs) noexcept {
    const bool answers = std::holds_alternative<event::Scored>(event) ||
                         std::holds_alternative<event::Rated>(event) ||
                         std::holds_alternative<event::CantSay>(event) ||
                         std::holds_alternative<event::Chosen>(event);
    if (!answers || state.screen != Screen::question) return;
    if (inputs.now - state.screen_since < survey::kQuickTap) ++state.signs.quick_answers;
}

survey::Verdict judge_response(const Setup& setup, State& state, const survey::Answers& answers,
                               const Inputs& inputs) {
    if (state.verdict) return *state.verdict;
    const survey::Instrument& asked = instrument_of(setup, state);
    state.signs.outside_hours = setup.opening && inputs.local_minute &&
                                !survey::is_open(*setup.opening, *inputs.local_minute);
    state.recent = survey::remember(
        std::move(state.recent), {.at = inputs.now, .extreme = survey::extreme_of(asked, answers)});
    state.verdict = survey::judge(asked, answers, state.signs, state.recent);
    return *state.verdict;
}

}  // namespace kaiku::flow
