// When the program may start anew, and how each visitor's screen begins.
#include "kiosk/flow/rest.hpp"
#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;
using kaiku::test::short_instrument;
using kaiku::test::Visitor;

bool unattended(const Visitor& visitor) {
    return is_unattended(visitor.setup, visitor.state, visitor.inputs.now);
}

}  // namespace

TEST_CASE("the program may start anew ten seconds after the last visitor, and not before") {
    Visitor visitor(short_instrument());
    visitor.waits(10s);
    CHECK(unattended(visitor));
    visitor.does(event::Touched{});
    CHECK_FALSE(unattended(visitor));
    visitor.waits(9'999ms);
    CHECK_FALSE(unattended(visitor));
    visitor.waits(1ms);
    CHECK(unattended(visitor));
}

TEST_CASE("nobody's answer is broken off, however long it takes") {
    Visitor visitor(short_instrument());
    visitor.starts().waits(30s);
    CHECK_FALSE(unattended(visitor));
    visitor.waits(40s);
    CHECK(visitor.screen() == "idle");
    CHECK_FALSE(unattended(visitor));
    visitor.does(event::Stayed{}).does(event::Scored{3}).next().next().waits(1s);
    CHECK(visitor.screen() == "saving");
    CHECK_FALSE(unattended(visitor));
    visitor.is_saved().waits(7s);
    CHECK(visitor.screen() == "thanks");
    CHECK_FALSE(unattended(visitor));
    visitor.waits(1s);
    CHECK(visitor.screen() == "attract");
    visitor.waits(10s);
    CHECK(unattended(visitor));
}

TEST_CASE("who looks at the tools or chose a larger text is somebody") {
    Visitor visitor(short_instrument());
    visitor.waits(20s).does(event::SizeChanged{1}).waits(30s);
    CHECK_FALSE(unattended(visitor));
    visitor.waits(30s);  // the screen is as it was
    visitor.waits(10s);
    CHECK(unattended(visitor));
    visitor.does(event::ToolsPressed{}).waits(30s);
    CHECK_FALSE(unattended(visitor));
}

TEST_CASE("a terminal that is out of service may start anew") {
    Visitor visitor(short_instrument());
    visitor.does(event::StorageChanged{true}).waits(10s);
    CHECK(visitor.screen() == "out_of_service");
    CHECK(unattended(visitor));
}

TEST_CASE("a staff device may start anew at its pad, and not while a client has it") {
    Visitor visitor(short_instrument());
    visitor.setup.staff.offered = visitor.setup.staff.device = true;
    visitor.setup.people = {{survey::RespondentKind::adult, visitor.setup.instrument}};
    visitor.state = first_state(visitor.setup);
    visitor.waits(10s);
    CHECK(unattended(visitor));
    const auto acts = [&](StaffEvent what) { visitor.does(event::Staff{std::move(what)}); };
    acts(staff::Digit{'4'});
    visitor.waits(15s);
    CHECK_FALSE(unattended(visitor));
    for (const char digit : {'7', '1', '1'}) acts(staff::Digit{digit});
    acts(staff::PinGiven{});
    acts(staff::PinChecked{staff::Verdict::opened, 0ms});
    visitor.waits(15s);
    CHECK(visitor.screen() == "staff_home");
    CHECK_FALSE(unattended(visitor));
    acts(staff::HandedOver{});
    visitor.waits(15s);
    CHECK_FALSE(unattended(visitor));
}

TEST_CASE("each visitor's screen begins in the theme that was set up") {
    Visitor visitor(short_instrument());
    visitor.setup.first_theme = Theme::contrast_dark;
    visitor.state = first_state(visitor.setup);
    CHECK(visitor.state.theme == Theme::contrast_dark);
    visitor.waits(20s);
    CHECK(unattended(visitor));  // nobody chose it
    visitor.starts().does(event::ContrastPressed{});
    CHECK(visitor.state.theme == Theme::contrast_light);
    visitor.waits(90s);
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.state.theme == Theme::contrast_dark);
    visitor.does(event::ContrastPressed{}).waits(61s);
    CHECK(visitor.state.theme == Theme::contrast_dark);
}
