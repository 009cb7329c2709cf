#include "kiosk/flow/rest.hpp"

#include <utility>

#include "kiosk/flow/attract.hpp"
#include "kiosk/flow/saving.hpp"

namespace kaiku::flow {

void rest(const Setup& setup, State& state, const Inputs& inputs) {
    State fresh;
    fresh.hearing = reset(state.hearing);
    fresh.recent = std::move(state.recent);
    fresh.language = setup.first_language;
    fresh.storage_full = state.storage_full;
    fresh.storage_hangs = state.storage_hangs;
    fresh.screen = first_screen(fresh);
    fresh.screen_since = inputs.now;
    refresh_attract(setup, fresh, inputs);
    return_to_staff(setup, state.staff, fresh, inputs.now);
    state = std::move(fresh);
}

}  // namespace kaiku::flow
