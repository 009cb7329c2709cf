#include "kiosk/flow/attract.hpp"

namespace kaiku::flow {

namespace {
constexpr int kDayMinutes = 24 * 60;
}

bool is_night(const NightHours& night, int local_minute) noexcept {
    const int minute = local_minute % kDayMinutes;
    if (night.from <= night.to) return minute >= night.from && minute < night.to;
    return minute >= night.from || minute < night.to;
}

void refresh_attract(const Setup& setup, State& state, const Inputs& inputs) noexcept {
    if (inputs.now >= state.screen_since) {
        state.attract.beat = static_cast<int>((inputs.now - state.screen_since) / kAttractBeat);
    }
    state.attract.dimmed =
        setup.night && inputs.local_minute && is_night(*setup.night, *inputs.local_minute);
}

Instant next_beat(const State& state) noexcept {
    return state.screen_since + kAttractBeat * (state.attract.beat + 1);
}

}  // namespace kaiku::flow
