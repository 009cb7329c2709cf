#include <algorithm>
#include <cmath>

#include "kiosk/ui/qr.hpp"
#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

namespace {

/// Black on white with the quiet zone, as large as whole pixels allow in the box.
void draw_modules(Canvas& canvas, const Box& box, const QrCode& code, const std::string& spoken) {
    constexpr Rgb kInk{0, 0, 0};
    constexpr Rgb kGround{0xFF, 0xFF, 0xFF};
    const Pixels place = canvas.px(box);
    const auto modules = static_cast<float>(code.size + 2 * kQuietModules);
    const float module = std::floor(std::min(place.w, place.h) / modules);
    const float whole = module * modules;
    const float left = place.x + std::floor((place.w - whole) / 2);
    const float top = place.y + std::floor((place.h - whole) / 2);
    canvas.rounded({left, top, whole, whole}, 0, kGround);
    for (int y = 0; y < code.size; ++y) {
        for (int x = 0; x < code.size; ++x) {
            if (!code.is_dark(x, y)) continue;
            canvas.rounded({left + static_cast<float>(x + kQuietModules) * module,
                            top + static_cast<float>(y + kQuietModules) * module, module, module},
                           0, kInk);
        }
    }
    canvas.record("staff.qr", Role::image, spoken, box, kInk, kGround);
}

}  // namespace

/// What is this terminal running: a signed statement as a QR code.
void draw_staff_code(Canvas& canvas, Said& said) {
    using locales::Key;
    const auto& words = canvas.model.said();
    Frame frame = plain_frame(canvas);
    const Box& column = frame.column;
    const std::string& made = canvas.model.state.staff.code;
    const float room = frame.footer.y - kGap - column.y;
    const bool beside = column.w > 1.3F * room;
    const float side = beside ? room : std::min(column.w, room * 0.75F);
    const Box place =
        beside ? Box{column.right() - side, column.y, side, side}
               : Box{column.x + (column.w - side) / 2, column.y + room - side, side, side};
    const float text_w = beside ? column.w - side - 2 * kGap : column.w;
    const float text_h = beside ? room : room - side - kGap;
    const std::string& text = words[made.empty() ? Key::staff_code_making : Key::staff_code_lead];
    TextBlock lead = canvas.type.fit(text, text_w, text_h, {Face::body, Face::small});
    if (!Typesetter::fits(lead, text_w, text_h)) {
        lead = canvas.type.set(words[Key::staff_tool_code], Face::small, text_w);
    }
    Box rest{column.x, column.y, text_w, text_h};
    const bool tools_above = staff_tools_row(canvas, rest, lead.h, said);
    canvas.text("staff.title", {rest.x, rest.y, text_w, lead.h}, lead, Align::left,
                canvas.colours.ink, canvas.colours.paper);
    if (const auto code = made.empty() ? std::nullopt : make_qr(made)) {
        draw_modules(canvas, place, *code, words[Key::staff_tool_code]);
    }
    if (!tools_above) frame.footer = staff_tools_in_footer(canvas, frame.footer, said);
    footer(canvas, frame, {}, said);
    if (said && std::holds_alternative<flow::event::Back>(*said)) {
        said = flow::event::Staff{flow::staff::Up{}};
    }
}

}  // namespace kaiku::ui
