#include <imgui.h>

#include <algorithm>
#include <tuple>

#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

void draw_idle(Canvas& canvas, Said& said) {
    using locales::Key;
    const auto& model = canvas.model;
    const auto& words = model.said();
    const Typesetter& type = canvas.type;
    const float margin = std::clamp(canvas.width() * 0.044F, 4.0F, 12.0F);
    const Pixels all = canvas.px({0, 0, canvas.width(), canvas.height()});
    canvas.list().AddRectFilled({all.x, all.y}, {all.x + all.w, all.y + all.h},
                                paint::colour(canvas.colours.paper, 205));
    const int seconds = flow::countdown_s(model.setup, model.state, model.now);
    const std::string left = std::to_string(seconds);
    const std::string lead = words.format(Key::idle_lead, {{"seconds", left}});
    const float outer = std::min(canvas.width() - 2 * margin, 168.0F);
    const float pad = std::clamp(canvas.height() * 0.06F, 3.5F, 11.0F);
    const float width = outer - 2 * pad;
    const float edge = 2.6F;
    const float limit = canvas.height() - 2 * edge - 2 * pad;
    // The languages stay within reach above the card, unless the text is too large for that.
    const float languages = plain_frame(canvas).column.y + kTarget + kGap - edge;
    float top = edge + languages;
    const float gap = std::clamp(canvas.height() * 0.035F, 2.0F, 6.0F);
    TextBlock title;
    TextBlock text;
    bool side_by_side = true;
    float button_h = kTarget;
    float total = 0;
    for (const auto& [large, small, above] :
         {std::tuple{Face::display, Face::body, true}, std::tuple{Face::title, Face::body, true},
          std::tuple{Face::strong, Face::body, true}, std::tuple{Face::strong, Face::small, true},
          std::tuple{Face::display, Face::body, false}, std::tuple{Face::title, Face::body, false},
          std::tuple{Face::strong, Face::small, false},
          std::tuple{Face::small, Face::small, false}}) {
        top = edge + (above ? languages : 0);
        title = type.balance(words[Key::idle_title], large, width);
        text = type.balance(lead, small, width);
        const float half = (width - 2 * kGap) / 2;
        side_by_side = type.width(Face::strong, words[Key::idle_leave]) <= half - 4;
        button_h = std::clamp(canvas.height() * 0.12F, kTarget, 16.5F);
        total =
            title.h + gap + text.h + 1.6F * gap + (side_by_side ? button_h : 2 * button_h + kGap);
        if (!title.broken && !text.broken && total <= limit - (top - edge)) break;
    }
    const float centred = (canvas.height() - total - 2 * pad) / 2;
    const Box card{(canvas.width() - outer) / 2, std::max(top, centred), outer, total + 2 * pad};
    draw_tools_above(canvas, card.y, true, said);
    canvas.framed(card, 5.0F, kChosenBorder, canvas.colours.accent, canvas.colours.card);
    float y = card.y + pad;
    const float x = card.x + pad;
    canvas.heading("idle.title", {x, y, width, title.h}, title, Align::centre, canvas.colours.card);
    y += title.h + gap;
    const std::string spoken =
        words.format(Key::idle_lead, {{"seconds", std::to_string(flow::spoken_seconds(seconds))}});
    canvas.text("idle.lead", {x, y, width, text.h}, text, Align::centre, canvas.colours.ink,
                canvas.colours.card, spoken);
    y += text.h + 1.6F * gap;
    const float half = side_by_side ? (width - 2 * kGap) / 2 : width;
    const Box leave{x, y, half, button_h};
    const Box stay = side_by_side ? Box{x + half + 2 * kGap, y, half, button_h}
                                  : Box{x, y + button_h + kGap, half, button_h};
    if (canvas.button("idle.leave", leave, words[Key::idle_leave], {.look = Look::outlined})) {
        said = flow::event::Left{};
    }
    if (canvas.button("idle.stay", stay, words[Key::idle_stay], {.look = Look::primary})) {
        said = flow::event::Stayed{};
    }
}

}  // namespace kaiku::ui
