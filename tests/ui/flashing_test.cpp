// Nothing flashes, and nothing moves by itself but numbers that count seconds (ACCESSIBILITY A29).
#include "tests/ui/flashing.hpp"

#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;
using namespace std::chrono_literals;

namespace {

/// A terminal that nobody touches but the test, with its panel under watch.
class Scene {
  public:
    Scene(test::Stage& stage, flow::State state) : stage_(stage), state_(std::move(state)) {
        show();
    }

    void does(const flow::Event& event) {
        const flow::Inputs inputs{
            .now = now_, .wall = survey::UtcSeconds{1'795'365'300s}, .random = {}};
        state_ = flow::step(stage_.setup(), std::move(state_), event, inputs).state;
    }
    /// Time goes on to `until` with a look at the panel at every deadline, and between: drawing
    /// may depend on the time although the terminal would not redraw.
    void wait(flow::Instant until, std::chrono::milliseconds look) {
        while (now_ < until) {
            now_ += look;
            const auto due = flow::next_deadline(stage_.setup(), state_, now_ - look);
            if (due && *due <= now_) does(flow::event::Ticked{});
            show();
        }
    }
    void show() {
        stage_.set_now(now_);
        for (int frame = 0; frame < 2; ++frame) stage_.draw(state_);  // as many as the terminal
        const auto file = dir_.path() / "panel.png";
        REQUIRE(stage_.display().screenshot(file));
        auto picture = platform::read_png(file);
        REQUIRE(picture);
        watch_.see(now_, *picture);
    }

    const test::FlashWatch& watch() const { return watch_; }
    flow::State& state() { return state_; }
    flow::Instant now() const { return now_; }

  private:
    test::Stage& stage_;
    flow::State state_;
    flow::Instant now_{0};
    test::TempDir dir_;
    test::FlashWatch watch_;
};

/// Every screen of a terminal as visitors see it, and of a staff device.
void each_scene(const std::function<void(test::Stage&, const flow::Appearance&)>& visit) {
    const ui::Panel panel = test::panel_named("7in-800x480");
    for (const bool visitors : {true, false}) {
        test::Stage stage(
            visitors ? "national-adult" : "tests/ui/every-kind", panel,
            visitors ? test::Stage::People::everybody : test::Stage::People::as_set_up);
        if (visitors) stage.offer_phone();
        stage.offer_staff(!visitors);
        for (const auto& appearance : stage.appearances()) visit(stage, appearance);
    }
}

flow::State question() {
    flow::State state;
    state.screen = flow::Screen::question;
    return state;
}

}  // namespace

TEST_CASE("left alone, no screen changes more than once a second, nor flashes") {
    int scenes = 0;
    int moving = 0;
    each_scene([&](test::Stage& stage, const flow::Appearance& appearance) {
        INFO(appearance.name);
        Scene scene(stage, appearance.state);
        scene.wait(2s, 125ms);
        CHECK(scene.watch().changes_per_second() <= 1);
        CHECK(scene.watch().flashes_per_second() == 0);
        // What changes shows a number of seconds; a movement would not keep their time.
        for (const flow::Instant at : scene.watch().changes()) {
            CHECK((at % 1000ms == 0ms || appearance.state.screen == flow::Screen::saving));
        }
        ++scenes;
        moving += scene.watch().changes().empty() ? 0 : 1;
    });
    std::cout << scenes << " screens watched, of which " << moving << " count seconds\n";
    CHECK(scenes > 60);
    CHECK(moving > 0);  // the watch sees a countdown
}

TEST_CASE("left alone for hours, no screen asks to be redrawn more than once a second") {
    each_scene([&](test::Stage& stage, const flow::Appearance& appearance) {
        INFO(appearance.name);
        const flow::Setup& setup = stage.setup();
        flow::State state = appearance.state;
        flow::Instant now{0};
        flow::Instant last{-1000};
        for (int tick = 0; tick < 500; ++tick) {
            const auto due = flow::next_deadline(setup, state, now);
            if (!due || *due > 3h) break;
            now = std::max(now, *due);
            const flow::Screen before = state.screen;
            state = flow::step(setup, std::move(state), flow::event::Ticked{}, {.now = now}).state;
            if (before != flow::Screen::saving) REQUIRE(now - last >= 1s);
            last = now;
        }
    });
}

TEST_CASE("what a visitor toggles five times a second flashes at most three times a second") {
    const std::vector<std::pair<std::string, flow::Event>> toggles{
        {"contrast", flow::event::ContrastPressed{}}, {"lower", flow::event::LoweredPressed{}},
        {"tools", flow::event::ToolsPressed{}},       {"larger", flow::event::SizeChanged{1}},
        {"speech", flow::event::SpeechPressed{}},     {"score", flow::event::Scored{3}}};
    test::Stage stage("quick-nps", test::panel_named("10in-800x1280"));
    for (const auto& [name, toggled] : toggles) {
        INFO(name);
        Scene scene(stage, question());
        const int taps = 15;
        for (int tap = 0; tap < taps; ++tap) {
            scene.does(toggled);
            scene.wait(scene.now() + 200ms, 200ms);
        }
        CHECK_FALSE(scene.watch().changes().empty());
        CHECK(scene.watch().flashes_per_second() <= 3);
        if (name == "contrast") {
            CHECK(scene.watch().changes().size() == taps);
            CHECK(scene.watch().flashes_per_second() > 0);  // three themes, one of them dark
        }
    }
}

TEST_CASE("the watch finds a planted flash of the whole panel and a planted blink of one widget") {
    test::Stage stage("quick-nps", test::panel_named("7in-800x480"));
    SECTION("the whole panel") {
        Scene scene(stage, question());
        for (int change = 0; change < 16; ++change) {
            scene.state().theme =
                change % 2 == 0 ? flow::Theme::contrast_dark : flow::Theme::standard;
            scene.wait(scene.now() + 125ms, 125ms);
        }
        CHECK(scene.watch().changes_per_second() == 8);
        CHECK(scene.watch().flashes_per_second() == 4);
    }
    SECTION("one widget") {
        Scene scene(stage, question());
        for (int change = 0; change < 16; ++change) {
            scene.state().focus = change % 2 == 0 ? "nav.next" : "";
            scene.wait(scene.now() + 125ms, 125ms);
        }
        CHECK(scene.watch().changes_per_second() == 8);
        CHECK(scene.watch().flashes_per_second() == 0);  // small: a blink, not a flash
    }
}
