#include <algorithm>

#include "kiosk/ui/staff.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

/// ISO/IEC 7810 ID-1, the format of bank cards, is 85.60 mm wide.
constexpr double kCard_mm = 85.6;

/// The bar that has to be as long as a card.
void draw_bar(Canvas& canvas, const Box& row) {
    const auto& trial = canvas.model.state.staff.panel;
    if (trial.width_mm <= 0) return;
    // The drawing's millimetres are the panel's present ones; the trial's may differ.
    const auto length =
        static_cast<float>(kCard_mm * static_cast<double>(canvas.width()) / trial.width_mm);
    const Box bar{row.x + (row.w - length) / 2, row.y, length, row.h};
    canvas.framed(bar, 0, kChosenBorder, canvas.colours.ink, canvas.colours.card);
    canvas.record("staff.card", Role::image, canvas.model.said()[Key::staff_panel_bar], bar,
                  canvas.colours.ink, canvas.colours.card);
}

void draw_steps(Canvas& canvas, const Box& row, Said& said) {
    struct Step {
        const char* id;
        const char* shown;
        Key spoken;
        int steps;
    };
    constexpr std::array kSteps{Step{"staff.much_shorter", "−−", Key::staff_panel_shorter, -10},
                                Step{"staff.shorter", "−", Key::staff_panel_shorter, -1},
                                Step{"staff.longer", "+", Key::staff_panel_longer, 1},
                                Step{"staff.much_longer", "++", Key::staff_panel_longer, 10}};
    const float width = std::min((row.w - 3 * kGap) / 4, 30.0F);
    float x = row.x + (row.w - 4 * width - 3 * kGap) / 2;
    for (const Step& step : kSteps) {
        ButtonStyle style;
        style.shown = step.shown;
        if (canvas.button(step.id, {x, row.y, width, row.h}, canvas.model.said()[step.spoken],
                          style)) {
            said = flow::event::Staff{flow::staff::PanelFitted{step.steps}};
        }
        x += width + kGap;
    }
}

}  // namespace

void draw_staff_panel(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    const flow::StaffState& staff = canvas.model.state.staff;
    const Frame frame = plain_frame(canvas);
    const Box& column = frame.column;
    const float fixed = 2 * kTarget + 3 * kGap + frame.footer.h;
    const float room = column.h - fixed - 5.0F;  // of the bar at least
    const std::string& text = words[staff.saved ? Key::staff_panel_saved : Key::staff_panel_lead];
    const float below_tools = room - kToolsAbove;
    TextBlock lead = canvas.type.fit(text, column.w, below_tools, {Face::body, Face::small});
    if (!Typesetter::fits(lead, column.w, below_tools)) {
        const Key brief = staff.saved ? Key::staff_panel_saved_brief : Key::staff_tool_panel;
        lead = canvas.type.set(words[brief], Face::small, column.w);
    }
    Box top{column.x, column.y, column.w, room};
    staff_tools_row(canvas, top, lead.h, said);
    canvas.text("staff.title", {top.x, top.y, top.w, lead.h}, lead, Align::left, canvas.colours.ink,
                canvas.colours.paper);
    const float steps_y = frame.footer.y - kGap - kTarget;
    const float bar_y = top.y + lead.h + kGap;
    const float bar_h = std::clamp(steps_y - kGap - bar_y, 4.0F, 53.98F);
    draw_bar(canvas, {column.x, bar_y, column.w, bar_h});
    draw_steps(canvas, {column.x, steps_y, column.w, kTarget}, said);
    const std::string turned = std::to_string(staff.panel.rotation) + "°";
    footer(canvas, frame,
           {staff_button("staff.turn", turned, flow::staff::Turned{staff.panel.rotation + 90}),
            staff_button("staff.keep", words[Key::staff_panel_keep], flow::staff::PanelKept{},
                         Look::primary)},
           said);
    if (said && std::holds_alternative<flow::event::Back>(*said)) {
        said = flow::event::Staff{flow::staff::Up{}};
    }
}

}  // namespace kaiku::ui
