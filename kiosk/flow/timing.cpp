#include "kiosk/flow/timing.hpp"

#include <algorithm>

#include "kiosk/flow/attract.hpp"

namespace kaiku::flow {

namespace {

/// Listening, and walking by keys or switches, take their time (ACCESSIBILITY A12).
bool is_slow(const State& state) noexcept { return state.hearing.on || state.by_keys; }

Instant attract_deadline(const Setup& setup, const State& state, Instant now) {
    Instant due = next_beat(state);
    if (is_adjusted(setup, state))
        due = std::min(due, state.last_activity + quiet_time(setup, state));
    const auto staff = staff_deadline(setup, state, now);
    return staff ? std::min(due, *staff) : due;
}

}  // namespace

std::chrono::milliseconds quiet_time(const Setup& setup, const State& state) {
    const survey::Question* question = current_question(setup, state);
    const bool writes = question != nullptr && (question->kind == survey::QuestionKind::open_text ||
                                                question->kind == survey::QuestionKind::contact);
    const auto asked = writes ? setup.timeouts.text : setup.timeouts.question;
    const auto quiet = state.screen == Screen::phone ? setup.timeouts.phone : asked;
    return is_slow(state) ? std::max(quiet, setup.timeouts.speech) : quiet;
}

std::chrono::milliseconds warning_time(const Setup& setup, const State& state) {
    const auto warning = setup.timeouts.warning;
    return is_slow(state) ? std::max(warning, setup.timeouts.speech_warning) : warning;
}

std::chrono::milliseconds thanks_time(const Setup& setup, const State& state) {
    const auto thanks = setup.timeouts.thanks;
    return state.hearing.on ? std::max(thanks, setup.timeouts.speech_thanks) : thanks;
}

bool is_adjusted(const Setup& setup, const State& state) noexcept {
    return state.size != TextSize::m || state.theme != setup.first_theme || state.lowered ||
           state.tools_open || state.by_keys || state.hearing != reset(state.hearing);
}

std::optional<Instant> next_deadline(const Setup& setup, const State& state, Instant now) {
    switch (state.screen) {
        case Screen::attract:
        case Screen::out_of_service:
            return attract_deadline(setup, state, now);
        case Screen::staff:
            return staff_deadline(setup, state, now);
        case Screen::saving:
            return state.screen_since + (now - state.screen_since < setup.timeouts.saving_visible
                                             ? setup.timeouts.saving_visible
                                             : setup.timeouts.saving);
        case Screen::thanks:
            return state.screen_since + thanks_time(setup, state);
        case Screen::who:
        case Screen::question:
        case Screen::phone:
        case Screen::save_failed:
            break;
    }
    const Instant warned_at = state.last_activity + quiet_time(setup, state);
    if (!state.idle_warning) return warned_at;
    const Instant wiped_at = warned_at + warning_time(setup, state);
    const Instant left = wiped_at - now;
    if (left <= Instant{0}) return now;
    const Instant whole_s = std::chrono::floor<std::chrono::seconds>(left);
    const Instant next_second = wiped_at - whole_s;
    return next_second > now ? next_second : std::min(now + Instant{1000}, wiped_at);
}

int spoken_seconds(int left_s) noexcept {
    int said = kSpokenSeconds.front();
    for (const int step : kSpokenSeconds) {
        if (step <= left_s) said = step;
    }
    return said;
}

int countdown_s(const Setup& setup, const State& state, Instant now) {
    const Instant wiped_at =
        state.last_activity + quiet_time(setup, state) + warning_time(setup, state);
    const auto left = std::chrono::ceil<std::chrono::seconds>(wiped_at - now);
    return std::max(0, static_cast<int>(left.count()));
}

}  // namespace kaiku::flow
