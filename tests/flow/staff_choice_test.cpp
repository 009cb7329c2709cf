// What a staff device offers first, also after a restart.
#include "kiosk/flow/staff_choice.hpp"

#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace std::chrono_literals;
namespace staff = flow::staff;
using Codes = std::vector<std::string>;
using survey::RespondentKind;

namespace {

/// A staff device of three units, opened by its PIN.
struct Device {
    explicit Device(flow::StaffChoice remembered = {}) {
        setup.instrument = &test::short_instrument();
        setup.unit = "own";
        setup.people = {{RespondentKind::adult, setup.instrument},
                        {RespondentKind::child, setup.instrument}};
        setup.staff.offered = setup.staff.device = true;
        setup.staff.units = {{"own", "", ""}, {"a", "", ""}, {"b", "", ""}};
        setup.staff.remembered = std::move(remembered);
        state = flow::first_state(setup);
        acts(staff::Entered{});
        for (const char digit : {'4', '7', '1', '1'}) acts(staff::Digit{digit});
        acts(staff::PinGiven{});
        acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    }
    void acts(flow::StaffEvent event) {
        auto stepped =
            flow::step(setup, std::move(state), flow::event::Staff{std::move(event)}, {.now = 1s});
        state = std::move(stepped.state);
        for (auto& effect : stepped.effects) {
            const auto* asked = std::get_if<flow::effect::Staff>(&effect);
            if (asked == nullptr) continue;
            if (const auto* keep = std::get_if<flow::request::KeepChoice>(&asked->what)) {
                kept.push_back(keep->choice);
            }
        }
    }
    void hands_over(const std::string& unit, RespondentKind kind) {
        acts(staff::UnitChosen{unit});
        acts(staff::RespondentChosen{kind});
        acts(staff::HandedOver{});
    }
    /// A client takes it and leaves again; staff goes back to choosing.
    void comes_back() {
        for (const flow::Event& event : {flow::Event(flow::event::Started{survey::Language::fi}),
                                         flow::Event(flow::event::Back{})}) {
            state = flow::step(setup, std::move(state), event, {.now = 1s}).state;
        }
        acts(staff::Change{});
    }
    Codes offered() const {
        Codes codes;
        for (const auto& unit : flow::units_to_choose(setup, state)) codes.push_back(unit.code);
        return codes;
    }

    flow::Setup setup;
    flow::State state;
    std::vector<flow::StaffChoice> kept;
};

}  // namespace

TEST_CASE("the units used last are offered first") {
    Device device;
    REQUIRE(device.state.staff.page == flow::StaffPage::home);
    CHECK(device.offered() == Codes{"own", "a", "b"});
    device.hands_over("b", RespondentKind::child);
    REQUIRE(device.kept.size() == 1);
    CHECK(device.kept[0] == flow::StaffChoice{{"b"}, RespondentKind::child});
    device.comes_back();
    REQUIRE(device.state.staff.page == flow::StaffPage::home);
    CHECK(device.offered() == Codes{"b", "own", "a"});
    device.hands_over("a", RespondentKind::child);
    device.comes_back();
    CHECK(device.offered() == Codes{"a", "b", "own"});
    CHECK(device.kept.back().units == Codes{"a", "b"});
}

TEST_CASE("what is looked at but not handed over is not kept, nor the same twice") {
    Device device;
    device.acts(staff::UnitChosen{"b"});
    device.acts(staff::RespondentChosen{RespondentKind::child});
    CHECK(device.kept.empty());
    device.acts(staff::HandedOver{});
    device.comes_back();
    device.acts(staff::HandedOver{});
    CHECK(device.kept.size() == 1);
}

TEST_CASE("after a restart the device stands as it was handed over last") {
    const Device device({{"b", "a"}, RespondentKind::child});
    CHECK(device.state.staff.unit == "b");
    CHECK(device.state.staff.respondent == RespondentKind::child);
    CHECK(device.offered() == Codes{"b", "a", "own"});
}

TEST_CASE("what is no longer offered is not remembered") {
    const Device device({{"closed", "", "a", "a"}, RespondentKind::youth});
    CHECK(device.state.staff.unit == "a");
    CHECK(device.state.staff.respondent == RespondentKind::adult);
    CHECK(device.state.staff.used.units == Codes{"a"});
    CHECK(device.offered() == Codes{"a", "own", "b"});
}

TEST_CASE("a terminal that hangs on a wall remembers no hand-over") {
    flow::Setup setup;
    setup.instrument = &test::short_instrument();
    setup.unit = "own";
    setup.staff.units = {{"a", "", ""}};
    setup.staff.remembered = {{"a"}, RespondentKind::child};
    CHECK(flow::first_state(setup).staff == flow::StaffState{});
}
