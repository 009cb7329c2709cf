#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;
using kaiku::test::short_instrument;
using kaiku::test::Visitor;

/// What is left of a state when nobody has ever been here, but for when the screen appeared.
bool is_pristine(const Visitor& visitor) {
    State expected;
    expected.screen_since = visitor.state.screen_since;
    expected.last_activity = visitor.state.last_activity;
    expected.attract = visitor.state.attract;
    expected.recent = visitor.state.recent;  // when the device was used, not by whom
    return visitor.state == expected;
}

}  // namespace

TEST_CASE("an idle question warns after 60 s and is wiped 30 s later") {
    Visitor visitor;
    visitor.starts().does(event::Scored{3}).waits(59'999ms);
    CHECK(visitor.screen() == "nps");
    visitor.waits(1ms);
    REQUIRE(visitor.screen() == "idle");
    CHECK(countdown_s(visitor.setup, visitor.state, visitor.inputs.now) == 30);
    visitor.waits(29'999ms);
    REQUIRE(visitor.screen() == "idle");
    CHECK(countdown_s(visitor.setup, visitor.state, visitor.inputs.now) == 1);
    visitor.waits(1ms);
    CHECK(visitor.screen() == "attract");
    CHECK(is_pristine(visitor));
    CHECK(visitor.saves.empty());
}

TEST_CASE("an idle open text warns after 90 s") {
    Visitor visitor(short_instrument());
    visitor.starts().next().types(U"pitkä").waits(89'999ms);
    CHECK(visitor.screen() == "text");
    visitor.waits(1ms);
    CHECK(visitor.screen() == "idle");
    visitor.waits(30s);
    CHECK(is_pristine(visitor));
}

TEST_CASE("the countdown redraws once a second") {
    Visitor visitor;
    visitor.starts().waits(60s);
    visitor.ticks = 0;
    visitor.waits(10s);
    CHECK(visitor.ticks == 10);
}

TEST_CASE("one tap keeps everything, at least ten times over") {
    Visitor visitor(short_instrument());
    visitor.starts().does(event::Scored{8}).next().types(U"odota");
    for (int round = 0; round < 12; ++round) {
        visitor.waits(115s);
        REQUIRE(visitor.screen() == "idle");
        visitor.does(event::Stayed{});
        REQUIRE(visitor.screen() == "text");
    }
    CHECK(visitor.state.answers.text == "Odota");
    CHECK(visitor.state.answers.nps == 8);
}

TEST_CASE("while the countdown shows, nothing below it can be operated") {
    Visitor visitor;
    visitor.starts().waits(60s);
    visitor.does(event::Scored{1}).does(event::Next{}).does(event::Touched{});
    CHECK(visitor.screen() == "idle");
    CHECK_FALSE(visitor.state.answers.nps);
    visitor.waits(30s);
    CHECK(visitor.screen() == "attract");
}

TEST_CASE("leaving from the countdown wipes at once") {
    Visitor visitor;
    visitor.starts().does(event::Scored{1}).waits(60s).does(event::Left{});
    CHECK(is_pristine(visitor));
}

TEST_CASE("a touch that hits nothing counts as being there") {
    Visitor visitor;
    visitor.starts().waits(50s).does(event::Touched{}).waits(50s);
    CHECK(visitor.screen() == "nps");
}

TEST_CASE("thanks goes away after 8 s, or by a tap") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next().is_saved().waits(7'999ms);
    CHECK(visitor.screen() == "thanks");
    visitor.waits(1ms);
    CHECK(is_pristine(visitor));
    visitor.starts().next().next().is_saved().does(event::Finished{});
    CHECK(is_pristine(visitor));
}

TEST_CASE("a tick that comes late wipes all the same") {
    Visitor visitor;
    visitor.starts().does(event::Scored{1});
    visitor.inputs.now += 24h;
    visitor.does(event::Ticked{});
    CHECK(is_pristine(visitor));
}

TEST_CASE("saving waits for the disk and is seen only when it takes long") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next();
    REQUIRE(visitor.screen() == "saving");
    const auto deadline = next_deadline(visitor.setup, visitor.state, visitor.inputs.now);
    CHECK(deadline == visitor.inputs.now + 400ms);
    visitor.waits(19'999ms);
    CHECK(visitor.screen() == "saving");
    CHECK(next_deadline(visitor.setup, visitor.state, visitor.inputs.now) ==
          visitor.inputs.now + 1ms);
    visitor.is_saved();
    CHECK(visitor.screen() == "thanks");
}

TEST_CASE("a save that hangs ends in an honest screen, and closes the terminal behind it") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next().waits(20s);
    REQUIRE(visitor.screen() == "save_failed");
    CHECK(visitor.wipes == 0);

    SECTION("trying again sends the same answer") {
        visitor.does(event::SaveRetried{});
        CHECK(visitor.screen() == "saving");
        REQUIRE(visitor.saves.size() == 2);
        CHECK(visitor.saves[0] == visitor.saves[1]);
        visitor.waits(20s);
        CHECK(visitor.screen() == "save_failed");
    }
    SECTION("a visitor who is still there is thanked when it comes through") {
        visitor.is_saved();
        CHECK(visitor.screen() == "thanks");
        visitor.does(event::Finished{});
        CHECK(is_pristine(visitor));
    }
    SECTION("nobody is asked in vain until the store speaks again") {
        visitor.waits(90s);
        CHECK(visitor.screen() == "out_of_service");
        visitor.starts();
        CHECK(visitor.screen() == "out_of_service");
        visitor.is_saved();
        CHECK(visitor.screen() == "attract");
        CHECK(visitor.state.storage_hangs == false);
    }
    SECTION("a late no opens it as well, unless it is for want of room") {
        visitor.does(event::SaveAbandoned{});
        REQUIRE(visitor.screen() == "out_of_service");
        const bool full = GENERATE(false, true);
        visitor.does(event::SaveFailed{visitor.saves[0].id, full});
        CHECK(visitor.screen() == (full ? "out_of_service" : "attract"));
        visitor.does(event::StorageChanged{false});
        CHECK(visitor.screen() == "attract");
    }
}

TEST_CASE("an abandoned failed save is wiped after its countdown") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next();
    visitor.does(event::SaveFailed{visitor.saves[0].id, false});
    visitor.waits(60s);
    CHECK(visitor.screen() == "idle");
    visitor.waits(30s);
    CHECK(is_pristine(visitor));
}

TEST_CASE("the attract screen waits for ever, and nothing of it but its beat changes") {
    Visitor visitor;
    visitor.waits(24h * 365);
    CHECK(is_pristine(visitor));
    CHECK(visitor.wipes == 0);
}

TEST_CASE("size, theme, language and keyboard return to default after each visitor") {
    Visitor visitor(short_instrument());
    visitor.starts(survey::Language::en)
        .does(event::SizeChanged{+1})
        .does(event::ContrastPressed{});
    visitor.next().types(U"x").does(event::PagePressed{}).does(event::EditOpened{}).next();
    CHECK(visitor.state.size == TextSize::l);
    CHECK(visitor.state.theme == Theme::contrast_dark);
    visitor.is_saved();
    CHECK(visitor.state.size == TextSize::l);  // the thanks screen is still this visitor's
    visitor.does(event::Finished{});
    CHECK(is_pristine(visitor));
}

TEST_CASE("a text size changed on the attract screen returns to default when nobody comes") {
    Visitor visitor;
    visitor.does(event::SizeChanged{+2}).waits(59s);
    CHECK(visitor.state.size == TextSize::xl);
    visitor.starts().does(event::Back{});
    CHECK(visitor.state.size == TextSize::m);
    visitor.does(event::ContrastPressed{}).waits(60s);
    CHECK(is_pristine(visitor));
}

TEST_CASE("lowered controls, an open sheet and the keys' focus return to default too") {
    Visitor visitor;
    visitor.does(flow::event::LoweredPressed{}).starts();
    CHECK(visitor.state.lowered);
    visitor.does(flow::event::ToolsPressed{}).does(flow::event::Focused{"tools.done"});
    CHECK(visitor.screen() == "tools");
    CHECK(visitor.state.focus == "tools.done");
    visitor.waits(346s);
    CHECK(visitor.screen() == "attract");
    CHECK_FALSE(visitor.state.lowered);
    CHECK_FALSE(visitor.state.tools_open);
    CHECK(visitor.state.focus.empty());
}

TEST_CASE("a sheet of tools keeps the question and its answer") {
    Visitor visitor;
    visitor.starts().does(flow::event::Scored{7}).does(flow::event::ToolsPressed{});
    visitor.does(flow::event::LanguageChosen{survey::Language::sv});
    visitor.does(flow::event::ToolsPressed{});
    CHECK(visitor.screen() == "nps");
    CHECK(visitor.state.answers.nps == 7);
}

TEST_CASE("the focus is gone when the screen changes, so that no key presses what it was not on") {
    Visitor visitor;
    visitor.starts().does(flow::event::Focused{"nav.next"}).next();
    CHECK(visitor.state.focus.empty());
    visitor.does(flow::event::Focused{"nav.next"}).waits(301s);
    CHECK(visitor.screen() == "idle");
    CHECK(visitor.state.focus.empty());
    visitor.does(flow::event::Focused{"idle.stay"});
    CHECK(visitor.state.focus == "idle.stay");
}

TEST_CASE("text size stops at its ends and the themes go round") {
    Visitor visitor;
    visitor.starts();
    visitor.does(event::SizeChanged{+1}).does(event::SizeChanged{+1}).does(event::SizeChanged{+1});
    CHECK(visitor.state.size == TextSize::xl);
    for (int i = 0; i < 5; ++i) visitor.does(event::SizeChanged{-1});
    CHECK(visitor.state.size == TextSize::s);
    visitor.does(event::ContrastPressed{}).does(event::ContrastPressed{});
    CHECK(visitor.state.theme == Theme::contrast_light);
    visitor.does(event::ContrastPressed{});
    CHECK(visitor.state.theme == Theme::standard);
}

TEST_CASE("a simulated year of random visitors never leaves anything of one to the next") {
    std::uint64_t seed = 20261122;
    const auto random = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return (seed >> 33U) % below;
    };
    Visitor visitor;
    int visits = 0;
    for (int action = 0; action < 60'000; ++action) {
        switch (random(16)) {
            case 0:
                visitor.starts(survey::kLanguages[random(3)]);
                break;
            case 1:
                visitor.does(event::Scored{static_cast<int>(random(13)) - 1});
                break;
            case 2:
                visitor.does(event::Rated{static_cast<int>(random(7))});
                break;
            case 3:
                visitor.does(event::CantSay{});
                break;
            case 4:
                visitor.does(event::Chosen{random(2) == 0 ? "first" : "again"});
                break;
            case 5:
                visitor.does(event::Typed{static_cast<char32_t>(U'a' + random(26))});
                break;
            case 6:
                visitor.does(event::Backspaced{});
                break;
            case 7:
            case 8:
                visitor.next();
                break;
            case 9:
                visitor.does(event::Back{});
                break;
            case 10:
                visitor.does(event::SizeChanged{static_cast<int>(random(3)) - 1});
                break;
            case 11:
                visitor.does(event::Stayed{});
                break;
            case 12:
                visitor.waits(std::chrono::milliseconds(random(200'000)));
                break;
            case 13:
                visitor.does(event::Skipped{});
                break;
            case 14:
                if (!visitor.saves.empty()) visitor.is_saved();
                break;
            default:
                visitor.waits(std::chrono::hours(random(20)) / 4);
                break;
        }
        const bool adjusted = visitor.state.size != TextSize::m;  // by who stands there now
        if (visitor.screen() == "attract" && !adjusted) {
            REQUIRE(is_pristine(visitor));
            ++visits;
        }
        if (visitor.screen() == "thanks") REQUIRE(visitor.state.answers.empty());
    }
    CHECK(visits > 1000);
    CHECK(visitor.saves.size() > 100);
}
