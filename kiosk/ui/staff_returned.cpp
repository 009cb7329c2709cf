#include <algorithm>

#include "kiosk/ui/staff.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

/// Of both buttons: two lines where one of the labels needs them.
float button_height(const Canvas& canvas, float width) {
    const auto& words = canvas.model.said();
    const auto one_line = [&](Key label) {
        return canvas.type.width(Face::small, words[label]) <= width - 6;
    };
    const bool low = one_line(Key::staff_returned_next) && one_line(Key::staff_returned_change);
    return canvas.type.line(Face::small) * (low ? 1.0F : 2.0F) + 2;
}

}  // namespace

/// What staff gets back: nothing of the visitor, one tap for the next.
void draw_staff_returned(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    const Frame frame = plain_frame(canvas);
    const float width = std::min(frame.column.w, 170.0F);
    const float x = (canvas.width() - width) / 2;
    const float button_h = std::max(frame.footer.h, button_height(canvas, width));
    const float gap = std::clamp(canvas.height() * 0.05F, kGap, 10.0F);
    const std::string& lead = words[scan_trouble(canvas).value_or(Key::staff_returned_lead)];
    float room = frame.column.h - 2 * button_h - 3 * gap - kToolsAbove;
    const auto title_in = [&](float height) {
        return canvas.type.fit(words[Key::staff_returned_title], width, height,
                               {Face::display, Face::title, Face::strong, Face::small});
    };
    TextBlock title = title_in(std::max(room * 0.6F, canvas.type.line(Face::small)));
    if (!Typesetter::fits(title, width, room)) {  // the tools go before the title is cut
        room += kToolsAbove;
        title = title_in(room * 0.6F);
    }
    const TextBlock text = canvas.type.fit(lead, width, room - title.h, {Face::body, Face::small});
    const bool says = title.h + text.h <= room && !text.broken;
    const float total = title.h + (says ? text.h + gap : 0) + 2 * button_h + 2 * gap;
    float y = top_below_tools(canvas, total);
    draw_tools_above(canvas, y, ToolsAbove::all, said);
    canvas.heading("staff.title", {x, y, width, title.h}, title, Align::centre,
                   canvas.colours.paper);
    y += title.h + gap;
    if (says) {
        canvas.text("staff.lead", {x, y, width, text.h}, text, Align::centre, canvas.colours.ink,
                    canvas.colours.paper);
        y += text.h + gap;
    }
    if (canvas.button("staff.next", {x, y, width, button_h}, words[Key::staff_returned_next],
                      {.look = Look::primary})) {
        said = flow::event::Staff{flow::staff::NextClient{}};
    }
    y += button_h + gap;
    if (canvas.button("staff.change", {x, y, width, button_h}, words[Key::staff_returned_change])) {
        said = flow::event::Staff{flow::staff::Change{}};
    }
}

}  // namespace kaiku::ui
