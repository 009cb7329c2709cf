#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

void draw_staff_log(Canvas& canvas, Said& said) {
    using locales::Key;
    const auto& words = canvas.model.said();
    StaffList list;
    list.title = words[Key::staff_log_title];
    const auto& lines = canvas.model.state.staff.log;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        list.items.push_back({"staff.log." + std::to_string(i + 1), lines[i], "", std::nullopt});
    }
    if (lines.empty()) {
        list.items.push_back({"staff.log.none", words[Key::staff_log_none], "", std::nullopt});
    }
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
