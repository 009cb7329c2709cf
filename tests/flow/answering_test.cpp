#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using kaiku::test::short_instrument;
using kaiku::test::Visitor;
using survey::Language;

}  // namespace

TEST_CASE("a visitor answers everything and is thanked only after the answer is durable") {
    Visitor visitor;
    visitor.starts(Language::sv).does(event::Scored{4}).next();
    REQUIRE(visitor.screen() == "statement.help");
    visitor.does(event::Rated{5}).next();
    REQUIRE(visitor.screen() == "choice.visit");
    visitor.does(event::Chosen{"again"}).next();
    REQUIRE(visitor.screen() == "text");
    visitor.types(U"tack").next();
    REQUIRE(visitor.screen() == "contact");
    visitor.types(U"anna").next();

    REQUIRE(visitor.screen() == "saving");
    REQUIRE(visitor.saves.size() == 1);
    const survey::Response& response = visitor.saves.front();
    CHECK(response.instrument == "full");
    CHECK(response.version == 3);
    CHECK(response.unit == "tk-1");
    CHECK(response.language == Language::sv);
    CHECK(response.answers.nps == 4);
    CHECK(response.answers.statements.at("help") == 5);
    CHECK(response.answers.choices.at("visit") == "again");
    CHECK(response.answers.text == "Tack");
    CHECK(response.contact == "Anna");
    CHECK(response.answered_at.time_since_epoch().count() % 3600 == 0);

    visitor.is_saved();
    CHECK(visitor.screen() == "thanks");
    CHECK(visitor.wipes == 1);
}

TEST_CASE("a condition that does not hold passes its question over, forwards and backwards") {
    Visitor visitor;
    visitor.starts().does(event::Scored{9}).next().next();
    CHECK(visitor.screen() == "text");
    visitor.does(event::Back{});
    CHECK(visitor.screen() == "statement.help");
}

TEST_CASE("an answer whose condition no longer holds is not sent") {
    Visitor visitor;
    visitor.starts().does(event::Scored{2}).next().next().does(event::Chosen{"first"});
    visitor.does(event::Back{}).does(event::Back{}).does(event::Scored{10});
    visitor.next().next().next().next();
    REQUIRE(visitor.saves.size() == 1);
    CHECK(visitor.saves[0].answers.choices.empty());
    CHECK(visitor.saves[0].answers.nps == 10);
}

TEST_CASE("every question can be skipped, and a skipped question has no answer") {
    Visitor visitor;
    visitor.starts();
    visitor.does(event::Scored{3}).does(event::Skipped{});
    visitor.does(event::Rated{2}).does(event::Skipped{});
    visitor.types(U"ei").does(event::Skipped{});
    visitor.types(U"ei").does(event::Skipped{});
    REQUIRE(visitor.saves.size() == 1);
    CHECK(visitor.saves[0].answers.empty());
    CHECK(visitor.saves[0].contact.empty());
}

TEST_CASE("can't say and a rating exclude each other") {
    Visitor visitor;
    visitor.starts().next().does(event::Rated{4}).does(event::CantSay{});
    CHECK(visitor.state.answers.statements.empty());
    CHECK(visitor.state.answers.cant_say.contains("help"));
    visitor.does(event::Rated{1});
    CHECK(visitor.state.answers.cant_say.empty());
    CHECK(visitor.state.answers.statements.at("help") == 1);
}

TEST_CASE("values outside a scale and unknown options change nothing") {
    Visitor visitor;
    visitor.starts().does(event::Scored{11}).does(event::Scored{-1});
    CHECK_FALSE(visitor.state.answers.nps);
    visitor.does(event::Scored{1}).next().does(event::Rated{6}).does(event::Rated{0});
    CHECK(visitor.state.answers.statements.empty());
    visitor.next().does(event::Chosen{"third"});
    CHECK(visitor.state.answers.choices.empty());
}

TEST_CASE("the language changes on every screen without losing answers") {
    Visitor visitor;
    visitor.starts(Language::fi).does(event::Scored{2});
    visitor.does(event::LanguageChosen{Language::sv});
    CHECK(visitor.state.answers.nps == 2);
    CHECK(visitor.screen() == "nps");
    visitor.next().does(event::Rated{3}).does(event::LanguageChosen{Language::en}).next();
    visitor.does(event::Chosen{"first"}).next().types(U"hello");
    visitor.does(event::LanguageChosen{Language::fi}).next().next();
    REQUIRE(visitor.saves.size() == 1);
    CHECK(visitor.saves[0].language == Language::fi);
    CHECK(visitor.saves[0].answers.text == "Hello");
    CHECK(visitor.saves[0].answers.statements.at("help") == 3);
}

TEST_CASE("a question on several pages begins with the first, whichever way one comes") {
    Visitor visitor;
    visitor.does(event::PageTurned{1});
    CHECK(visitor.state.answers_page == 0);
    visitor.starts().does(event::PageTurned{1}).does(event::PageTurned{2});
    CHECK(visitor.state.answers_page == 2);
    visitor.does(event::PageTurned{-1});
    CHECK(visitor.state.answers_page == 0);
    visitor.does(event::PageTurned{1}).next();
    CHECK(visitor.state.answers_page == 0);
    visitor.does(event::PageTurned{1}).does(event::Back{});
    CHECK(visitor.state.answers_page == 0);
}

TEST_CASE("the language can be changed while the countdown shows and when saving failed") {
    Visitor visitor;
    visitor.starts().does(event::Scored{9});
    visitor.state.idle_warning = true;
    visitor.does(event::LanguageChosen{Language::sv});
    CHECK(visitor.state.language == Language::sv);
    CHECK(visitor.state.idle_warning);
    CHECK(visitor.state.answers.nps == 9);
    visitor.state.idle_warning = false;
    visitor.state.screen = Screen::save_failed;
    visitor.does(event::LanguageChosen{Language::en});
    CHECK(visitor.state.language == Language::en);
    CHECK(visitor.state.answers.nps == 9);
}

TEST_CASE("text size and contrast can be changed while the countdown shows, without ending it") {
    Visitor visitor;
    visitor.starts().does(event::Scored{9});
    visitor.state.idle_warning = true;
    const auto quiet_since = visitor.state.last_activity;
    visitor.does(event::SizeChanged{1}).does(event::ContrastPressed{});
    CHECK(visitor.state.size == TextSize::l);
    CHECK(visitor.state.theme == Theme::contrast_dark);
    CHECK(visitor.state.idle_warning);
    CHECK(visitor.state.last_activity == quiet_since);
}

TEST_CASE("back from the first question leaves nothing behind") {
    Visitor visitor;
    visitor.starts().does(event::Scored{2}).does(event::Back{});
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.state.answers.empty());
    CHECK_FALSE(visitor.state.id);
}

TEST_CASE("each visitor has an id of their own") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next().is_saved().does(event::Finished{});
    visitor.starts().next().next().is_saved();
    REQUIRE(visitor.saves.size() == 2);
    CHECK(visitor.saves[0].id != visitor.saves[1].id);
}

TEST_CASE("identity codes, phone numbers and addresses are masked before the answer leaves") {
    Visitor visitor(short_instrument());
    visitor.starts().next();
    visitor.does(event::ShiftPressed{}).types(U"olen 131052-308t, soita 040 123 4567").next();
    REQUIRE(visitor.saves.size() == 1);
    CHECK(visitor.saves[0].answers.text.find("131052") == std::string::npos);
    CHECK(visitor.saves[0].answers.text.find("4567") == std::string::npos);
    CHECK(visitor.saves[0].answers.text.find("olen") == 0);
}

TEST_CASE("a failed save offers another try and keeps the same id and answers") {
    Visitor visitor(short_instrument());
    visitor.starts().does(event::Scored{7}).next().next();
    visitor.does(event::SaveFailed{visitor.saves[0].id, false});
    CHECK(visitor.screen() == "save_failed");
    visitor.does(event::SaveRetried{});
    REQUIRE(visitor.saves.size() == 2);
    CHECK(visitor.saves[1].id == visitor.saves[0].id);
    CHECK(visitor.saves[1].answers == visitor.saves[0].answers);
    visitor.is_saved();
    CHECK(visitor.screen() == "thanks");
}

TEST_CASE("a save that comes through after all is thanked for") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next();
    visitor.does(event::SaveFailed{visitor.saves[0].id, false}).is_saved();
    CHECK(visitor.screen() == "thanks");
}

TEST_CASE("an abandoned or foreign save never thanks") {
    Visitor visitor(short_instrument());
    visitor.starts().next().next();
    std::array<std::uint8_t, 16> other{};
    other.fill(77);
    visitor.does(event::Saved{survey::ResponseId::from_random(other)});
    visitor.does(event::SaveFailed{survey::ResponseId::from_random(other), false});
    CHECK(visitor.screen() == "saving");
    visitor.does(event::SaveFailed{visitor.saves[0].id, false}).does(event::SaveAbandoned{});
    CHECK(visitor.screen() == "attract");
    visitor.is_saved();
    CHECK(visitor.screen() == "attract");
}

TEST_CASE("when the outbox takes no more the terminal says so instead of asking") {
    Visitor visitor(short_instrument());
    visitor.does(event::StorageChanged{true});
    CHECK(visitor.screen() == "out_of_service");
    visitor.starts();
    CHECK(visitor.screen() == "out_of_service");
    visitor.does(event::StorageChanged{false});
    CHECK(visitor.screen() == "attract");

    visitor.starts().next().next();
    visitor.does(event::SaveFailed{visitor.saves.back().id, true});
    CHECK(visitor.screen() == "save_failed");
    visitor.does(event::SaveAbandoned{});
    CHECK(visitor.screen() == "out_of_service");
}

TEST_CASE("a visit under way is not cut off when the outbox fills") {
    Visitor visitor(short_instrument());
    visitor.starts().does(event::StorageChanged{true});
    CHECK(visitor.screen() == "nps");
    visitor.does(event::Back{});
    CHECK(visitor.screen() == "out_of_service");
}

TEST_CASE("events that do not fit the screen change nothing but the time of activity") {
    const std::vector<Event> misfits{
        event::Scored{3},       event::Rated{3},      event::CantSay{},    event::Chosen{"first"},
        event::EditOpened{},    event::Typed{U'a'},   event::Backspaced{}, event::Cleared{},
        event::ShiftPressed{},  event::PagePressed{}, event::Skipped{},    event::Next{},
        event::Back{},          event::Left{},        event::Finished{},   event::SaveRetried{},
        event::SaveAbandoned{}, event::Touched{},     event::Ticked{}};
    for (const Event& misfit : misfits) {
        Visitor visitor;
        visitor.does(misfit);
        State expected;
        expected.last_activity = visitor.state.last_activity;
        CHECK(visitor.state == expected);
        CHECK(visitor.saves.empty());
    }
}
