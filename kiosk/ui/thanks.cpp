#include <imgui.h>

#include <algorithm>

#include "kiosk/ui/icons.hpp"
#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

void draw_thanks(Canvas& canvas, Said& said) {
    using locales::Key;
    const Frame frame = plain_frame(canvas);
    const auto& words = canvas.model.said();
    const Typesetter& type = canvas.type;
    const float width = std::min(frame.column.w, 170.0F);
    float gap = std::clamp(canvas.height() * 0.045F, 3.0F, 9.0F);
    float mark = std::clamp(canvas.height() * 0.15F, 12.0F, 24.0F);
    float button_h = frame.footer.h;
    const std::string details = words[Key::thanks_read] + '\n' + words[Key::thanks_kept];
    TextBlock title;
    TextBlock lines;
    for (const auto& [large, small] :
         {std::pair{Face::display, Face::body}, std::pair{Face::title, Face::body},
          std::pair{Face::strong, Face::small}, std::pair{Face::small, Face::small}}) {
        if (large == Face::small) {  // the last resort, large text on a 7-inch panel
            gap = 1.2F;
            mark = 9.0F;
            button_h = kTarget;
        }
        title = type.balance(words[Key::thanks_title], large, width);
        lines =
            type.balance(large == Face::small ? words[Key::thanks_kept] : details, small, width);
        const float total = mark + title.h + lines.h + button_h + 4 * gap;
        if (title.broken || lines.broken) continue;
        // Smaller words with the tools above them are better than large ones without.
        if (total <= frame.column.h - (large == Face::small ? 0 : kToolsAbove)) break;
    }
    const float total = mark + title.h + lines.h + button_h + 4 * gap;
    float y = top_below_tools(canvas, total);
    const bool tools_above = draw_tools_above(canvas, y, ToolsAbove::all, said);
    const float x = (canvas.width() - width) / 2;
    const Box disc{(canvas.width() - mark) / 2, y, mark, mark};
    const Pixels place = canvas.px(disc);
    const ImVec2 centre{place.x + place.w / 2, place.y + place.h / 2};
    paint::disc(canvas.list(), centre, place.h / 2, canvas.colours.accent);
    draw_icon(canvas, Icon::check, centre, place.h * 0.56F, canvas.colours.on_accent);
    canvas.record("thanks.mark", Role::image, words[Key::thanks_title], disc,
                  canvas.colours.on_accent, canvas.colours.accent);
    y += mark + gap;
    canvas.heading("thanks.title", {x, y, width, title.h}, title, Align::centre,
                   canvas.colours.paper);
    y += title.h + gap;
    canvas.text("thanks.lead", {x, y, width, lines.h}, lines, Align::centre, canvas.colours.soft,
                canvas.colours.paper);
    y += lines.h + 2 * gap;
    const float wide = std::max(38.0F, type.width(Face::strong, words[Key::nav_done]) + 16.0F);
    const float beside = std::min(tools_beside_width(canvas), frame.column.w - wide - kGap);
    const float left = tools_above ? (canvas.width() - wide) / 2 : frame.column.right() - wide;
    if (canvas.button("thanks.done", {left, y, wide, button_h}, words[Key::nav_done],
                      {.look = Look::primary})) {
        said = flow::event::Finished{};
    }
    if (!tools_above) draw_tools_beside(canvas, {frame.column.x, y, beside, button_h}, said);
}

}  // namespace kaiku::ui
