#include "kiosk/ui/recorder.hpp"

#include <algorithm>

namespace kaiku::ui {

std::string_view to_string(Role role) noexcept {
    switch (role) {
        case Role::heading:
            return "heading";
        case Role::text:
            return "text";
        case Role::button:
            return "button";
        case Role::radio:
            return "radio";
        case Role::key:
            return "key";
        case Role::progress:
            return "progress";
        case Role::image:
            return "image";
    }
    return "";
}

const Widget* Recorder::find(std::string_view id) const noexcept {
    const auto found = std::find_if(widgets_.begin(), widgets_.end(),
                                    [&](const Widget& widget) { return widget.id == id; });
    return found == widgets_.end() ? nullptr : &*found;
}

}  // namespace kaiku::ui
