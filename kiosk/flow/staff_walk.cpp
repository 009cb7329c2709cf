#include "kiosk/flow/staff_walk.hpp"

#include <string>
#include <utility>

#include "kiosk/flow/staff_hours.hpp"

namespace kaiku::flow {

namespace {

StaffFacts invented_facts() {
    StaffFacts facts;
    facts.device = "11111111-2222-4333-8444-555555555555";
    facts.version = "0.1.0";
    facts.instrument = "national-adult 12";
    facts.waiting = 123'456;
    facts.refused = 12;
    facts.last_sync = survey::UtcSeconds{std::chrono::seconds{1'795'365'300}};
    facts.wall = survey::UtcSeconds{std::chrono::seconds{1'795'365'900}};
    facts.utc_offset_min = 120;
    facts.clock = ClockState::free_running;
    facts.link = LinkState::revoked;
    facts.free_mib = 65'432;
    facts.certificate_days = 359;
    facts.shown = 1234;
    facts.started = 987;
    facts.stored = 876;
    facts.sound = SoundState::absent;
    return facts;
}

std::vector<std::string> invented_log() {
    return {"22.11. 14:00 warning: sync: the server did not answer; tried again later",
            "22.11. 14:01 info: sync: central answers again"};
}

/// As long as a real one.
std::string invented_code() {
    return "kaiku-terminal:v=0.1.0&i=national-adult&n=12&u=KESKUSTA"
           "&d=11111111-2222-4333-8444-555555555555&t=2026-11-22T14:00:00Z&k=" +
           std::string(43, 'A') + "&s=" + std::string(86, 'A');
}

State on_page(const Setup& setup, StaffPage page) {
    State state;
    state.screen = Screen::staff;
    state.language = setup.first_language;
    state.staff.page = page;
    state.staff.trusted = true;
    return state;
}

/// As many pages as a list can need; the screens stop at their last one.
void add_list(const State& first, std::size_t entries, std::vector<Appearance>& found) {
    State state = first;
    const std::string name(staff_page_name(state.staff.page));
    found.push_back({name, state});
    for (std::size_t page = 1; page < entries; ++page) {
        state.staff.list_page = static_cast<int>(page);
        found.push_back({name + ".more" + (page > 1 ? std::to_string(page) : ""), state});
    }
}

void add_pin(const Setup& setup, std::vector<Appearance>& found) {
    State state = on_page(setup, StaffPage::pin);
    found.push_back({"staff_pin", state});
    state.staff.pin = std::string(kMostPinDigits, '0');
    found.push_back({"staff_pin.typed", state});
    state.staff.pin.clear();
    state.staff.checking = true;
    found.push_back({"staff_pin.checking", state});
    state.staff.checking = false;
    state.staff.wrong = true;
    found.push_back({"staff_pin.wrong", state});
    state.staff.locked_until = Instant{899'000};
    found.push_back({"staff_pin.locked", state});
}

void add_hours(State state, std::vector<Appearance>& found) {
    state.staff.hours = always_open();
    state.staff.hours[1] = survey::OpenHours{8 * 60, 20 * 60 + 30};
    state.staff.hours[6].reset();
    state.staff.day = 1;
    add_list(state, 13, found);
    state.staff.day = 6;
    state.staff.saved = true;
    found.push_back({"staff_hours.closed", state});
}

void add_touch_test(State state, std::vector<Appearance>& found) {
    state.staff.touched.set(3);
    found.push_back({"staff_touch_test", state});
    state.staff.touched.set();
    found.push_back({"staff_touch_test.done", state});
}

void add_panel(State state, std::vector<Appearance>& found) {
    state.staff.panel = {217, 135.6, 90};
    found.push_back({"staff_panel", state});
    state.staff.saved = true;
    found.push_back({"staff_panel.saved", state});
}

/// What a page says about codes that it cannot use.
void add_scans(State state, std::vector<Appearance>& found) {
    const std::string name(staff_page_name(state.staff.page));
    state.staff.scanned = ScannedCode::Kind::foreign;
    found.push_back({name + ".foreign", state});
    state.staff.scanned = ScannedCode::Kind::unknown_unit;
    found.push_back({name + ".unknown", state});
    state.staff.scanned = ScannedCode::Kind::no_camera;
    if (state.staff.page == StaffPage::home) found.push_back({name + ".no_camera", state});
}

}  // namespace

void add_staff_appearances(const Setup& setup, std::vector<Appearance>& found) {
    // Walks the enumeration with a switch, so that the compiler names a page added later.
    for (auto page = StaffPage::pin;;) {
        State state = on_page(setup, page);
        switch (page) {
            case StaffPage::pin:
                add_pin(setup, found);
                page = StaffPage::home;
                break;
            case StaffPage::home:
                add_scans(state, found);
                add_list(state, 9 + setup.staff.units.size(), found);
                page = StaffPage::camera;
                break;
            case StaffPage::camera:
                found.push_back({"staff_camera", state});
                add_scans(state, found);
                page = StaffPage::returned;
                break;
            case StaffPage::returned:
                found.push_back({"staff_returned", state});
                add_scans(state, found);
                page = StaffPage::view;
                break;
            case StaffPage::view:
                found.push_back({"staff_view.unknown", state});
                state.staff.facts = invented_facts();
                add_list(state, 15, found);
                page = StaffPage::tools;
                break;
            case StaffPage::tools:
                add_list(state, 11, found);
                page = StaffPage::settings;
                break;
            case StaffPage::settings:
                state.staff.saved = true;
                add_list(state, 6 + setup.staff.units.size() + setup.staff.instruments.size(),
                         found);
                page = StaffPage::hours;
                break;
            case StaffPage::hours:
                add_hours(state, found);
                page = StaffPage::cleaning;
                break;
            case StaffPage::cleaning:
                found.push_back({"staff_cleaning", state});
                page = StaffPage::touch_test;
                break;
            case StaffPage::touch_test:
                add_touch_test(state, found);
                page = StaffPage::panel;
                break;
            case StaffPage::panel:
                add_panel(state, found);
                page = StaffPage::log;
                break;
            case StaffPage::log:
                state.staff.log = invented_log();
                add_list(state, 3, found);
                page = StaffPage::code;
                break;
            case StaffPage::code:
                found.push_back({"staff_code", state});
                state.staff.code = invented_code();
                found.push_back({"staff_code.made", state});
                return;
        }
    }
}

}  // namespace kaiku::flow
