// Who answers: the choice at the start, and what it does to the response.
#include "kiosk/flow/people.hpp"

#include <algorithm>

#include "kiosk/flow/walk.hpp"
#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::flow;
using survey::RespondentKind;

namespace {

/// An instrument of one statement and an open text.
survey::Instrument small_instrument(const std::string& id) {
    survey::Instrument instrument;
    instrument.id = id;
    instrument.version = 2;
    survey::Question statement;
    statement.key = "kind";
    statement.kind = survey::QuestionKind::statement;
    survey::Question text;
    text.key = "text";
    text.kind = survey::QuestionKind::open_text;
    text.max_characters = 100;
    instrument.questions = {statement, text};
    return instrument;
}

struct House {
    survey::Instrument child = small_instrument("child");
    survey::Instrument plain = small_instrument("plain");
    test::Visitor visitor;

    House() {
        visitor.setup.people = {{RespondentKind::adult, visitor.setup.instrument, &plain},
                                {RespondentKind::youth, visitor.setup.instrument, nullptr},
                                {RespondentKind::child, &child, nullptr}};
        visitor.setup.ask_assisted = true;
    }
};

}  // namespace

TEST_CASE("nobody is asked who answers where there is nothing to choose") {
    test::Visitor visitor;
    visitor.setup.people = {{RespondentKind::youth, visitor.setup.instrument, nullptr}};
    visitor.setup.respondent = RespondentKind::youth;
    CHECK(visitor.starts().screen() == "nps");
    const auto shown = every_appearance(visitor.setup);
    CHECK(std::none_of(shown.begin(), shown.end(),
                       [](const Appearance& each) { return each.name == "who"; }));
}

TEST_CASE("one kind alone is still asked who answers when it may be helped or wants plain words") {
    test::Visitor visitor;
    visitor.setup.people = {{RespondentKind::adult, visitor.setup.instrument, nullptr}};
    visitor.setup.ask_assisted = true;
    CHECK(visitor.starts().screen() == "who");
    survey::Instrument plain = small_instrument("plain");
    visitor.setup.ask_assisted = false;
    visitor.setup.people.front().plain = &plain;
    visitor.does(event::Back{});
    CHECK(visitor.starts().screen() == "who");
}

TEST_CASE("a child answers the child's instrument, and the response says so") {
    House house;
    test::Visitor& visitor = house.visitor;
    CHECK(visitor.starts(survey::Language::sv).screen() == "who");
    visitor.does(event::AssistedPressed{}).does(event::WhoChosen{RespondentKind::child});
    CHECK(visitor.screen() == "statement.kind");
    visitor.does(event::Rated{5}).next().does(event::Skipped{});
    REQUIRE(visitor.saves.size() == 1);
    const survey::Response& response = visitor.saves.front();
    CHECK(response.instrument == "child");
    CHECK(response.version == 2);
    CHECK(response.respondent == RespondentKind::child);
    CHECK(response.assisted);
    CHECK(response.language == survey::Language::sv);
    CHECK(response.answers.statements.at("kind") == 5);
}

TEST_CASE("an instrument that is read aloud starts speaking, once, until the visitor says no") {
    House house;
    house.child.read_aloud = true;
    test::Visitor& visitor = house.visitor;
    visitor.starts();
    CHECK_FALSE(visitor.state.hearing.on);
    visitor.does(event::WhoChosen{RespondentKind::child});
    CHECK(visitor.state.hearing.on);
    visitor.does(event::SpeechPressed{});
    CHECK_FALSE(visitor.state.hearing.on);
    visitor.next();
    CHECK_FALSE(visitor.state.hearing.on);
    visitor.does(event::Skipped{}).is_saved().does(event::Finished{}).starts();
    CHECK_FALSE(visitor.state.hearing.on);
}

TEST_CASE("youth answer the adults' instrument as youth") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts().does(event::WhoChosen{RespondentKind::youth});
    CHECK(visitor.screen() == "nps");
    CHECK(respondent_of(visitor.setup, visitor.state) == RespondentKind::youth);
    CHECK_FALSE(is_assisted(visitor.setup, visitor.state));
}

TEST_CASE("plain language gives the variant to whoever has one and the usual one to the others") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts().does(event::PlainPressed{}).does(event::WhoChosen{RespondentKind::adult});
    CHECK(instrument_of(visitor.setup, visitor.state).id == "plain");
    visitor.does(event::Back{});
    CHECK(visitor.screen() == "who");
    visitor.does(event::WhoChosen{RespondentKind::youth});
    CHECK(&instrument_of(visitor.setup, visitor.state) == visitor.setup.instrument);
}

TEST_CASE("going back to choose another kind keeps the choice and drops the other's answers") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts().does(event::WhoChosen{RespondentKind::child}).does(event::Rated{1});
    visitor.does(event::Back{});
    CHECK(visitor.screen() == "who");
    CHECK(visitor.state.respondent == RespondentKind::child);
    visitor.does(event::WhoChosen{RespondentKind::child});
    CHECK(visitor.state.answers.statements.at("kind") == 1);
    visitor.does(event::Back{}).does(event::WhoChosen{RespondentKind::adult});
    CHECK(visitor.screen() == "nps");
    CHECK(visitor.state.answers.empty());
}

TEST_CASE("a kind that is not offered is not chosen") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts();
    const State before = visitor.state;
    visitor.does(event::WhoChosen{RespondentKind::relative});
    CHECK(visitor.state == before);
}

TEST_CASE("the choice is asked only on its own screen, and only what is offered") {
    House house;
    test::Visitor& visitor = house.visitor;
    const auto nothing_happens = [&](const Event& event) {
        State before = visitor.state;
        visitor.does(event);
        before.last_activity = visitor.state.last_activity;
        CHECK(visitor.state == before);
    };
    nothing_happens(event::WhoChosen{RespondentKind::child});
    nothing_happens(event::AssistedPressed{});
    nothing_happens(event::PlainPressed{});
    visitor.setup.ask_assisted = false;
    visitor.setup.people.front().plain = nullptr;
    visitor.starts();
    nothing_happens(event::AssistedPressed{});
    nothing_happens(event::PlainPressed{});
}

TEST_CASE("the next visitor starts with nothing chosen") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts()
        .does(event::PlainPressed{})
        .does(event::AssistedPressed{})
        .does(event::WhoChosen{RespondentKind::child})
        .waits(std::chrono::minutes{5});
    CHECK(visitor.screen() == "attract");
    State fresh;
    fresh.screen_since = visitor.state.screen_since;
    fresh.attract = visitor.state.attract;
    fresh.last_activity = visitor.state.last_activity;
    CHECK(visitor.state == fresh);
}

TEST_CASE("whoever walks away while choosing is warned and forgotten") {
    House house;
    test::Visitor& visitor = house.visitor;
    visitor.starts().waits(visitor.setup.timeouts.question);
    CHECK(visitor.screen() == "idle");
    visitor.waits(visitor.setup.timeouts.warning);
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.saves.empty());
}

TEST_CASE("the walk shows every question of every instrument once, and who answers") {
    House house;
    const auto shown = every_appearance(house.visitor.setup);
    const auto count = [&](const std::string& name) {
        return std::count_if(shown.begin(), shown.end(),
                             [&](const Appearance& each) { return each.name == name; });
    };
    for (const char* name : {"who", "who.chosen", "idle.who", "nps", "statement.kind@child",
                             "text@child", "statement.kind@plain"}) {
        INFO(name);
        CHECK(count(name) == 1);
    }
}
