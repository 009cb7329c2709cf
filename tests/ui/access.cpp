#include "tests/ui/access.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "kiosk/ui/widgets.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::test {

namespace {

constexpr float kPixel = 1.0F;
constexpr double kTarget_mm = 12.7;
constexpr double kGap_mm = 2.54;

bool is_target(const ui::Widget& widget) {
    return widget.role == ui::Role::button || widget.role == ui::Role::radio ||
           widget.role == ui::Role::key;
}

std::string describe(const ui::Widget& w) {
    std::ostringstream out;
    out << w.id << " [" << w.x << ',' << w.y << ' ' << w.w << 'x' << w.h << "] \"" << w.label
        << '"';
    return out.str();
}

class Checker {
  public:
    Checker(const flow::State& state, const ui::Panel& panel) : state_(state), panel_(panel) {}

    void check(const ui::Widget& w) {
        const double least = state_.theme == flow::Theme::standard ? 10.0 : 20.0;
        if (ui::contrast(w.fg, w.bg) < least) complain("A1 contrast", w);
        if (w.x < 0 || w.y < 0 || w.x + w.w > static_cast<float>(panel_.width_px) + kPixel ||
            w.y + w.h > static_cast<float>(panel_.height_px) + kPixel) {
            complain("A5 outside the panel", w);
        }
        if (w.text_w > w.w + kPixel || w.text_h > w.h + kPixel) complain("A5 label cut", w);
        if (w.label.empty() || w.speech.empty()) complain("A28 no words", w);
        if (!is_target(w)) return;
        if (mm_across(w.w) < kTarget_mm || mm_down(w.h) < kTarget_mm) complain("A6 small", w);
        if (w.focus_index < 0) complain("A21 not in the focus order", w);
        const bool lowered = state_.lowered && ui::can_lower(panel_);
        if (lowered && w.y + kPixel < static_cast<float>(panel_.height_px) / 2) {
            complain("A31 above the middle", w);
        }
    }

    void check_pair(const ui::Widget& a, const ui::Widget& b) {
        if (!is_target(a) || !is_target(b)) return;
        const auto apart = [](float from_a, float size_a, float from_b, float size_b) {
            return std::max(from_b - (from_a + size_a), from_a - (from_b + size_b));
        };
        const double gap =
            std::max(mm_across(apart(a.x, a.w, b.x, b.w)), mm_down(apart(a.y, a.h, b.y, b.h)));
        if (gap < kGap_mm) complain("A6 too close to " + b.id, a);
    }

    void check_order(const std::vector<ui::Widget>& widgets) {
        int expected = 0;
        std::set<std::string> ids;
        for (const ui::Widget& w : widgets) {
            if (!ids.insert(w.id).second) complain("A21 an id twice", w);
            if (w.focus_index >= 0 && w.focus_index != expected++) complain("A21 order", w);
        }
    }

    /// The visitor can change the language, or open the tools, wherever a language was chosen.
    void check_language(const ui::Recorder& drawn) {
        const flow::Screen screen = state_.screen;
        const bool in_all =
            screen == flow::Screen::attract || screen == flow::Screen::out_of_service;
        if (in_all || screen == flow::Screen::staff) return;
        const bool offered = drawn.find("lang.sv") != nullptr || drawn.find("tools") != nullptr;
        if (!offered) found_.emplace_back("no way to another language");
    }

    /// Larger and smaller text and the contrast themes, one tap each. A size that is reached needs
    /// no key. Locked for cleaning nothing may be pressed, and the touch test is one grid.
    void check_seeing(const ui::Recorder& drawn) {
        const bool locked = state_.screen == flow::Screen::staff &&
                            (state_.staff.page == flow::StaffPage::cleaning ||
                             state_.staff.page == flow::StaffPage::touch_test);
        if (locked) return;
        const auto need = [&](const char* id) {
            if (drawn.find(id) == nullptr) found_.push_back(std::string("not one tap: ") + id);
        };
        if (state_.size != flow::TextSize::xl) need("size.up");
        if (state_.size != flow::TextSize::s) need("size.down");
        need("contrast");
    }

    std::vector<std::string> found() && { return std::move(found_); }

  private:
    double mm_across(float px) const {
        return static_cast<double>(px) * panel_.width_mm / panel_.width_px;
    }
    double mm_down(float px) const {
        return static_cast<double>(px) * panel_.height_mm / panel_.height_px;
    }
    void complain(const std::string& what, const ui::Widget& widget) {
        found_.push_back(what + ": " + describe(widget));
    }

    const flow::State& state_;
    const ui::Panel& panel_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> access_problems(const ui::Recorder& recorder, const flow::State& state,
                                         const ui::Panel& panel) {
    Checker checker(state, panel);
    const auto& widgets = recorder.widgets();
    for (std::size_t i = 0; i < widgets.size(); ++i) {
        checker.check(widgets[i]);
        for (std::size_t j = i + 1; j < widgets.size(); ++j) {
            checker.check_pair(widgets[i], widgets[j]);
        }
    }
    checker.check_order(widgets);
    checker.check_language(recorder);
    checker.check_seeing(recorder);
    return std::move(checker).found();
}

void TremblingVisitor::touches(const std::string& id) {
    while (stage_.display().wants_frame()) stage_.draw(state_);
    stage_.draw(state_);
    const ui::Widget* widget = stage_.recorder().find(id);
    INFO("widget " << id);
    REQUIRE(widget != nullptr);
    const float x = widget->x + widget->w / 2;
    const float y = widget->y + widget->h / 2;
    const auto shaken = [this](float middle) {
        return middle + static_cast<float>(shake_(random_));
    };
    stage_.display().inject_press(shaken(x), shaken(y));
    stage_.display().inject_release(shaken(x), shaken(y));
    std::optional<flow::Event> happened = stage_.draw(state_);
    while (stage_.display().wants_frame()) {
        if (const auto next = stage_.draw(state_)) happened = next;
    }
    REQUIRE(happened);
    ++touches_;
    state_ = flow::step(stage_.setup(), state_, *happened, {}).state;
}

}  // namespace kaiku::test
