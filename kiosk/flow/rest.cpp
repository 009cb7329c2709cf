#include "kiosk/flow/rest.hpp"

#include <algorithm>
#include <utility>

#include "kiosk/flow/attract.hpp"
#include "kiosk/flow/saving.hpp"
#include "kiosk/flow/timing.hpp"

namespace kaiku::flow {

namespace {
/// Whoever has just pressed something may press again.
constexpr Instant kJustNow{10'000};
}  // namespace

void rest(const Setup& setup, State& state, const Inputs& inputs) {
    State fresh;
    fresh.hearing = reset(state.hearing);
    fresh.recent = std::move(state.recent);
    fresh.language = setup.first_language;
    fresh.theme = setup.first_theme;
    fresh.storage_full = state.storage_full;
    fresh.storage_hangs = state.storage_hangs;
    fresh.screen = first_screen(fresh);
    fresh.screen_since = inputs.now;
    refresh_attract(setup, fresh, inputs);
    return_to_staff(setup, state.staff, fresh, inputs.now);
    state = std::move(fresh);
}

bool is_unattended(const Setup& setup, const State& state, Instant now) noexcept {
    if (is_adjusted(setup, state) || state.staff.handed_over) return false;
    if (now - std::max(state.last_activity, state.screen_since) < kJustNow) return false;
    switch (state.screen) {
        case Screen::attract:
        case Screen::out_of_service:
            return true;
        case Screen::staff:
            return setup.staff.device && state.staff.page == StaffPage::pin &&
                   state.staff.pin.empty() && !state.staff.checking;
        case Screen::who:
        case Screen::question:
        case Screen::saving:
        case Screen::save_failed:
        case Screen::thanks:
        case Screen::phone:
            break;
    }
    return false;
}

}  // namespace kaiku::flow
