// What the staff's part of a state says about itself.
#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/staff.hpp"

namespace kaiku::flow {

std::string_view staff_page_name(StaffPage page) noexcept {
    switch (page) {
        case StaffPage::pin:
            return "staff_pin";
        case StaffPage::home:
            return "staff_home";
        case StaffPage::camera:
            return "staff_camera";
        case StaffPage::returned:
            return "staff_returned";
        case StaffPage::view:
            return "staff_view";
        case StaffPage::tools:
            return "staff_tools";
        case StaffPage::settings:
            return "staff_settings";
        case StaffPage::hours:
            return "staff_hours";
        case StaffPage::cleaning:
            return "staff_cleaning";
        case StaffPage::touch_test:
            return "staff_touch_test";
        case StaffPage::panel:
            return "staff_panel";
        case StaffPage::log:
            return "staff_log";
        case StaffPage::code:
            return "staff_code";
    }
    return "staff";
}

bool is_spoken(const State& state) noexcept {
    return state.screen != Screen::staff || state.staff.page == StaffPage::returned;
}

bool awaits_code(const Setup& setup, const State& state) noexcept {
    return setup.staff.device && state.screen == Screen::staff &&
           (state.staff.page == StaffPage::home || state.staff.page == StaffPage::camera ||
            state.staff.page == StaffPage::returned);
}

const survey::Instrument* unit_instrument(const Setup& setup, const State& state) noexcept {
    const std::string& used = unit_in_use(setup, state);
    for (const StaffUnit& unit : setup.staff.units) {
        if (unit.code == used) return unit.asked;
    }
    return nullptr;
}

const std::string& unit_in_use(const Setup& setup, const State& state) noexcept {
    return state.staff.unit.empty() ? setup.unit : state.staff.unit;
}

}  // namespace kaiku::flow
