#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;
using kaiku::test::short_instrument;
using kaiku::test::Visitor;

}  // namespace

TEST_CASE("the speech key turns speech on and off, with volume and rate as new") {
    Visitor visitor;
    visitor.does(event::SpeechPressed{});
    REQUIRE(visitor.state.hearing.on);
    visitor.does(event::VolumeChanged{2}).does(event::RateChanged{-1});
    CHECK(visitor.state.hearing.volume == 5);
    CHECK(visitor.state.hearing.rate == 1);
    visitor.does(event::VolumeChanged{7}).does(event::RateChanged{-7});
    CHECK(visitor.state.hearing.volume == Hearing::kVolumes);
    CHECK(visitor.state.hearing.rate == 1);
    visitor.does(event::VolumeChanged{-9});
    CHECK(visitor.state.hearing.volume == 1);
    visitor.does(event::SpeechPressed{});
    CHECK(visitor.state.hearing == Hearing{});
}

TEST_CASE("volume and rate stay as they are while speech is off") {
    Visitor visitor;
    visitor.does(event::VolumeChanged{1}).does(event::RateChanged{1}).does(event::PausePressed{});
    CHECK(visitor.state.hearing == Hearing{});
}

TEST_CASE("headphones in start speech, and out they stop it") {
    Visitor visitor;
    visitor.does(event::HeadphonesChanged{true});
    CHECK(visitor.state.hearing.on);
    CHECK(visitor.state.hearing.headphones);
    visitor.does(event::VolumeChanged{1}).does(event::HeadphonesChanged{true});
    CHECK(visitor.state.hearing.volume == 4);  // nothing was plugged in anew
    visitor.does(event::HeadphonesChanged{false});
    CHECK(visitor.state.hearing == Hearing{});
}

TEST_CASE("whatever the visitor does ends a pause, but the clock does not") {
    Visitor visitor;
    visitor.starts().does(event::SpeechPressed{}).does(event::PausePressed{});
    REQUIRE(visitor.state.hearing.paused);
    visitor.does(event::Ticked{});
    CHECK(visitor.state.hearing.paused);
    visitor.does(event::Scored{4});
    CHECK_FALSE(visitor.state.hearing.paused);
    visitor.does(event::PausePressed{}).does(event::PausePressed{});
    CHECK_FALSE(visitor.state.hearing.paused);
    visitor.does(event::PausePressed{}).does(event::RepeatPressed{});
    CHECK_FALSE(visitor.state.hearing.paused);
}

TEST_CASE("speech, volume and rate are the next visitor's own, the plug is the device's") {
    Visitor visitor(short_instrument());
    visitor.does(event::HeadphonesChanged{true}).starts();
    visitor.does(event::VolumeChanged{-1}).does(event::RateChanged{1});
    visitor.next().next().is_saved();
    REQUIRE(visitor.screen() == "thanks");
    CHECK(visitor.state.hearing.on);
    visitor.does(event::Finished{});
    Hearing expected;
    expected.headphones = true;
    CHECK(visitor.state.hearing == expected);
}

TEST_CASE("a listener has 300 s and 45 s more, in questions and in texts") {
    for (const bool writes : {false, true}) {
        Visitor visitor(short_instrument());
        visitor.starts().does(event::SpeechPressed{});
        if (writes) visitor.next();
        const std::string screen = visitor.screen();
        visitor.waits(299'999ms);
        CHECK(visitor.screen() == screen);
        visitor.waits(1ms);
        REQUIRE(visitor.screen() == "idle");
        CHECK(countdown_s(visitor.setup, visitor.state, visitor.inputs.now) == 45);
        visitor.waits(44'999ms);
        CHECK(visitor.screen() == "idle");
        visitor.waits(1ms);
        CHECK(visitor.screen() == "attract");
        CHECK_FALSE(visitor.state.hearing.on);
    }
}

TEST_CASE("thanks stay until a listener has heard them") {
    Visitor visitor(short_instrument());
    visitor.starts().does(event::SpeechPressed{}).next().next().is_saved();
    visitor.waits(19'999ms);
    CHECK(visitor.screen() == "thanks");
    visitor.waits(1ms);
    CHECK(visitor.screen() == "attract");
}

TEST_CASE("speech that somebody started and left goes off by itself") {
    Visitor visitor;
    visitor.does(event::SpeechPressed{}).waits(300s);
    CHECK(visitor.screen() == "attract");
    CHECK_FALSE(visitor.state.hearing.on);
}

TEST_CASE("the countdown can be repeated and made louder without ending it") {
    Visitor visitor;
    visitor.starts().does(event::SpeechPressed{}).waits(300s);
    REQUIRE(visitor.screen() == "idle");
    visitor.does(event::VolumeChanged{1}).does(event::RepeatPressed{});
    CHECK(visitor.screen() == "idle");
    CHECK(visitor.state.hearing.volume == 4);
    visitor.does(event::Stayed{});
    CHECK(visitor.screen() == "nps");
}

TEST_CASE("the idle warning chimes once, and again only when it comes again") {
    Visitor visitor;
    visitor.starts().waits(59'999ms);
    CHECK(visitor.chimes.empty());
    visitor.waits(1ms);
    REQUIRE(visitor.screen() == "idle");
    CHECK(visitor.chimes == std::vector{3});
    visitor.waits(20s);
    CHECK(visitor.chimes.size() == 1);
    visitor.does(event::Stayed{}).waits(60s);
    REQUIRE(visitor.screen() == "idle");
    CHECK(visitor.chimes.size() == 2);
    visitor.waits(10min);
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.chimes.size() == 2);
}

TEST_CASE("every screen that warns chimes, as loud as set up, or never") {
    for (const auto& [set_up, heard] :
         {std::pair{std::optional(5), std::vector{5, 5, 5}}, {std::nullopt, std::vector<int>{}}}) {
        Visitor visitor(short_instrument());
        visitor.setup.chime = set_up;
        visitor.starts().waits(60s).does(event::Stayed{}).next().waits(90s);
        REQUIRE(visitor.screen() == "idle");
        visitor.does(event::Stayed{}).next().waits(20s);
        REQUIRE(visitor.screen() == "save_failed");
        visitor.waits(60s);
        REQUIRE(visitor.screen() == "idle");
        CHECK(visitor.chimes == heard);
    }
}

TEST_CASE("where speech is on the voice is the sound, and nothing chimes") {
    Visitor visitor;
    visitor.starts().does(event::SpeechPressed{}).does(event::PausePressed{}).waits(300s);
    REQUIRE(visitor.screen() == "idle");
    CHECK_FALSE(visitor.state.hearing.paused);
    visitor.waits(10min);
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.chimes.empty());
}

TEST_CASE("nothing chimes where nobody is warned: first screen, thanks, staff") {
    Visitor visitor(short_instrument());
    visitor.does(event::SizeChanged{1}).waits(1h);
    visitor.starts().next().next().is_saved().waits(1h);
    CHECK(visitor.chimes.empty());
    Visitor staff;
    staff.setup.staff.device = true;
    staff.setup.staff.offered = true;
    staff.state = first_state(staff.setup);
    staff.waits(1h);
    CHECK(staff.state.screen == Screen::staff);
    staff.does(event::Staff{staff::Entered{}}).waits(1h);
    CHECK(staff.chimes.empty());
}
