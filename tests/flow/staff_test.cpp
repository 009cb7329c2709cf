// The PIN pad, the staff view, and handing a staff device over.
#include "kiosk/flow/scanning.hpp"
#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace std::chrono_literals;
namespace staff = flow::staff;
namespace request = flow::request;

namespace {

/// A visitor who is staff, with what was asked of the world.
class Staff : public test::Visitor {
  public:
    explicit Staff(bool device = false) {
        setup.staff.offered = true;
        setup.staff.device = device;
        setup.staff.units = {{"tk-1", "Terveysasema", ""}, {"nla", "Neuvola", "n7"}};
        if (device)
            setup.people = {{survey::RespondentKind::adult, setup.instrument},
                            {survey::RespondentKind::child, setup.instrument}};
        setup.staff.instruments = {"quick-nps", "national-adult"};
        state = flow::first_state(setup);
    }
    Staff& acts(flow::StaffEvent event) {
        inputs.random.fill(7);
        flow::Step stepped =
            flow::step(setup, std::move(state), flow::event::Staff{std::move(event)}, inputs);
        state = std::move(stepped.state);
        for (auto& effect : stepped.effects) {
            if (auto* asked = std::get_if<flow::effect::Staff>(&effect)) {
                requests.push_back(std::move(asked->what));
            }
        }
        return *this;
    }
    Staff& types(const std::string& pin) {
        for (const char digit : pin) acts(staff::Digit{digit});
        return *this;
    }
    /// The right PIN from the present pad.
    Staff& opens() {
        types("4711");
        acts(staff::PinGiven{});
        return acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    }
    Staff& finds_view() {
        acts(staff::Entered{});
        return opens();
    }
    template <class Request>
    int asked() const {
        int count = 0;
        for (const auto& each : requests) count += std::holds_alternative<Request>(each) ? 1 : 0;
        return count;
    }
    /// A client answers the score and sends.
    Staff& client_answers() {
        starts();
        does(flow::event::Scored{9});
        while (state.screen == flow::Screen::question) next();
        is_saved();
        return *this;
    }
    std::vector<flow::StaffRequest> requests;
};

}  // namespace

TEST_CASE("where no PIN is set there is no way into the staff's screens") {
    Staff one;
    one.setup.staff.offered = false;
    one.acts(staff::Entered{});
    CHECK(one.screen() == "attract");
}

TEST_CASE("the right PIN opens the staff view, and the typed digits are gone from the state") {
    Staff one;
    one.acts(staff::Entered{});
    CHECK(one.screen() == "staff_pin");
    CHECK(one.asked<request::LockStatus>() == 1);
    one.types("4711");
    CHECK(one.state.staff.pin == "4711");
    one.acts(staff::PinGiven{});
    CHECK(one.state.staff.pin.empty());
    REQUIRE(one.asked<request::CheckPin>() == 1);
    CHECK(std::get<request::CheckPin>(one.requests.back()).pin == "4711");
    one.acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    CHECK(one.screen() == "staff_view");
    CHECK(one.asked<request::GatherFacts>() == 1);
}

TEST_CASE("a verdict that nobody asked for opens nothing") {
    Staff one;
    one.acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    CHECK(one.screen() == "attract");
    one.acts(staff::Entered{}).acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    CHECK(one.screen() == "staff_pin");
}

TEST_CASE("while the pad is locked it takes no digit, and it hears again afterwards") {
    Staff one;
    one.acts(staff::Entered{}).types("1111").acts(staff::PinGiven{});
    one.acts(staff::PinChecked{staff::Verdict::wrong, 5s});
    CHECK(one.state.staff.wrong);
    CHECK(flow::staff_seconds_left(one.state, one.setup.staff, one.inputs.now) == 5);
    CHECK(one.types("4").state.staff.pin.empty());
    one.waits(4s);
    CHECK(one.types("4").state.staff.pin.empty());
    one.waits(1s);
    CHECK(one.types("4").state.staff.pin == "4");
}

TEST_CASE("leaving the pad does not unlock it") {
    Staff one;
    one.acts(staff::Entered{}).types("1111").acts(staff::PinGiven{});
    one.acts(staff::PinChecked{staff::Verdict::wrong, 60s}).acts(staff::Up{});
    CHECK(one.screen() == "attract");
    one.acts(staff::Entered{});
    CHECK(one.types("4").state.staff.pin.empty());
}

TEST_CASE("three digits are not tried, and a thirteenth is not taken") {
    Staff one;
    one.acts(staff::Entered{}).types("471").acts(staff::PinGiven{});
    CHECK(one.asked<request::CheckPin>() == 0);
    one.types("0123456789012345");
    CHECK(one.state.staff.pin.size() == flow::kMostPinDigits);
}

TEST_CASE("every staff page goes back to the first screen by itself, with nothing left of it") {
    using flow::StaffPage;
    for (const StaffPage page :
         {StaffPage::view, StaffPage::tools, StaffPage::settings, StaffPage::touch_test,
          StaffPage::panel, StaffPage::log, StaffPage::code}) {
        Staff one;
        one.finds_view().acts(staff::PageOpened{page});
        INFO(flow::staff_page_name(page));
        REQUIRE(one.state.staff.page == page);
        one.waits(59s);
        CHECK(one.state.screen == flow::Screen::staff);
        one.waits(1s);
        CHECK(one.screen() == "attract");
        CHECK_FALSE(one.state.staff.trusted);
        CHECK(one.state.staff.log.empty());
        CHECK(one.state.staff.facts == flow::StaffFacts{});
    }
}

TEST_CASE("no page behind the PIN opens by its name from outside") {
    Staff one;
    one.acts(staff::PageOpened{flow::StaffPage::view});
    CHECK(one.screen() == "attract");
    one.acts(staff::Entered{}).acts(staff::PageOpened{flow::StaffPage::tools});
    CHECK(one.screen() == "staff_pin");
    one.acts(staff::RestartAsked{}).acts(staff::SendAsked{});
    CHECK(one.asked<request::Restart>() == 0);
    CHECK(one.asked<request::SendNow>() == 0);
}

TEST_CASE("cleaning locks everything for 60 s and then returns") {
    Staff one;
    one.finds_view().acts(staff::PageOpened{flow::StaffPage::tools});
    one.acts(staff::PageOpened{flow::StaffPage::cleaning});
    CHECK(one.screen() == "staff_cleaning");
    const int ticks = one.ticks;
    one.waits(30s);
    CHECK(one.ticks - ticks >= 29);  // the countdown is seen to run
    CHECK(flow::staff_seconds_left(one.state, one.setup.staff, one.inputs.now) == 30);
    one.does(flow::event::Touched{});
    one.acts(staff::Up{}).acts(staff::PageOpened{flow::StaffPage::view}).acts(staff::Entered{});
    CHECK(one.screen() == "staff_cleaning");
    one.waits(30s);
    CHECK(one.screen() == "staff_tools");
}

TEST_CASE("the panel's size follows the card and is kept only when asked to") {
    Staff one;
    one.finds_view().acts(staff::PageOpened{flow::StaffPage::panel});
    one.acts(staff::PanelCame{{200, 120, 0}}).acts(staff::PanelFitted{10});
    CHECK(one.state.staff.panel.width_mm == Approx(196.0));
    CHECK(one.state.staff.panel.height_mm == Approx(117.6));
    for (int i = 0; i < 2000; ++i) one.acts(staff::PanelFitted{10});
    CHECK(one.state.staff.panel.height_mm >= 50);
    CHECK(one.asked<request::KeepPanel>() == 0);
    one.acts(staff::Turned{270}).acts(staff::Turned{360}).acts(staff::PanelKept{});
    REQUIRE(one.asked<request::KeepPanel>() == 1);
    CHECK(std::get<request::KeepPanel>(one.requests.back()).panel.rotation == 0);
}

TEST_CASE("settings take only units and instruments of this device") {
    Staff one;
    one.finds_view().acts(staff::PageOpened{flow::StaffPage::settings});
    one.acts(staff::UnitChosen{"foreign"}).acts(staff::InstrumentChosen{"foreign"});
    CHECK(one.asked<request::KeepUnit>() == 0);
    CHECK(one.asked<request::KeepInstrument>() == 0);
    one.acts(staff::UnitChosen{"nla"}).acts(staff::InstrumentChosen{"national-adult"});
    CHECK(one.asked<request::KeepUnit>() == 1);
    CHECK(one.asked<request::KeepInstrument>() == 1);
    one.acts(staff::Up{}).acts(staff::Up{}).acts(staff::Up{});
    one.client_answers();
    CHECK(one.saves.back().unit == "nla");
}

TEST_CASE("a staff device starts at the pad and stays there, asking for no wake-up") {
    Staff one(true);
    CHECK(one.screen() == "staff_pin");
    CHECK_FALSE(flow::next_deadline(one.setup, one.state, one.inputs.now).has_value());
    one.types("47").waits(60s);
    CHECK(one.state.staff.pin.empty());
    CHECK(one.screen() == "staff_pin");
    CHECK_FALSE(flow::next_deadline(one.setup, one.state, one.inputs.now).has_value());
}

TEST_CASE("a handed over device comes back on a neutral screen, and one tap serves the next") {
    Staff one(true);
    one.acts(staff::Entered{}).opens();
    REQUIRE(one.screen() == "staff_home");
    one.acts(staff::UnitChosen{"nla"});
    one.acts(staff::RespondentChosen{survey::RespondentKind::child});
    one.acts(staff::AssistedChosen{true}).acts(staff::HandedOver{});
    CHECK(one.screen() == "attract");
    for (int client = 0; client < 2; ++client) {
        one.client_answers();
        CHECK(one.saves.back().unit == "nla");
        CHECK(one.saves.back().respondent == survey::RespondentKind::child);
        CHECK(one.saves.back().assisted);
        CHECK(one.screen() == "thanks");
        one.waits(8s);
        CHECK(one.screen() == "staff_returned");
        CHECK(one.state.answers.empty());
        CHECK_FALSE(one.state.id.has_value());
        one.acts(staff::NextClient{});
        CHECK(one.screen() == "attract");
        CHECK_FALSE(one.state.respondent.has_value());
    }
}

TEST_CASE("a client who walks away leaves the neutral screen, and so does one who never starts") {
    Staff one(true);
    one.opens().acts(staff::HandedOver{});
    one.starts().does(flow::event::Scored{2}).waits(90s);
    CHECK(one.screen() == "staff_returned");
    CHECK(one.state.answers.empty());
    one.acts(staff::NextClient{}).waits(10min);
    CHECK(one.screen() == "staff_returned");
    CHECK(one.saves.empty());
}

TEST_CASE("changing the unit is free for a while after the PIN and needs it again later") {
    Staff one(true);
    one.opens().acts(staff::HandedOver{});
    one.client_answers().does(flow::event::Finished{});
    one.acts(staff::Change{});
    CHECK(one.screen() == "staff_home");
    // Whoever came in without the PIN sees nothing behind it.
    one.acts(staff::PageOpened{flow::StaffPage::tools});
    CHECK(one.screen() == "staff_home");
    one.acts(staff::PageOpened{flow::StaffPage::view});
    CHECK(one.screen() == "staff_pin");
    one.acts(staff::Up{});
    CHECK(one.screen() == "staff_returned");
    one.waits(5min);
    one.acts(staff::Change{});
    CHECK(one.screen() == "staff_pin");
}

TEST_CASE("a scanned code of ours hands over its unit; any other is answered, not obeyed") {
    Staff one(true);
    one.setup.web_url = "https://palaute.example.fi";
    const auto scans = [&one](const std::string& text) {
        one.acts(staff::Scanned{flow::read_code(one.setup, text)});
    };
    scans("https://palaute.example.fi/s/n7");
    CHECK(one.screen() == "staff_pin");  // behind the PIN no code helps
    one.opens();
    scans("https://palaute.example.com/s/n7");
    CHECK(one.screen() == "staff_home");
    CHECK(one.state.staff.scanned == flow::ScannedCode::Kind::foreign);
    scans("https://palaute.example.fi/s/elsewhere");
    CHECK(one.state.staff.scanned == flow::ScannedCode::Kind::unknown_unit);
    scans("https://palaute.example.fi/s/n7");
    CHECK(one.screen() == "attract");
    one.client_answers();
    CHECK(one.saves.back().unit == "nla");
    one.waits(5min);
    scans("tk-1");
    CHECK(one.screen() == "staff_pin");
}

TEST_CASE("a unit with a survey of its own asks it, and the next unit asks its own again") {
    Staff one(true);
    survey::Instrument other = *one.setup.instrument;
    other.id = "neuvola";
    one.setup.staff.units.at(1).asked = &other;
    one.opens().acts(staff::UnitChosen{"nla"}).acts(staff::HandedOver{});
    one.client_answers().waits(8s);
    CHECK(one.saves.back().instrument == "neuvola");
    one.acts(staff::Change{}).acts(staff::UnitChosen{"tk-1"}).acts(staff::HandedOver{});
    one.client_answers();
    CHECK(one.saves.back().instrument == one.setup.instrument->id);
}

TEST_CASE("the camera looks on its own page alone, and its failure leads back to the list") {
    Staff one(true);
    one.opens().acts(staff::CameraAsked{});
    CHECK(one.screen() == "staff_home");  // there is none
    one.setup.staff.camera = true;
    one.acts(staff::CameraAsked{});
    CHECK(one.screen() == "staff_camera");
    one.acts(staff::Scanned{{flow::ScannedCode::Kind::foreign, {}}});
    CHECK(one.screen() == "staff_camera");
    CHECK(one.state.staff.scanned == flow::ScannedCode::Kind::foreign);
    one.acts(staff::CameraFailed{});
    CHECK(one.screen() == "staff_home");
    CHECK(one.state.staff.scanned == flow::ScannedCode::Kind::no_camera);
    one.acts(staff::CameraAsked{}).acts(staff::Scanned{{flow::ScannedCode::Kind::unit, "nla"}});
    CHECK(one.screen() == "attract");
    CHECK(flow::unit_in_use(one.setup, one.state) == "nla");
}

TEST_CASE("opening hours change by half hours within their day and are kept when asked to") {
    Staff one;
    one.finds_view().acts(staff::PageOpened{flow::StaffPage::hours});
    CHECK(one.state.staff.hours[6] == survey::OpenHours{0, 24 * 60});  // never told: always open
    one.acts(staff::HoursMoved{false, -1}).acts(staff::HoursMoved{true, 1});
    CHECK(one.state.staff.hours[0] == survey::OpenHours{0, 24 * 60});
    one.acts(staff::DayChosen{2}).acts(staff::DayToggled{}).acts(staff::HoursMoved{true, -1});
    CHECK_FALSE(one.state.staff.hours[2]);
    one.acts(staff::DayToggled{}).acts(staff::HoursMoved{false, 15});
    CHECK(one.state.staff.hours[2] == survey::OpenHours{15 * 60 + 30, 16 * 60});
    one.acts(staff::HoursMoved{false, 1});  // would open when it closes
    CHECK(one.state.staff.hours[2] == survey::OpenHours{15 * 60 + 30, 16 * 60});
    one.acts(staff::DayChosen{7});
    CHECK(one.state.staff.day == 2);
    CHECK(one.asked<request::KeepOpening>() == 0);
    one.acts(staff::HoursKept{});
    CHECK(one.asked<request::KeepOpening>() == 1);
    CHECK(one.state.staff.saved);
    // From outside the page nothing changes.
    one.acts(staff::Up{}).acts(staff::DayToggled{}).acts(staff::HoursKept{});
    CHECK(one.asked<request::KeepOpening>() == 1);
}
