#include "kiosk/ui/focus.hpp"

namespace kaiku::ui {

flow::FocusList focus_list(const Recorder& recorder) {
    flow::FocusList list;
    bool after_heading = false;
    bool started = false;
    for (const Widget& widget : recorder.widgets()) {
        if (widget.role == Role::heading) after_heading = true;
        if (widget.focus_index < 0 || !widget.enabled) continue;
        const bool stays = widget.id == "idle.stay";
        if ((after_heading && !started) || stays) {
            list.start = list.ids.size();
            started = true;
        }
        list.ids.push_back(widget.id);
    }
    return list;
}

}  // namespace kaiku::ui
