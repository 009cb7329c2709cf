#include <algorithm>

#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

/// Nothing here can be operated: the glass may be wiped.
void draw_staff_cleaning(Canvas& canvas) {
    using locales::Key;
    const auto& words = canvas.model.said();
    const Frame frame = plain_frame(canvas);
    const float width = std::min(frame.column.w, 170.0F);
    const float x = (canvas.width() - width) / 2;
    const int left =
        flow::staff_seconds_left(canvas.model.state, canvas.model.setup.staff, canvas.model.now);
    const TextBlock title =
        canvas.type.fit(words[Key::staff_cleaning_title], width, frame.column.h * 0.5F,
                        {Face::display, Face::title, Face::strong, Face::small});
    const TextBlock lead = canvas.type.fit(
        words.format(Key::staff_cleaning_lead, {{"seconds", std::to_string(left)}}), width,
        frame.column.h - title.h - 4.0F, {Face::title, Face::body, Face::small});
    const float total = title.h + 4.0F + lead.h;
    const float y = frame.column.y + std::max(0.0F, frame.column.h - total) / 2;
    canvas.heading("staff.title", {x, y, width, title.h}, title, Align::centre,
                   canvas.colours.paper);
    canvas.text("staff.lead", {x, y + title.h + 4.0F, width, lead.h}, lead, Align::centre,
                canvas.colours.ink, canvas.colours.paper);
}

}  // namespace kaiku::ui
