#include <set>

#include "tests/support/catch.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

flow::State nps_state() {
    flow::State state;
    state.screen = flow::Screen::question;
    return state;
}

template <class Event>
bool is(const std::optional<flow::Event>& event) {
    return event && std::holds_alternative<Event>(*event);
}

/// The page a tap asks for; -1 when it asks for none.
int page_asked(const std::optional<flow::Event>& event) {
    return is<flow::event::PageTurned>(event) ? std::get<flow::event::PageTurned>(*event).page : -1;
}

}  // namespace

TEST_CASE("a press and a release inside one widget is a tap") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    const auto event = stage.tap(nps_state(), "nps.7");
    REQUIRE(is<flow::event::Scored>(event));
    CHECK(std::get<flow::event::Scored>(*event).score == 7);
}

TEST_CASE("sliding off a widget cancels, even onto another") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    CHECK_FALSE(stage.slide(nps_state(), "nps.7", "nps.8").has_value());
}

TEST_CASE("the screen below the countdown cannot be touched") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    flow::State state = nps_state();
    stage.draw(state);
    const ui::Widget back = *stage.recorder().find("nav.back");
    state.idle_warning = true;
    stage.display().inject_press(back.x + 5, back.y + 5);
    stage.display().inject_release(back.x + 5, back.y + 5);
    std::optional<flow::Event> happened = stage.draw(state);
    while (stage.display().wants_frame()) {
        if (const auto next = stage.draw(state)) happened = next;
    }
    CHECK_FALSE(happened.has_value());
    CHECK(is<flow::event::Stayed>(stage.tap(state, "idle.stay")));
}

TEST_CASE("a press that began on another question does not answer this one") {
    test::Stage stage("national-adult", test::panel_named("10in-1280x800"));
    flow::State state = nps_state();
    state.question = 1;
    stage.draw(state);
    const ui::Widget next = *stage.recorder().find("nav.next");
    stage.display().inject_press(next.x + 9, next.y + 9);
    stage.draw(state);
    state.question = 2;
    stage.display().inject_release(next.x + 9, next.y + 9);
    CHECK_FALSE(stage.draw(state).has_value());
}

TEST_CASE("a typed text is hidden while the countdown shows") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    flow::State state = nps_state();
    state.question = 1;
    state.answers.text = "salaisuus";
    state.idle_warning = true;
    stage.draw(state);
    for (const ui::Widget& widget : stage.recorder().widgets()) {
        CHECK(widget.label.find("salaisuus") == std::string::npos);
        CHECK(widget.speech.find("salaisuus") == std::string::npos);
    }
}

TEST_CASE("a question that does not fit opens its answers on a second page, and back returns") {
    test::Stage stage("quick-nps", test::panel_named("7in-800x480"));
    flow::State state = nps_state();
    state.size = flow::TextSize::xl;
    stage.draw(state);
    REQUIRE(stage.recorder().find("more") != nullptr);
    CHECK(page_asked(stage.tap(state, "more")) == 1);
    state.answers_page = 1;
    stage.draw(state);
    REQUIRE(stage.recorder().find("nps.10") != nullptr);
    CHECK(page_asked(stage.tap(state, "nav.back")) == 0);
}

TEST_CASE(
    "on glass of any size the keyboard leaves its box in sight and can be closed and sent from") {
    test::Stage stage("quick-nps", test::panel_named("7in-800x480"));
    flow::State state = nps_state();
    state.question = 1;
    state.editing = true;
    state.answers.text = "Kiitos";
    for (const auto& [width, height] : {std::pair{153.8, 92.3}, std::pair{154.1, 85.9},
                                        std::pair{140.0, 84.0}, std::pair{120.0, 90.0}}) {
        stage.set_panel({"odd", 800, 480, width, height});
        for (const flow::TextSize size : {flow::TextSize::m, flow::TextSize::xl}) {
            state.size = size;
            stage.draw(state);
            INFO(width << " x " << height);
            for (const char* id : {"text.edit", "text.done", "text.send", "key.a", "key.ö"}) {
                const ui::Widget* widget = stage.recorder().find(id);
                INFO(id);
                REQUIRE(widget != nullptr);
                CHECK((widget->y >= 0 && widget->y + widget->h <= 480.5F));
                CHECK((widget->x >= 0 && widget->x + widget->w <= 800.5F));
                CHECK(widget->h >= 60.0F);
            }
        }
    }
}

TEST_CASE("every option of a long choice can be reached page by page, and none shows twice") {
    test::Stage stage("tests/ui/every-kind", test::panel_named("7in-800x480"));
    const survey::Question& question = stage.setup().instrument->questions.at(2);
    flow::State state = nps_state();
    state.size = flow::TextSize::xl;
    state.question = 2;
    std::set<std::string> seen;
    for (;;) {
        stage.draw(state);
        for (const survey::ChoiceOption& option : question.options) {
            const std::string id = "choice." + question.key + "." + option.key;
            if (stage.recorder().find(id) == nullptr) continue;
            CHECK(seen.insert(option.key).second);
            CHECK(is<flow::event::Chosen>(stage.tap(state, id)));
        }
        stage.draw(state);
        if (stage.recorder().find("more") == nullptr) break;
        const int next = page_asked(stage.tap(state, "more"));
        REQUIRE(next == state.answers_page + 1);
        state.answers_page = next;
    }
    CHECK(seen.size() == question.options.size());
    CHECK(state.answers_page >= 2);
    CHECK(page_asked(stage.tap(state, "nav.back")) == state.answers_page - 1);
    CHECK(stage.recorder().find("nav.next") != nullptr);
}

TEST_CASE("a page beyond the last is the last, as after making the text smaller") {
    test::Stage stage("tests/ui/every-kind", test::panel_named("7in-800x480"));
    flow::State state = nps_state();
    state.size = flow::TextSize::xl;
    state.question = 2;
    state.answers_page = 99;
    stage.draw(state);
    CHECK(stage.recorder().find("choice.place.rehabilitation") != nullptr);
    CHECK(stage.recorder().find("more") == nullptr);
    CHECK(page_asked(stage.tap(state, "nav.back")) < 10);
    stage.set_panel(test::panel_named("10in-1280x800"));
    state.size = flow::TextSize::s;
    stage.draw(state);
    CHECK(stage.recorder().find("choice.place.nurse") != nullptr);
}

TEST_CASE("the countdown, a failed save and the thanks speak another language at one tap") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    for (const flow::Appearance& appearance : stage.appearances()) {
        const bool wanted = appearance.name == "idle" || appearance.name == "save_failed" ||
                            appearance.name == "thanks";
        if (!wanted) continue;
        INFO(appearance.name);
        stage.draw(appearance.state);
        REQUIRE(stage.recorder().find("lang.sv") != nullptr);
        const auto event = stage.tap(appearance.state, "lang.sv");
        REQUIRE(is<flow::event::LanguageChosen>(event));
        CHECK(std::get<flow::event::LanguageChosen>(*event).language == survey::Language::sv);
    }
}
