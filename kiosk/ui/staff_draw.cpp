#include <algorithm>

#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

void draw_staff(Canvas& canvas, Said& said) {
    switch (canvas.model.state.staff.page) {
        case flow::StaffPage::pin:
            return draw_staff_pin(canvas, said);
        case flow::StaffPage::home:
            return draw_staff_home(canvas, said);
        case flow::StaffPage::returned:
            return draw_staff_returned(canvas, said);
        case flow::StaffPage::view:
            return draw_staff_view(canvas, said);
        case flow::StaffPage::tools:
            return draw_staff_tools(canvas, said);
        case flow::StaffPage::settings:
            return draw_staff_settings(canvas, said);
        case flow::StaffPage::cleaning:
            return draw_staff_cleaning(canvas);
        case flow::StaffPage::touch_test:
            return draw_staff_touch_test(canvas, said);
        case flow::StaffPage::panel:
            return draw_staff_panel(canvas, said);
        case flow::StaffPage::log:
            return draw_staff_log(canvas, said);
        case flow::StaffPage::code:
            return draw_staff_code(canvas, said);
    }
}

void draw_staff_entrance(Canvas& canvas, Said& said) {
    if (!canvas.model.setup.staff.offered) return;
    const float away = std::clamp((canvas.height() - 60) * 0.06F, kGap, 12.0F);
    const std::string& label = canvas.model.said()[locales::Key::staff_entrance];
    const ButtonStyle style{.face = Face::small, .icon = Icon::lock, .icon_only = true};
    const Box box{plain_frame(canvas).margin, canvas.height() - away - kTarget, kTarget, kTarget};
    if (canvas.button("staff", box, label, style)) {
        said = flow::event::Staff{flow::staff::Entered{}};
    }
}

}  // namespace kaiku::ui
