#include <algorithm>
#include <array>
#include <cstdlib>

#include "kiosk/ui/staff.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr int kRows = 4;
constexpr int kColumns = 3;
constexpr float kMostKeyW = 34.0F;
constexpr float kMostKeyH = 24.0F;

/// Words beside or above the pad, always of the same height: the pad never moves.
std::string said_now(const Canvas& canvas) {
    const auto& words = canvas.model.said();
    const flow::StaffState& staff = canvas.model.state.staff;
    const int wait =
        flow::staff_seconds_left(canvas.model.state, canvas.model.setup.staff, canvas.model.now);
    if (wait > 0) return words.format(Key::staff_pin_locked, {{"seconds", std::to_string(wait)}});
    if (staff.checking) return words[Key::staff_pin_checking];
    if (staff.wrong) return words[Key::staff_pin_wrong];
    return words[Key::staff_pin_lead];
}

/// What the words are about, for scripts.
const char* id_now(const Canvas& canvas) {
    const flow::StaffState& staff = canvas.model.state.staff;
    if (staff.checking) return "staff.checking";
    if (canvas.model.now < staff.locked_until) return "staff.locked";
    return staff.wrong ? "staff.wrong" : "staff.lead";
}

void draw_words(Canvas& canvas, const Box& area) {
    const auto& words = canvas.model.said();
    const flow::StaffState& staff = canvas.model.state.staff;
    const float line = canvas.type.line(Face::strong);
    const TextBlock title = canvas.type.fit(words[Key::staff_pin_title], area.w, area.h * 0.4F,
                                            {Face::title, Face::strong, Face::small});
    const auto leads_in = [&](float room) {
        return canvas.type.fit(said_now(canvas), area.w, room, {Face::body, Face::small});
    };
    float y = area.y;
    // Large text on a small panel: what to do now comes before what this is.
    const float below = area.h - title.h - line - 3.0F;
    if (Typesetter::fits(leads_in(below), area.w, below)) {
        canvas.heading("staff.title", {area.x, y, area.w, title.h}, title, Align::left,
                       canvas.colours.paper);
        y += title.h + 2.0F;
    }
    // One dot a digit: how many were typed, never which.
    std::string dots;
    for (std::size_t i = 0; i < staff.pin.size(); ++i) dots += "•";
    if (!dots.empty()) {
        TextBlock typed = canvas.type.fit(dots, area.w, line, {Face::strong, Face::small});
        if (!Typesetter::fits(typed, area.w, line)) {
            typed = canvas.type.set(std::to_string(staff.pin.size()) + " •", Face::small, area.w);
        }
        canvas.text("staff.typed", {area.x, y, area.w, line}, typed, Align::left,
                    canvas.colours.ink, canvas.colours.paper);
    }
    y += line + 1.0F;
    const TextBlock lead = leads_in(area.bottom() - y);
    canvas.text(id_now(canvas), {area.x, y, area.w, lead.h}, lead, Align::left, canvas.colours.ink,
                canvas.colours.paper);
}

void draw_key(Canvas& canvas, const Box& box, int place, Said& said) {
    using flow::event::Staff;
    const auto& words = canvas.model.said();
    if (place == 9) {
        ButtonStyle style{.role = Role::key, .icon = Icon::backspace, .icon_only = true};
        if (canvas.button("key.backspace", box, words[Key::staff_pin_erase], style)) {
            said = Staff{flow::staff::DigitTaken{}};
        }
        return;
    }
    if (place == 11) {
        ButtonStyle style{.look = Look::primary, .icon = Icon::check, .icon_only = true};
        if (canvas.button("staff.open", box, words[Key::staff_pin_open], style)) {
            said = Staff{flow::staff::PinGiven{}};
        }
        return;
    }
    const char digit = place == 10 ? '0' : static_cast<char>('1' + place);
    const std::string shown(1, digit);
    if (canvas.button("key." + shown, box, shown, {.role = Role::key, .face = Face::title})) {
        said = Staff{flow::staff::Digit{digit}};
    }
}

}  // namespace

void draw_staff_pin(Canvas& canvas, Said& said) {
    const Frame frame = plain_frame(canvas);
    const Box& column = frame.column;
    const bool stacked = canvas.height() > canvas.width();
    // Landscape: words and back at the left, the pad at the right.
    const float beside = column.w - 4 * kGap - kTarget - tools_beside_width(canvas);
    const float pad_room_w =
        stacked ? column.w
                : std::clamp(beside, kColumns * (kTarget + kGap) - kGap, column.w * 0.5F);
    const float pad_room_h = stacked ? column.h * 0.6F : column.h;
    const float key_w = std::min((pad_room_w - 2 * kGap) / kColumns, kMostKeyW);
    const float key_h = std::min((pad_room_h - 3 * kGap) / kRows, kMostKeyH);
    const float pad_w = kColumns * key_w + 2 * kGap;
    const float pad_h = kRows * key_h + 3 * kGap;
    const Box words{column.x, column.y, stacked ? column.w : column.w - pad_w - 3 * kGap,
                    stacked ? column.h * 0.4F - frame.footer.h - 3 * kGap
                            : column.h - frame.footer.h - 2 * kGap};
    const float line = canvas.type.line(Face::small);
    Box rest = words;
    const bool tools_above = staff_tools_row(canvas, rest, 5 * line + 4.0F, said);
    draw_words(canvas, rest);
    const Box pad{stacked ? column.x + (column.w - pad_w) / 2 : column.right() - pad_w,
                  stacked ? words.bottom() + kGap : column.y + (column.h - pad_h) / 2, pad_w,
                  pad_h};
    for (int place = 0; place < kRows * kColumns; ++place) {
        const std::div_t at = std::div(place, kColumns);
        const auto x = static_cast<float>(at.rem);
        const auto y = static_cast<float>(at.quot);
        draw_key(canvas, {pad.x + x * (key_w + kGap), pad.y + y * (key_h + kGap), key_w, key_h},
                 place, said);
    }
    Frame foot = frame;
    foot.footer.w = stacked ? column.w : words.w;
    if (!tools_above) foot.footer = staff_tools_in_footer(canvas, foot.footer, said);
    const bool rests = canvas.model.setup.staff.device && !canvas.model.state.staff.handed_over;
    if (rests) return;
    footer(canvas, foot, {}, said);
    if (said && std::holds_alternative<flow::event::Back>(*said)) {
        said = flow::event::Staff{flow::staff::Up{}};
    }
}

}  // namespace kaiku::ui
