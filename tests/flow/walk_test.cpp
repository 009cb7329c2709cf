// Somebody presses anything at all, for a long time: the terminal never shows a screen that the
// walk of every screen leaves out, and never keeps what somebody answered for the next one.
#include "kiosk/flow/walk.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace std::chrono_literals;
namespace event = flow::event;
namespace staff = flow::staff;

namespace {

/// Presses, types, waits and answers for the world at random, the same for the same seed.
class Monkey : public test::Visitor {
  public:
    Monkey(bool device, std::uint64_t seed) : random_(seed) {
        setup.people = {{survey::RespondentKind::adult, setup.instrument},
                        {survey::RespondentKind::child, setup.instrument}};
        setup.ask_assisted = true;
        setup.web_url = "https://palaute.example.fi";
        setup.staff.offered = true;
        setup.staff.device = device;
        setup.staff.camera = true;
        setup.staff.units = {{"tk-1", "Terveysasema", ""}, {"nla", "Neuvola", "n7"}};
        setup.staff.instruments = {"quick-nps", "national-adult"};
        state = flow::first_state(setup);
    }

    void acts() {
        if (screen() == "staff_pin" && upto(6) == 0) {  // somebody who knows the PIN
            does(event::Staff{staff::Digit{'4'}});
            does(event::Staff{staff::PinGiven{}});
            does(event::Staff{staff::PinChecked{staff::Verdict::opened, 0ms}});
        }
        switch (upto(8)) {
            case 0:
                waits(std::chrono::seconds(upto(3) == 0 ? 1 + upto(400) : upto(3)));
                break;
            case 1:
                does(the_world());
                break;
            case 2:
            case 3:
            case 4:
                does(event::Staff{a_staff_event()});
                break;
            default:
                does(a_visitors_event());
        }
    }

  private:
    int upto(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
    template <class Value, std::size_t N>
    Value one_of(const std::array<Value, N>& values) {
        return values[static_cast<std::size_t>(upto(static_cast<int>(N)))];
    }
    survey::Language a_language() { return one_of(survey::kLanguages); }

    flow::Event a_visitors_event() {
        if (upto(3) == 0) return easy_way();
        switch (upto(20)) {
            case 0:
                return event::Typed{U'a' + static_cast<char32_t>(upto(26))};
            case 1:
                return event::Backspaced{};
            case 2:
                return event::PagePressed{};
            case 3:
                return event::EditOpened{};
            case 4:
                return event::Back{};
            case 5:
                return event::LanguageChosen{a_language()};
            case 6:
                return event::ToolsPressed{};
            case 7:
                return event::PhonePressed{a_language()};
            case 8:
                return event::SpeechPressed{};
            case 9:
                return event::Chosen{"a"};
            case 10:
                return event::PageTurned{upto(4)};
            case 11:
                return event::Skipped{};
            case 12:
                return event::CantSay{};
            case 13:
                return event::Stayed{};
            case 14:
                return event::PlainPressed{};
            case 15:
                return event::AssistedPressed{};
            case 16:
                return event::SizeChanged{upto(3) - 1};
            case 17:
                return event::ContrastPressed{};
            case 18:
                return event::SaveRetried{};
            default:
                return event::Touched{};
        }
    }
    /// What brings a visit on.
    flow::Event easy_way() {
        switch (upto(6)) {
            case 0:
                return event::Started{a_language()};
            case 1:
                return event::WhoChosen{survey::RespondentKind::adult};
            case 2:
                return event::Scored{upto(11)};
            case 3:
                return event::Rated{1 + upto(5)};
            case 4:
                return event::Finished{};
            default:
                return event::Next{};
        }
    }
    flow::Event the_world() {
        if (state.id && upto(4) == 0) return event::PhoneSealed{*state.id, "ABCDEFGH"};
        if (!saves.empty() && upto(2) > 0) return event::Saved{saves.back().id};
        if (!saves.empty() && upto(3) > 0) return event::SaveFailed{saves.back().id, upto(4) == 0};
        if (upto(8) == 0) return event::StorageChanged{upto(3) == 0};
        return event::Ticked{};
    }
    flow::StaffEvent a_staff_event() {
        constexpr std::array kPages{
            flow::StaffPage::home,       flow::StaffPage::camera,   flow::StaffPage::view,
            flow::StaffPage::tools,      flow::StaffPage::settings, flow::StaffPage::hours,
            flow::StaffPage::touch_test, flow::StaffPage::cleaning, flow::StaffPage::panel,
            flow::StaffPage::log,        flow::StaffPage::code};
        if (state.staff.trusted && upto(2) == 0) return staff::PageOpened{one_of(kPages)};
        switch (upto(12)) {
            case 0:
                return staff::Entered{};
            case 1:
                return staff::Digit{static_cast<char>('0' + upto(10))};
            case 2:
                return staff::PinGiven{};
            case 3:
            case 4:
                return staff::PinChecked{
                    one_of(std::array{staff::Verdict::opened, staff::Verdict::wrong,
                                      staff::Verdict::locked, staff::Verdict::opened}),
                    std::chrono::seconds(upto(100))};
            case 5:
                if (upto(3) > 0) return staff::CellTouched{0};
                return staff::Up{};
            case 6:
            case 7:
                return staff::PageOpened{one_of(kPages)};
            case 8:
                if (upto(4) == 0) return staff::HandedOver{};
                return staff::CameraAsked{};
            default:
                return a_staff_detail();
        }
    }
    flow::StaffEvent a_staff_detail() {
        switch (upto(24)) {
            case 0:
                return staff::DigitTaken{};
            case 1:
                return staff::ListTurned{upto(9) - 2};
            case 2:
                return staff::UnitChosen{upto(2) == 0 ? "nla" : "nowhere"};
            case 3:
                return staff::InstrumentChosen{upto(2) == 0 ? "quick-nps" : "nothing"};
            case 4:
                return staff::RespondentChosen{survey::RespondentKind::child};
            case 5:
                return staff::AssistedChosen{upto(2) == 0};
            case 6:
                return staff::LanguageOrdered{a_language()};
            case 7:
                return staff::NextClient{};
            case 8:
                return staff::Change{};
            case 9:
                return staff::CellTouched{static_cast<std::size_t>(upto(500))};
            case 10:
                return staff::PanelFitted{upto(41) - 20};
            case 11:
                return staff::Turned{90 * upto(5)};
            case 12:
                return staff::PanelKept{};
            case 13:
                return staff::DayChosen{static_cast<std::size_t>(upto(9))};
            case 14:
                return staff::HoursMoved{upto(2) == 0, upto(100) - 50};
            case 15:
                return staff::DayToggled{};
            case 16:
                return staff::HoursKept{};
            case 17:
                return one_of(std::array<flow::StaffEvent, 3>{
                    staff::ToneAsked{}, staff::SendAsked{}, staff::RestartAsked{}});
            case 18:
                return staff::FactsCame{};
            case 19:
                return staff::LogCame{{"one line"}};
            case 20:
                return staff::CodeCame{"kaiku-terminal:v=1"};
            case 21:
                return staff::PanelCame{{217, 136, 0}};
            case 22:
                return staff::CameraFailed{};
            default:
                return staff::CameraAsked{};
        }
    }

    std::mt19937_64 random_;
};

/// Whether the walk shows a screen of this name in some state.
bool is_walked(const std::vector<flow::Appearance>& walk, const std::string& screen) {
    return std::any_of(walk.begin(), walk.end(), [&](const flow::Appearance& each) {
        return each.name == screen || each.name.starts_with(screen + ".") ||
               each.name.starts_with(screen + "@") || each.name.starts_with(screen + "#");
    });
}

bool holds_nothing(const flow::State& state) {
    return !state.id && !state.answers.nps && state.answers.statements.empty() &&
           state.answers.choices.empty() && state.answers.text.empty() && state.contact.empty();
}

}  // namespace

TEST_CASE("whatever anybody presses, no screen comes that the walk leaves out") {
    std::set<std::string> seen;
    for (const bool device : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            Monkey monkey(device, seed);
            const std::vector<flow::Appearance> walk = flow::every_appearance(monkey.setup);
            for (int step = 0; step < 6000; ++step) {
                monkey.acts();
                const std::string screen = monkey.screen();
                INFO(screen << ", seed " << seed << ", step " << step);
                if (seen.insert(screen).second) CHECK(is_walked(walk, screen));
                const auto shown = monkey.state.screen;
                if (shown == flow::Screen::attract || shown == flow::Screen::staff ||
                    shown == flow::Screen::out_of_service) {
                    REQUIRE(holds_nothing(monkey.state));
                }
                if (shown == flow::Screen::staff) {
                    REQUIRE(monkey.state.staff.list_page >= 0);
                    REQUIRE(monkey.state.staff.day < 7);
                    REQUIRE(monkey.state.staff.pin.size() <= flow::kMostPinDigits);
                }
            }
        }
    }
    // The monkey has come around: every kind of screen was among them.
    for (const char* screen : {"attract",
                               "who",
                               "nps",
                               "text",
                               "idle",
                               "tools",
                               "saving",
                               "save_failed",
                               "thanks",
                               "phone",
                               "out_of_service",
                               "staff_pin",
                               "staff_home",
                               "staff_returned",
                               "staff_view",
                               "staff_tools",
                               "staff_settings",
                               "staff_hours",
                               "staff_cleaning",
                               "staff_touch_test",
                               "staff_panel",
                               "staff_log",
                               "staff_code",
                               "staff_camera"}) {
        INFO(screen);
        CHECK(seen.contains(screen));
    }
}

TEST_CASE("left alone, every screen comes to rest with nothing of the visitor in it") {
    for (const bool device : {false, true}) {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            Monkey monkey(device, seed);
            for (int step = 0; step < 200; ++step) monkey.acts();
            if (monkey.state.screen == flow::Screen::saving) {
                monkey.does(event::Saved{monkey.saves.back().id});
            }
            monkey.waits(2h);
            INFO(monkey.screen() << ", seed " << seed);
            CHECK(holds_nothing(monkey.state));
            CHECK(monkey.state.staff.pin.empty());
            CHECK(monkey.state.staff.log.empty());
            CHECK(monkey.state.size == flow::TextSize::m);
            CHECK(monkey.state.theme == flow::Theme::standard);
        }
    }
}

TEST_CASE("the names of the walk are all different, and each state is of its screen") {
    const Monkey monkey(true, 1);
    std::set<std::string> names;
    for (const flow::Appearance& each : flow::every_appearance(monkey.setup)) {
        INFO(each.name);
        CHECK(names.insert(each.name).second);
        CHECK(each.name.starts_with(flow::screen_name(monkey.setup, each.state)));
    }
    CHECK(names.size() > 60);
}
