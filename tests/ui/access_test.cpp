// The accessibility walk: every screen of the flow × language × text size × theme × plain or
// lowered × panel, against docs/ACCESSIBILITY.md. Numbers in brackets are that list's items.
#include "tests/ui/access.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "kiosk/ui/dump.hpp"
#include "kiosk/ui/focus.hpp"
#include "tests/support/catch.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

struct Counts {
    std::set<std::string> screens;
    std::size_t frames = 0;
    std::size_t widgets = 0;
};

std::vector<std::string> walk(test::Stage& stage, const ui::Panel& panel, Counts& counts) {
    std::vector<std::string> wrong;
    for (const auto& appearance : stage.appearances()) counts.screens.insert(appearance.name);
    test::each_variant(stage.appearances(), panel, [&](const test::Variant& variant) {
        stage.draw(variant.state);
        ++counts.frames;
        counts.widgets += stage.recorder().widgets().size();
        for (const auto& each : test::access_problems(stage.recorder(), variant.state, panel)) {
            wrong.push_back(variant.name + ": " + each);
        }
    });
    return wrong;
}

ui::Widget fine_button() {
    ui::Widget widget;
    widget.id = "planted";
    widget.role = ui::Role::button;
    widget.label = widget.speech = "Planted";
    widget.x = widget.y = 10;
    widget.w = widget.h = 200;
    widget.fg = ui::palette(flow::Theme::standard).ink;
    widget.bg = ui::palette(flow::Theme::standard).card;
    widget.focus_index = 0;
    return widget;
}

/// What the checker says about one planted widget on a 10-inch panel; empty when content.
std::string verdict(const ui::Widget& widget, const flow::State& state = {}) {
    ui::Recorder recorder;
    recorder.begin_frame();
    recorder.add(widget);
    std::string all;
    for (const auto& each :
         test::access_problems(recorder, state, test::panel_named("15in-1920x1080"))) {
        // One button alone is no screen.
        if (each.rfind("not one tap", 0) != 0) all += each + '\n';
    }
    return all;
}

}  // namespace

TEST_CASE("every screen in every language, size, theme and panel passes the list") {
    Counts counts;
    for (const char* instrument : {"national-adult", "tests/ui/every-kind"}) {
        const bool shipped = std::string(instrument) == "national-adult";
        test::Stage stage(
            instrument, ui::reference_panels().front(),
            shipped ? test::Stage::People::everybody : test::Stage::People::as_set_up);
        if (!shipped) stage.offer_staff(true);
        if (shipped) stage.offer_phone();
        for (const ui::Panel& panel : ui::reference_panels()) {
            stage.set_panel(panel);
            const std::vector<std::string> wrong = walk(stage, panel, counts);
            std::ostringstream shown;
            for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 10); ++i) {
                shown << wrong[i] << '\n';
            }
            INFO(wrong.size() << " problems\n" << shown.str());
            CHECK(wrong.empty());
        }
    }
    std::printf(
        "accessibility walk: %zu screens x %zu languages x 4 sizes x 3 themes x %zu panels, "
        "plain and lowered: %zu frames, %zu widgets checked\n",
        counts.screens.size(), survey::kLanguages.size(), ui::reference_panels().size(),
        counts.frames, counts.widgets);
    CHECK(counts.widgets > 100'000);
}

TEST_CASE("the next key alone reaches everything on every screen and comes round") {
    test::Stage stage("tests/ui/every-kind", test::panel_named("10in-1280x800"));
    stage.offer_staff(true);
    for (const auto& appearance : stage.appearances()) {
        stage.draw(appearance.state);
        const flow::FocusList list = ui::focus_list(stage.recorder());
        std::set<std::string> reached;
        std::string focus;
        for (std::size_t i = 0; i < list.ids.size(); ++i) {
            focus = flow::moved_focus(list, focus, 1);
            reached.insert(focus);
        }
        INFO(appearance.name);
        CHECK(reached.size() == list.ids.size());
    }
}

TEST_CASE("the countdown's first focus stays, so that two presses never wipe") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    for (const auto& appearance : stage.appearances()) {
        if (!appearance.state.idle_warning) continue;
        stage.draw(appearance.state);
        CHECK(flow::moved_focus(ui::focus_list(stage.recorder()), "", 1) == "idle.stay");
    }
}

TEST_CASE("the checker is content with a good button and names a bad one") {
    CHECK(verdict(fine_button()).empty());
    SECTION("too small") {
        ui::Widget small = fine_button();
        small.w = 60;  // 10.8 mm
        CHECK(verdict(small).find("A6") != std::string::npos);
        CHECK(verdict(small).find("planted") != std::string::npos);
    }
    SECTION("low contrast") {
        ui::Widget pale = fine_button();
        pale.fg = {0x90, 0x90, 0x90};
        CHECK(verdict(pale).find("A1") != std::string::npos);
    }
    SECTION("not black enough for a contrast theme") {
        flow::State state;
        state.theme = flow::Theme::contrast_light;
        ui::Widget soft = fine_button();
        soft.bg = {0xFF, 0xFF, 0xFF};
        soft.fg = {0x30, 0x30, 0x30};
        CHECK(verdict(soft, state).find("A1") != std::string::npos);
    }
    SECTION("a label that is cut") {
        ui::Widget cut = fine_button();
        cut.text_w = 260;
        CHECK(verdict(cut).find("A5") != std::string::npos);
    }
    SECTION("out of reach when lowered") {
        flow::State state;
        state.lowered = true;
        CHECK(verdict(fine_button(), state).find("A31") != std::string::npos);
    }
    SECTION("nothing to make the text larger") {
        ui::Recorder recorder;
        recorder.begin_frame();
        recorder.add(fine_button());
        const auto found = test::access_problems(recorder, {}, test::panel_named("7in-800x480"));
        CHECK(std::count(found.begin(), found.end(), "not one tap: size.up") == 1);
        CHECK(std::count(found.begin(), found.end(), "not one tap: contrast") == 1);
    }
    SECTION("unreachable by keys") {
        ui::Widget lost = fine_button();
        lost.focus_index = -1;
        CHECK(verdict(lost).find("A21") != std::string::npos);
    }
    SECTION("a chosen answer told by nothing but colour") {
        ui::Widget chosen = fine_button();
        chosen.role = ui::Role::radio;
        chosen.label.clear();
        CHECK(verdict(chosen).find("A28") != std::string::npos);
    }
}

TEST_CASE("capital letters are as high as the list asks") {
    const auto body = [](flow::TextSize size) { return ui::type_scale(size).body_mm; };
    CHECK(body(flow::TextSize::m) >= 4.8F);  // A3
    CHECK(body(flow::TextSize::m) <= 5.6F);
    CHECK(body(flow::TextSize::l) >= 6.1F);   // A4 at 500 mm
    CHECK(body(flow::TextSize::xl) >= 8.5F);  // A5; A4 at 600 mm
    CHECK(body(flow::TextSize::xl) <= 9.0F);
}

TEST_CASE("borders and the focus ring stand out by 3:1 in every theme") {
    for (const auto theme :
         {flow::Theme::standard, flow::Theme::contrast_dark, flow::Theme::contrast_light}) {
        const ui::Palette& colours = ui::palette(theme);
        for (const ui::Rgb ground : {colours.paper, colours.card}) {
            CHECK(ui::contrast(colours.line, ground) >= 3.0);
        }
        for (const ui::Rgb ground : {colours.paper, colours.card, colours.tint}) {
            CHECK(ui::contrast(colours.ink, ground) >= 3.0);  // the ring is ink
        }
    }
}

TEST_CASE("a visitor with a 20-pixel tremor answers a whole survey, every touch as meant") {
    test::Stage stage("national-adult", test::panel_named("10in-1280x800"));
    test::TremblingVisitor visitor(stage, 20);
    visitor.touches("start.sv");
    visitor.touches("nps.8");
    CHECK(visitor.state().answers.nps == 8);
    visitor.touches("nav.next");
    while (flow::screen_name(stage.setup(), visitor.state()) != "text") {
        const std::string screen = flow::screen_name(stage.setup(), visitor.state());
        INFO(screen);
        REQUIRE(screen.starts_with("statement."));
        visitor.touches(screen + ".4");
        CHECK(visitor.state().answers.statements.at(screen.substr(10)) == 4);
        visitor.touches("nav.next");
    }
    for (const char* key : {"key.t", "key.a", "key.c", "key.k"}) visitor.touches(key);
    CHECK(visitor.state().answers.text == "Tack");
    visitor.touches("text.send");
    CHECK(visitor.state().screen == flow::Screen::saving);
    CHECK(visitor.touch_count() > 18);
}

TEST_CASE("left alone, every screen returns to the first with nothing of the visitor") {
    test::Stage stage("tests/ui/every-kind", test::panel_named("10in-1280x800"));
    for (const auto& appearance : stage.appearances()) {
        // Saving ends when the disk answers.
        if (appearance.state.screen == flow::Screen::saving) continue;
        flow::State state = appearance.state;
        state.theme = flow::Theme::contrast_dark;
        state.lowered = true;
        flow::Instant now{1000};
        for (int i = 0; i < 1000; ++i) {
            const auto deadline = flow::next_deadline(stage.setup(), state, now);
            if (!deadline) break;
            now = std::max(*deadline, now);
            flow::Inputs inputs;
            inputs.now = now;
            state = flow::step(stage.setup(), state, flow::event::Ticked{}, inputs).state;
        }
        flow::State fresh;
        fresh.language = stage.setup().first_language;
        fresh.screen_since = state.screen_since;
        fresh.attract = state.attract;  // the device's own: notices, the night
        INFO(appearance.name);
        CHECK(state == fresh);
    }
}
