#include "kiosk/flow/staff.hpp"

#include <algorithm>
#include <utility>

#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/people.hpp"
#include "kiosk/flow/saving.hpp"
#include "kiosk/flow/staff_choice.hpp"
#include "kiosk/flow/staff_hours.hpp"
#include "kiosk/flow/text_entry.hpp"

namespace kaiku::flow {

namespace {

/// One bar step: 0.2 % of the panel's size, a sixth of a millimetre of a bank card.
constexpr double kPanelStep = 0.002;
constexpr double kLeastPanel_mm = 50;
constexpr double kMostPanel_mm = 3000;

class StaffStepper {
  public:
    StaffStepper(const Setup& setup, State& state, const Inputs& inputs,
                 std::vector<StaffRequest>& requests)
        : setup_(setup),
          inputs_(inputs),
          state_(state),
          staff_(state.staff),
          now_(inputs.now),
          out_(requests) {}

    void operator()(const staff::Entered&) {
        const bool resting = state_.screen == Screen::attract ||
                             state_.screen == Screen::out_of_service || on(StaffPage::returned);
        if (!setup_.staff.offered || !resting) return;
        ask_pin(setup_.staff.device ? StaffPage::home : StaffPage::view);
    }

    void operator()(const staff::Digit& e) {
        if (!hears_pin() || staff_.pin.size() >= kMostPinDigits) return;
        if (e.digit < '0' || e.digit > '9') return;
        staff_.wrong = false;
        staff_.pin.reserve(kMostPinDigits + 1);  // never grows: leaves no copy behind
        staff_.pin.push_back(e.digit);
    }
    void operator()(const staff::DigitTaken&) {
        if (!hears_pin() || staff_.pin.empty()) return;
        staff_.pin.back() = '\0';
        staff_.pin.pop_back();
    }
    void operator()(const staff::PinGiven&) {
        if (!hears_pin() || staff_.pin.size() < kLeastPinDigits) return;
        out_.emplace_back(request::CheckPin{staff_.pin});
        scrub(staff_.pin);
        staff_.checking = true;
    }
    void operator()(const staff::PinChecked& e) {
        staff_.locked_until = now_ + std::max(e.wait, std::chrono::milliseconds{0});
        const bool waited = std::exchange(staff_.checking, false);
        if (!on(StaffPage::pin)) return;
        state_.last_activity = now_;
        staff_.wrong = e.verdict == staff::Verdict::wrong;
        if (e.verdict != staff::Verdict::opened || !waited) return;
        staff_.trusted = staff_.ever_opened = true;
        staff_.opened_at = now_;
        open(staff_.wanted);
    }

    void operator()(const staff::Up&) {
        if (state_.screen != Screen::staff) return;
        switch (staff_.page) {
            case StaffPage::cleaning:
            case StaffPage::returned:
                return;
            case StaffPage::pin:
            case StaffPage::home:
                return close_staff(setup_, state_, inputs_);
            case StaffPage::view:
                return setup_.staff.device ? open(StaffPage::home)
                                           : close_staff(setup_, state_, inputs_);
            case StaffPage::camera:
                return open(StaffPage::home);
            case StaffPage::tools:
                return open(StaffPage::view);
            case StaffPage::settings:
            case StaffPage::hours:
            case StaffPage::touch_test:
            case StaffPage::panel:
            case StaffPage::log:
            case StaffPage::code:
                return open(StaffPage::tools);
        }
    }

    void operator()(const staff::PageOpened& e) {
        const bool reached_by_name = e.page != StaffPage::pin && e.page != StaffPage::home &&
                                     e.page != StaffPage::camera && e.page != StaffPage::returned;
        if (!reached_by_name || !inside()) return;
        if (staff_.trusted) return open(e.page);
        if (on(StaffPage::home) && e.page == StaffPage::view) ask_pin(StaffPage::view);
    }
    void operator()(const staff::ListTurned& e) {
        if (state_.screen != Screen::staff) return;
        staff_.list_page = std::max(e.page, 0);
        state_.focus.clear();
    }

    void operator()(const staff::UnitChosen& e) {
        if (!on(StaffPage::home) && !allowed(StaffPage::settings)) return;
        if (!knows(e.code)) return;
        staff_.unit = e.code;
        if (!on(StaffPage::settings)) return;
        staff_.saved = true;
        out_.emplace_back(request::KeepUnit{e.code});
        remember();
    }
    void operator()(const staff::InstrumentChosen& e) {
        const auto& known = setup_.staff.instruments;
        if (!allowed(StaffPage::settings)) return;
        if (std::find(known.begin(), known.end(), e.id) == known.end()) return;
        staff_.instrument = e.id;
        staff_.saved = true;
        out_.emplace_back(request::KeepInstrument{e.id});
    }
    void operator()(const staff::RespondentChosen& e) {
        if (on(StaffPage::home)) staff_.respondent = e.kind;
    }
    void operator()(const staff::AssistedChosen& e) {
        if (on(StaffPage::home)) staff_.assisted = e.assisted;
    }
    void operator()(const staff::LanguageOrdered& e) {
        if (!allowed(StaffPage::settings)) return;
        state_.language = e.first;
        staff_.saved = true;
        out_.emplace_back(request::KeepLanguage{e.first});
    }

    void operator()(const staff::HandedOver&) {
        if (on(StaffPage::home)) hand_over();
    }
    void operator()(const staff::NextClient&) {
        if (on(StaffPage::returned)) hand_over();
    }
    void operator()(const staff::Change&) {
        if (!on(StaffPage::returned)) return;
        if (!may_change()) return ask_pin(StaffPage::home);
        staff_.trusted = false;
        open(StaffPage::home);
    }
    void operator()(const staff::Scanned& e) {
        if (!awaits_code(setup_, state_)) return;
        const bool known = e.code.kind == ScannedCode::Kind::unit && knows(e.code.unit);
        staff_.scanned = known ? ScannedCode::Kind::none : e.code.kind;
        if (!known) return;
        if (on(StaffPage::returned) && !may_change()) return ask_pin(StaffPage::home);
        staff_.unit = e.code.unit;
        hand_over();
    }

    void operator()(const staff::CameraAsked&) {
        if (on(StaffPage::home) && setup_.staff.camera) open(StaffPage::camera);
    }
    void operator()(const staff::CameraFailed&) {
        if (!on(StaffPage::camera)) return;
        open(StaffPage::home);
        staff_.scanned = ScannedCode::Kind::no_camera;
    }

    void operator()(const staff::CellTouched& e) {
        if (allowed(StaffPage::touch_test) && e.cell < kTouchCells) staff_.touched.set(e.cell);
    }
    void operator()(const staff::PanelFitted& e) {
        if (!allowed(StaffPage::panel) || staff_.panel.width_mm <= 0) return;
        const double factor = 1.0 - kPanelStep * std::clamp(e.steps, -50, 50);
        const double width = staff_.panel.width_mm * factor;
        const double height = staff_.panel.height_mm * factor;
        if (std::min(width, height) < kLeastPanel_mm || std::max(width, height) > kMostPanel_mm) {
            return;
        }
        staff_.panel.width_mm = width;
        staff_.panel.height_mm = height;
        staff_.saved = false;
    }
    void operator()(const staff::Turned& e) {
        if (!allowed(StaffPage::panel) || e.rotation % 90 != 0) return;
        staff_.panel.rotation = ((e.rotation % 360) + 360) % 360;
        staff_.saved = false;
    }
    void operator()(const staff::PanelKept&) {
        if (!allowed(StaffPage::panel) || staff_.panel.width_mm <= 0) return;
        staff_.saved = true;
        out_.emplace_back(request::KeepPanel{staff_.panel});
    }

    void operator()(const staff::DayChosen& e) {
        if (allowed(StaffPage::hours) && e.day < staff_.hours.size()) staff_.day = e.day;
    }
    void operator()(const staff::HoursMoved& e) {
        if (!allowed(StaffPage::hours)) return;
        try_hours(moved_hours(staff_.hours, staff_.day, e.end, e.steps));
    }
    void operator()(const staff::DayToggled&) {
        if (allowed(StaffPage::hours)) try_hours(toggled_day(staff_.hours, staff_.day));
    }
    void operator()(const staff::HoursKept&) {
        if (!allowed(StaffPage::hours)) return;
        staff_.saved = true;
        out_.emplace_back(request::KeepOpening{staff_.hours});
    }

    void operator()(const staff::ToneAsked&) { ask(request::PlayTone{}); }
    void operator()(const staff::SendAsked&) { ask(request::SendNow{}); }
    void operator()(const staff::RestartAsked&) { ask(request::Restart{}); }

    void operator()(const staff::FactsCame& e) {
        if (!inside()) return;
        const SoundState heard = staff_.facts.sound;  // is told by SoundCame
        staff_.facts = e.facts;
        staff_.facts.sound = heard;
    }
    void operator()(const staff::SoundCame& e) {
        if (inside()) staff_.facts.sound = e.sound;
    }
    void operator()(const staff::LogCame& e) {
        if (on(StaffPage::log)) staff_.log = e.lines;
    }
    void operator()(const staff::CodeCame& e) {
        if (on(StaffPage::code)) staff_.code = e.code;
    }
    void operator()(const staff::PanelCame& e) {
        if (on(StaffPage::panel)) staff_.panel = e.panel;
    }

  private:
    bool on(StaffPage page) const { return state_.screen == Screen::staff && staff_.page == page; }
    bool inside() const {
        return state_.screen == Screen::staff && staff_.page != StaffPage::pin &&
               staff_.page != StaffPage::returned && staff_.page != StaffPage::cleaning;
    }
    bool allowed(StaffPage page) const { return on(page) && staff_.trusted; }
    bool hears_pin() const {
        return on(StaffPage::pin) && !staff_.checking && now_ >= staff_.locked_until;
    }
    bool may_change() const {
        return staff_.ever_opened && now_ < staff_.opened_at + setup_.staff.change;
    }
    bool knows(const std::string& unit) const { return knows_unit(setup_, unit); }

    /// What is in use now is offered first, also after a restart.
    void remember() {
        if (!setup_.staff.device) return;
        const StaffChoice before = staff_.used;
        note_choice(setup_, state_);
        if (staff_.used != before) out_.emplace_back(request::KeepChoice{staff_.used});
    }

    void try_hours(const survey::OpeningWeek& week) {
        staff_.hours = week;
        staff_.saved = false;
    }

    template <class Request>
    void ask(Request asked) {
        if (inside() && staff_.trusted) out_.emplace_back(std::move(asked));
    }

    void show(StaffPage page) {
        state_.screen = Screen::staff;
        state_.screen_since = state_.last_activity = now_;
        staff_.page = page;
        state_.tools_open = false;
        state_.focus.clear();
        staff_.list_page = 0;
        staff_.saved = staff_.wrong = false;
        staff_.scanned = ScannedCode::Kind::none;
    }

    void ask_pin(StaffPage wanted) {
        scrub(staff_.pin);
        show(StaffPage::pin);
        staff_.wanted = wanted;
        staff_.trusted = false;
        out_.emplace_back(request::LockStatus{});
    }

    void open(StaffPage page) {
        show(page);
        switch (page) {
            case StaffPage::view:
            case StaffPage::settings:
                out_.emplace_back(request::GatherFacts{});
                break;
            case StaffPage::hours:
                staff_.hours = setup_.opening.value_or(always_open());
                break;
            case StaffPage::touch_test:
                staff_.touched.reset();
                state_.lowered = false;  // every part of the glass is tried
                break;
            case StaffPage::panel:
                out_.emplace_back(request::MeasurePanel{});
                break;
            case StaffPage::log:
                out_.emplace_back(request::ReadLog{});
                break;
            case StaffPage::code:
                staff_.code.clear();
                out_.emplace_back(request::SignCode{});
                break;
            case StaffPage::pin:
            case StaffPage::home:
            case StaffPage::camera:
            case StaffPage::returned:
            case StaffPage::tools:
            case StaffPage::cleaning:
                break;
        }
    }

    /// The first screen, for a client to hold; the next time staff sees it, it is neutral.
    void hand_over() {
        remember();
        staff_.handed_over = true;
        close_staff(setup_, state_, inputs_);
        state_.screen = first_screen(state_);
    }

    const Setup& setup_;
    const Inputs& inputs_;
    State& state_;
    StaffState& staff_;
    Instant now_;
    std::vector<StaffRequest>& out_;
};

}  // namespace

void step_staff(const Setup& setup, State& state, const StaffEvent& event, const Inputs& inputs,
                std::vector<StaffRequest>& requests) {
    std::visit(StaffStepper(setup, state, inputs, requests), event);
}

bool is_report(const StaffEvent& event) noexcept {
    return std::holds_alternative<staff::PinChecked>(event) ||
           std::holds_alternative<staff::FactsCame>(event) ||
           std::holds_alternative<staff::LogCame>(event) ||
           std::holds_alternative<staff::CodeCame>(event) ||
           std::holds_alternative<staff::SoundCame>(event) ||
           std::holds_alternative<staff::CameraFailed>(event) ||
           std::holds_alternative<staff::PanelCame>(event);
}

State first_state(const Setup& setup) {
    State state;
    state.language = setup.first_language;
    state.theme = setup.first_theme;
    if (setup.staff.device) {
        state.screen = Screen::staff;
        state.staff.wanted = StaffPage::home;
        state.staff.used = recalled_choice(setup);
        state.staff.respondent = state.staff.used.respondent.value_or(setup.respondent);
        if (!state.staff.used.units.empty()) state.staff.unit = state.staff.used.units.front();
    }
    return state;
}

void take_staff_choice(const Setup& setup, State& state) {
    if (!setup.staff.device) return;
    state.assisted = state.staff.assisted;
    choose_kind(setup, state, state.staff.respondent);
}

void return_to_staff(const Setup& setup, const StaffState& before, State& fresh, Instant now) {
    StaffState& staff = fresh.staff;
    staff.unit = before.unit;
    staff.instrument = before.instrument;
    staff.respondent = before.respondent;
    staff.assisted = before.assisted;
    staff.used = before.used;
    staff.handed_over = before.handed_over;
    staff.locked_until = before.locked_until;
    staff.opened_at = before.opened_at;
    staff.ever_opened = before.ever_opened;
    if (!setup.staff.device) return;
    fresh.screen = Screen::staff;
    fresh.screen_since = now;
    staff.page = before.handed_over ? StaffPage::returned : StaffPage::pin;
    staff.wanted = StaffPage::home;
}

}  // namespace kaiku::flow
