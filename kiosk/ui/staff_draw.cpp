#include <algorithm>

#include "kiosk/ui/staff.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

void draw_staff(Canvas& canvas, Said& said) {
    switch (canvas.model.state.staff.page) {
        case flow::StaffPage::pin:
            return draw_staff_pin(canvas, said);
        case flow::StaffPage::home:
            return draw_staff_home(canvas, said);
        case flow::StaffPage::camera:
            return draw_staff_camera(canvas, said);
        case flow::StaffPage::returned:
            return draw_staff_returned(canvas, said);
        case flow::StaffPage::view:
            return draw_staff_view(canvas, said);
        case flow::StaffPage::tools:
            return draw_staff_tools(canvas, said);
        case flow::StaffPage::settings:
            return draw_staff_settings(canvas, said);
        case flow::StaffPage::hours:
            return draw_staff_hours(canvas, said);
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

std::optional<locales::Key> scan_trouble(const Canvas& canvas) {
    switch (canvas.model.state.staff.scanned) {
        case flow::ScannedCode::Kind::none:
        case flow::ScannedCode::Kind::unit:
            return std::nullopt;
        case flow::ScannedCode::Kind::unknown_unit:
            return locales::Key::staff_code_unknown_unit;
        case flow::ScannedCode::Kind::foreign:
            return locales::Key::staff_code_foreign;
        case flow::ScannedCode::Kind::no_camera:
            return locales::Key::staff_camera_failed;
    }
    return std::nullopt;
}

bool staff_tools_row(Canvas& canvas, Box& area, float content_h, Said& said) {
    const bool wide = area.w >= tools_beside_width(canvas);
    if (!wide || area.h - kToolsAbove < content_h) return false;
    const ToolRow tools = plan_tools(canvas, all_tools(canvas), area.w);
    draw_tools(canvas, tools, {area.right() - tools.w, area.y, tools.w, kTarget}, said);
    area = {area.x, area.y + kToolsAbove, area.w, area.h - kToolsAbove};
    return true;
}

Box staff_tools_in_footer(Canvas& canvas, const Box& footer, Said& said) {
    const float w = std::min(tools_beside_width(canvas), footer.w - kTarget - kGap);
    draw_tools_beside(canvas, {footer.right() - w, footer.y, w, footer.h}, said);
    return {footer.x, footer.y, footer.w - w - kGap, footer.h};
}

Frame staff_frame(Canvas& canvas, const std::string& title, Said& said) {
    Frame frame = plain_frame(canvas);
    const Box& column = frame.column;
    const float beside = column.w - canvas.type.width(Face::title, title) - 4.0F;
    const ToolRow tools = plan_tools(canvas, all_tools(canvas), std::max(column.w * 0.5F, beside));
    const float title_w = column.w - tools.w - 4.0F;
    TextBlock block = canvas.type.fit(title, title_w, kTarget, {Face::title, Face::strong});
    const bool in_row = Typesetter::fits(block, title_w, kTarget);
    Box place{column.x, column.y + (kTarget - block.h) / 2, title_w, block.h};
    if (!in_row) {
        block = canvas.type.fit(title, column.w, column.h * 0.22F,
                                {Face::title, Face::strong, Face::small});
        place = {column.x, column.y + kTarget + 2.0F, column.w, block.h};
    }
    canvas.heading("staff.title", place, block, Align::left, canvas.colours.paper);
    draw_tools(canvas, tools, {column.right() - tools.w, column.y, tools.w, kTarget}, said);
    const float gap = std::clamp(canvas.height() * 0.03F, kGap, 6.0F);
    const float top = in_row ? column.y + kTarget + kGap : place.bottom() + 2.0F;
    frame.body = {column.x, top, column.w, frame.footer.y - gap - top};
    return frame;
}

}  // namespace kaiku::ui
