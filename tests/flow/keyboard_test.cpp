#include <algorithm>

#include "kiosk/flow/walk.hpp"
#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using kaiku::test::full_instrument;
using kaiku::test::short_instrument;
using kaiku::test::Visitor;

Visitor writing() {
    Visitor visitor(short_instrument());
    visitor.starts().next();
    return visitor;
}

}  // namespace

TEST_CASE("a text begins with a capital and so does each sentence") {
    Visitor visitor = writing();
    visitor.types(U"älä jonota. ole hyvä! kiitos? öinen");
    CHECK(visitor.state.answers.text == "Älä jonota. Ole hyvä! Kiitos? Öinen");
}

TEST_CASE("shift makes one capital, and can be taken back") {
    Visitor visitor = writing();
    visitor.types(U"ab").does(event::ShiftPressed{}).types(U"cd");
    CHECK(visitor.state.answers.text == "AbCd");
    visitor.does(event::ShiftPressed{}).does(event::ShiftPressed{}).types(U"å÷ž");
    CHECK(visitor.state.answers.text == "AbCdå÷ž");
}

TEST_CASE("backspace removes a whole letter, and an empty text stays empty") {
    Visitor visitor = writing();
    visitor.types(U"yö").does(event::Backspaced{});
    CHECK(visitor.state.answers.text == "Y");
    visitor.does(event::Backspaced{}).does(event::Backspaced{});
    CHECK(visitor.state.answers.text.empty());
    CHECK(visitor.state.shift);
}

TEST_CASE("clear empties the text and goes back to letters") {
    Visitor visitor = writing();
    visitor.types(U"pois").does(event::PagePressed{}).does(event::Cleared{});
    CHECK(visitor.state.answers.text.empty());
    CHECK(visitor.state.key_page == KeyPage::letters);
}

TEST_CASE("the second page types as it stands and a space returns to letters") {
    Visitor visitor = writing();
    visitor.does(event::PagePressed{}).types(U"12!");
    CHECK(visitor.state.key_page == KeyPage::symbols);
    visitor.types(U" ");
    CHECK(visitor.state.key_page == KeyPage::letters);
    visitor.does(event::PagePressed{}).does(event::PagePressed{});
    CHECK(visitor.state.key_page == KeyPage::letters);
    CHECK(visitor.state.answers.text == "12! ");
}

TEST_CASE("a text stops at its limit, counted in letters") {
    Visitor visitor;
    visitor.starts().does(event::Scored{9}).next().next();
    REQUIRE(visitor.screen() == "text");
    visitor.types(std::u32string(100, U'ä'));
    CHECK(visitor.state.answers.text.size() == 80);
}

TEST_CASE("typing never moves the text, so the heap keeps no copies of it") {
    Visitor visitor = writing();
    visitor.types(U"a");
    const char* before = visitor.state.answers.text.data();
    visitor.types(std::u32string(499, U'ö'));
    CHECK(visitor.state.answers.text.data() == before);
}

TEST_CASE("the keyboard opens and closes, and a new question begins without it") {
    Visitor visitor;
    visitor.starts().does(event::Scored{9}).next().next().does(event::EditOpened{});
    CHECK(visitor.state.editing);
    visitor.does(event::EditClosed{});
    CHECK_FALSE(visitor.state.editing);
    visitor.does(event::EditOpened{}).next();
    CHECK(visitor.screen() == "contact");
    CHECK_FALSE(visitor.state.editing);
}

TEST_CASE("whether a question is answered is known for every kind") {
    Visitor visitor;
    CHECK_FALSE(is_answered(visitor.setup, visitor.state));
    visitor.starts();
    const auto becomes_answered_by = [&visitor](const Event& event) {
        const bool before = is_answered(visitor.setup, visitor.state);
        visitor.does(event);
        return !before && is_answered(visitor.setup, visitor.state);
    };
    CHECK(becomes_answered_by(event::Scored{0}));
    visitor.next();
    CHECK(becomes_answered_by(event::CantSay{}));
    visitor.next();
    CHECK(becomes_answered_by(event::Chosen{"first"}));
    visitor.next();
    CHECK(becomes_answered_by(event::Typed{U'a'}));
    visitor.next();
    CHECK(becomes_answered_by(event::Typed{U'a'}));
}

TEST_CASE("the walk holds every screen and every question, answered and not") {
    Setup setup;
    setup.instrument = &full_instrument();
    std::vector<std::string> names;
    for (const auto& appearance : every_appearance(setup)) names.push_back(appearance.name);
    for (const char* name :
         {"attract", "nps", "nps.chosen", "nps.more", "statement.help", "statement.help.chosen",
          "choice.visit", "choice.visit.chosen", "text", "text.keyboard", "text.symbols", "idle",
          "idle.text", "contact", "contact.keyboard", "saving", "save_failed", "thanks",
          "out_of_service"}) {
        INFO(name);
        CHECK(std::count(names.begin(), names.end(), name) == 1);
    }
}
