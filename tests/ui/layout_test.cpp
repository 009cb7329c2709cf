// Every panel × language × size × theme × screen of the shipped instruments.
#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "kiosk/ui/dump.hpp"
#include "kiosk/ui/theme.hpp"
#include "tests/support/catch.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

constexpr float kPixel = 1.0F;

bool operable(const ui::Widget& widget) { return widget.focus_index >= 0; }

bool is_target(const ui::Widget& widget) {
    return widget.role == ui::Role::button || widget.role == ui::Role::radio ||
           widget.role == ui::Role::key;
}

std::string describe(const ui::Widget& w) {
    std::ostringstream out;
    out << w.id << " [" << w.x << ',' << w.y << ' ' << w.w << 'x' << w.h << " text " << w.text_w
        << 'x' << w.text_h << "] \"" << w.label << '"';
    return out.str();
}

void check_one(const ui::Widget& w, const ui::Panel& panel, flow::Theme theme,
               std::vector<std::string>& wrong) {
    const auto complain = [&](const char* what) { wrong.push_back(what + (": " + describe(w))); };
    if (w.x < 0 || w.y < 0 || w.x + w.w > static_cast<float>(panel.width_px) + kPixel ||
        w.y + w.h > static_cast<float>(panel.height_px) + kPixel) {
        complain("outside the panel");
    }
    if (w.text_w > w.w + kPixel || w.text_h > w.h + kPixel) complain("label cut");
    if (w.glyph_missing) complain("glyph missing");
    if (w.label.empty() || w.speech.empty()) complain("nothing to say");
    const double ratio = ui::contrast(w.fg, w.bg);
    const double least = theme == flow::Theme::standard ? 10.0 : 20.0;
    if (ratio < least) complain("contrast");
    if (!is_target(w)) return;
    if (static_cast<double>(w.w) * panel.width_mm / panel.width_px < 12.7)
        complain("narrower than 12.7 mm");
    if (static_cast<double>(w.h) * panel.height_mm / panel.height_px < 12.7)
        complain("lower than 12.7 mm");
}

/// Millimetres between two widgets; negative when they overlap.
double gap_mm(const ui::Widget& a, const ui::Widget& b, const ui::Panel& panel) {
    const auto apart = [](float from_a, float size_a, float from_b, float size_b) {
        return static_cast<double>(
            std::max(from_b - (from_a + size_a), from_a - (from_b + size_b)));
    };
    const double across = apart(a.x, a.w, b.x, b.w) * panel.width_mm / panel.width_px;
    const double down = apart(a.y, a.h, b.y, b.h) * panel.height_mm / panel.height_px;
    return std::max(across, down);
}

void check_pairs(const std::vector<ui::Widget>& widgets, const ui::Panel& panel,
                 std::vector<std::string>& wrong) {
    for (std::size_t i = 0; i < widgets.size(); ++i) {
        for (std::size_t j = i + 1; j < widgets.size(); ++j) {
            const bool targets = is_target(widgets[i]) && is_target(widgets[j]);
            const double gap = gap_mm(widgets[i], widgets[j], panel);
            if (gap < (targets ? 2.54 : -0.2)) {
                wrong.push_back("gap " + std::to_string(gap) + " mm: " + describe(widgets[i]) +
                                " and " + describe(widgets[j]));
            }
        }
    }
}

void check_order(const std::vector<ui::Widget>& widgets, std::vector<std::string>& wrong) {
    int expected = 0;
    std::set<std::string> ids;
    for (const ui::Widget& widget : widgets) {
        if (!ids.insert(widget.id).second) wrong.push_back("twice: " + widget.id);
        if (operable(widget) && widget.focus_index != expected++) {
            wrong.push_back("focus order: " + describe(widget));
        }
    }
}

/// Everything wrong with one frame.
std::vector<std::string> problems_of(test::Stage& stage, const flow::State& state,
                                     const ui::Panel& panel) {
    stage.draw(state);
    std::vector<std::string> found;
    const auto& widgets = stage.recorder().widgets();
    for (const ui::Widget& widget : widgets) check_one(widget, panel, state.theme, found);
    if (state.theme == flow::Theme::standard) check_pairs(widgets, panel, found);
    check_order(widgets, found);
    return found;
}

std::vector<std::string> problems(test::Stage& stage, const ui::Panel& panel) {
    std::vector<std::string> wrong;
    test::each_variant(stage.appearances(), panel, [&](const test::Variant& variant) {
        for (const std::string& each : problems_of(stage, variant.state, panel)) {
            wrong.push_back(variant.name + ": " + each);
        }
    });
    return wrong;
}

}  // namespace

TEST_CASE("no screen cuts a label, lacks a glyph, or packs targets too small or too close") {
    for (const char* instrument :
         {"quick-nps", "national-adult", "tests/ui/every-kind", "tests/ui/longest"}) {
        const bool everybody = std::string(instrument) == "national-adult";
        test::Stage stage(
            instrument, ui::reference_panels().front(),
            everybody ? test::Stage::People::everybody : test::Stage::People::as_set_up);
        stage.offer_phone();
        stage.offer_staff(std::string(instrument) == "quick-nps");
        for (const ui::Panel& panel : ui::reference_panels()) {
            stage.set_panel(panel);
            const std::vector<std::string> wrong = problems(stage, panel);
            std::ostringstream shown;
            for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 12); ++i) {
                shown << wrong[i] << '\n';
            }
            INFO(wrong.size() << " problems\n" << shown.str());
            CHECK(wrong.empty());
        }
    }
}

TEST_CASE("every widget that scripts and tests rely on is on its screen") {
    test::Stage stage("national-adult", test::panel_named("10in-1280x800"),
                      test::Stage::People::everybody);
    stage.offer_phone();
    const auto expect = [&](const flow::State& state, const std::vector<std::string>& ids) {
        stage.draw(state);
        for (const std::string& id : ids) {
            INFO(id);
            CHECK(stage.recorder().find(id) != nullptr);
        }
    };
    const std::vector<std::string> tools{"size.up", "size.down", "contrast", "lang.fi",
                                         "lang.sv", "lang.en",   "nav.back", "progress"};
    for (const auto& appearance : stage.appearances()) {
        std::vector<std::string> ids;
        if (appearance.name == "attract" || appearance.name == "attract.night") {
            ids = {"start.fi", "start.sv", "start.en", "attract.fi.notice", "attract.sv.notice"};
        }
        if (appearance.name == "who") {
            ids = {"who.adult", "who.youth", "who.child", "who.relative", "who.assisted",
                   "plain",     "lang.sv",   "size.up",   "nav.back"};
        }
        if (appearance.name == "statement.child_safe@child") {
            ids = {"statement.child_safe.1", "statement.child_safe.5"};
        }
        if (appearance.name == "nps") {
            ids = tools;
            ids.emplace_back("nav.next");
            for (int score = 0; score <= 10; ++score) ids.push_back("nps." + std::to_string(score));
        }
        if (appearance.name == "statement.help") {
            ids = tools;
            ids.insert(ids.end(), {"statement.help.1", "statement.help.2", "statement.help.3",
                                   "statement.help.4", "statement.help.5",
                                   "statement.help.cant_say", "nav.next"});
        }
        if (appearance.name == "text") {
            ids = tools;
            ids.insert(ids.end(), {"text.edit", "text.skip", "text.send", "key.a", "key.å", "key.ä",
                                   "key.ö", "key.z", "key.space", "key.shift", "key.backspace",
                                   "key.clear", "key.page", "key.,", "key.."});
        }
        if (appearance.name == "text.symbols") ids = {"key.1", "key.0", "key.?", "key.!", "key.@"};
        if (appearance.name == "idle") ids = {"idle.stay", "idle.leave"};
        if (appearance.name == "thanks") ids = {"thanks.done"};
        if (appearance.name == "save_failed") ids = {"save.retry", "save.drop"};
        expect(appearance.state, ids);
    }
}

TEST_CASE(
    "the attract screen moves by a few pixels a minute and comes back, the panel stays full") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    flow::State state;
    std::set<std::pair<float, float>> places;
    std::vector<std::pair<float, float>> way;
    for (int beat = 0; beat <= 8; ++beat) {
        state.attract.beat = beat;
        stage.draw(state);
        const ui::Widget* start = stage.recorder().find("start.fi");
        REQUIRE(start != nullptr);
        way.emplace_back(start->x, start->y);
        places.insert(way.back());
    }
    CHECK(places.size() == 8);
    CHECK(way.front() == way.back());
    for (std::size_t i = 1; i < way.size(); ++i) {
        CHECK(std::abs(way[i].first - way[0].first) <= 4.0F);
        CHECK(std::abs(way[i].second - way[0].second) <= 4.0F);
    }
}

TEST_CASE("at night the attract screen is dark and as readable, and a visitor gets the day back") {
    test::Stage stage("quick-nps", test::panel_named("10in-1280x800"));
    flow::State state;
    state.attract.dimmed = true;
    stage.draw(state);
    for (const ui::Widget& widget : stage.recorder().widgets()) {
        INFO(widget.id);
        CHECK(ui::contrast(widget.fg, widget.bg) >= 10.0);
    }
    const ui::Palette& night = ui::night_palette();
    CHECK(ui::contrast(night.line, night.card) >= 3.0);
    CHECK(ui::contrast(night.line, night.tint) >= 3.0);
    CHECK(ui::contrast(night.paper, {0, 0, 0}) < 1.3);
    state.screen = flow::Screen::question;
    stage.draw(state);
    const ui::Widget* title = stage.recorder().find("question.title");
    REQUIRE(title != nullptr);
    CHECK(title->bg == ui::palette(flow::Theme::standard).paper);
}
