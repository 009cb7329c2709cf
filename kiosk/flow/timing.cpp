#include "kiosk/flow/timing.hpp"

#include <algorithm>

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

std::chrono::milliseconds quiet_time(const Setup& setup, const State& state) {
    const survey::Question* question = current_question(setup, state);
    const bool writes = question != nullptr && (question->kind == survey::QuestionKind::open_text ||
                                                question->kind == survey::QuestionKind::contact);
    return writes ? setup.timeouts.text : setup.timeouts.question;
}

bool is_adjusted(const State& state) noexcept {
    return state.size != TextSize::m || state.theme != Theme::standard;
}

std::optional<Instant> next_deadline(const Setup& setup, const State& state, Instant now) {
    switch (state.screen) {
        case Screen::attract:
        case Screen::out_of_service:
            if (!is_adjusted(state)) return std::nullopt;
            return state.last_activity + setup.timeouts.question;
        case Screen::saving:
            if (now - state.screen_since < setup.timeouts.saving_visible) {
                return state.screen_since + setup.timeouts.saving_visible;
            }
            return std::nullopt;
        case Screen::thanks:
            return state.screen_since + setup.timeouts.thanks;
        case Screen::who:
        case Screen::question:
        case Screen::save_failed:
            break;
    }
    const Instant warned_at = state.last_activity + quiet_time(setup, state);
    if (!state.idle_warning) return warned_at;
    const Instant wiped_at = warned_at + setup.timeouts.warning;
    const Instant left = wiped_at - now;
    if (left <= Instant{0}) return now;
    const Instant whole_s = std::chrono::floor<std::chrono::seconds>(left);
    const Instant next_second = wiped_at - whole_s;
    return next_second > now ? next_second : std::min(now + Instant{1000}, wiped_at);
}

int countdown_s(const Setup& setup, const State& state, Instant now) {
    const Instant wiped_at =
        state.last_activity + quiet_time(setup, state) + setup.timeouts.warning;
    const auto left = std::chrono::ceil<std::chrono::seconds>(wiped_at - now);
    return std::max(0, static_cast<int>(left.count()));
}

}  // namespace kaiku::flow
