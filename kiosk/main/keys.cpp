// Keys and switches: which widget they reach, and how they press it.
#include <algorithm>

#include "kiosk/main/app.hpp"
#include "kiosk/ui/focus.hpp"

namespace kaiku::kiosk {

bool App::key(flow::KeyAction action) {
    if (!settle()) return false;  // the list must be that of the screen the visitor sees
    const flow::FocusList list = ui::focus_list(recorder_);
    switch (action) {
        case flow::KeyAction::previous:
            apply(flow::event::Focused{flow::moved_focus(list, state_.focus, -1)});
            break;
        case flow::KeyAction::switch_1:
            scanner_.restart(now());
            [[fallthrough]];
        case flow::KeyAction::next:
            apply(flow::event::Focused{flow::moved_focus(list, state_.focus, 1)});
            break;
        case flow::KeyAction::switch_2:
            scanner_.restart(now());
            [[fallthrough]];
        case flow::KeyAction::select:
            press_focused(list);
            break;
    }
    return true;
}

void App::press_focused(const flow::FocusList& list) {
    // With nothing in focus the first press only shows where the keys are.
    if (!flow::holds(list, state_.focus)) {
        apply(flow::event::Focused{flow::moved_focus(list, {}, 0)});
        return;
    }
    const ui::Widget* widget = recorder_.find(state_.focus);
    if (widget == nullptr) return;
    const float x = widget->x + widget->w / 2;
    const float y = widget->y + widget->h / 2;
    press(x, y);
    release(x, y);
}

void App::take_keys(const std::vector<platform::KeyPress>& presses) {
    for (const platform::KeyPress& press : presses) {
        const flow::Wedge::Taken taken = wedge_.take(press.character, press.at);
        if (taken.code && flow::awaits_code(setup_, state_)) {
            apply(flow::event::Staff{flow::staff::Scanned{flow::read_code(setup_, *taken.code)}});
        }
        if (taken.swallowed) continue;
        const auto bound = options_.bindings.find(press.code);
        if (bound == options_.bindings.end() || !debounce_.accepts(press.code, now())) continue;
        if (!key(bound->second)) return;
    }
}

void App::scan() {
    if (state_.screen == flow::Screen::attract && state_.focus.empty()) scanner_.stop();
    if (!scanner_.next() || now() < *scanner_.next()) return;
    const flow::FocusList list = ui::focus_list(recorder_);
    apply(flow::event::Focused{flow::moved_focus(list, state_.focus, 1), true});
    scanner_.restart(now());
}

}  // namespace kaiku::kiosk
