// When the staff's screens close by themselves.
#include <algorithm>

#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/rest.hpp"
#include "kiosk/flow/staff.hpp"
#include "kiosk/flow/text_entry.hpp"
#include "kiosk/flow/timing.hpp"

namespace kaiku::flow {

namespace {

/// Nothing on this screen would change by waiting.
bool may_stay(const Setup& setup, const State& state) {
    const StaffState& staff = state.staff;
    if (is_adjusted(setup, state)) return false;
    if (staff.page == StaffPage::returned) return true;
    return staff.page == StaffPage::pin && setup.staff.device && !staff.handed_over &&
           staff.pin.empty() && !staff.wrong;
}

bool waits_for_client(const Setup& setup, const State& state) {
    return setup.staff.device && state.staff.handed_over && state.screen == Screen::attract;
}

/// Walking by keys takes its time here as well (ACCESSIBILITY A12).
std::chrono::milliseconds idle_time(const Setup& setup, const State& state) {
    return state.by_keys ? std::max(setup.staff.idle, setup.timeouts.speech) : setup.staff.idle;
}

}  // namespace

void close_staff(const Setup& setup, State& state, const Inputs& inputs) {
    scrub(state.staff.pin);
    rest(setup, state, inputs);
}

void tick_staff(const Setup& setup, State& state, const Inputs& inputs) {
    const Instant now = inputs.now;
    const auto due = staff_deadline(setup, state, now);
    if (!due || now < *due) return;
    if (state.screen != Screen::staff) return close_staff(setup, state, inputs);
    if (state.staff.page == StaffPage::cleaning) {
        if (now < state.screen_since + setup.staff.cleaning) return;
        state.staff.page = StaffPage::tools;
        state.screen_since = state.last_activity = now;
        return;
    }
    if (now >= state.last_activity + idle_time(setup, state) && !may_stay(setup, state)) {
        close_staff(setup, state, inputs);
    }
}

std::optional<Instant> staff_deadline(const Setup& setup, const State& state, Instant now) {
    if (waits_for_client(setup, state)) {
        return std::max(state.last_activity, state.screen_since) + setup.staff.waiting;
    }
    if (state.screen != Screen::staff) return std::nullopt;
    const StaffState& staff = state.staff;
    std::optional<Instant> due;
    const auto earlier = [&due](Instant instant) { due = due ? std::min(*due, instant) : instant; };
    const auto each_second_until = [&](Instant end) {
        if (end > now)
            earlier(end - std::chrono::floor<std::chrono::seconds>(end - now - Instant{1}));
    };
    if (staff.page == StaffPage::cleaning) {
        const Instant end = state.screen_since + setup.staff.cleaning;
        each_second_until(end);
        if (end <= now) due = end;
        return due;
    }
    if (staff.page == StaffPage::pin) each_second_until(staff.locked_until);
    if (!may_stay(setup, state)) earlier(state.last_activity + idle_time(setup, state));
    return due;
}

int staff_seconds_left(const State& state, const StaffSetup& setup, Instant now) {
    const Instant end = state.staff.page == StaffPage::cleaning
                            ? state.screen_since + setup.cleaning
                            : state.staff.locked_until;
    const auto left = std::chrono::ceil<std::chrono::seconds>(end - now);
    return std::max(0, static_cast<int>(left.count()));
}

}  // namespace kaiku::flow
