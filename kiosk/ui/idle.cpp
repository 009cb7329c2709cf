#include <imgui.h>

#include <algorithm>
#include <array>

#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr float kEdge = 2.6F;  ///< between the card and the panel's

/// One way to set the card.
struct Way {
    Face large = Face::display;
    Face small = Face::body;
    bool tools_above = true;
    bool brief = false;  ///< one word a button, and little air
};

/// From roomy to tight. The tools above go last.
constexpr std::array kWays{Way{Face::display, Face::body},
                           Way{Face::title, Face::body},
                           Way{Face::strong, Face::body},
                           Way{Face::title, Face::body, true, true},
                           Way{Face::strong, Face::body, true, true},
                           Way{Face::strong, Face::small},
                           Way{Face::small, Face::small},
                           Way{Face::small, Face::small, true, true},
                           Way{Face::small, Face::small, false, false}};

struct Card {
    TextBlock title, text;
    std::string stay, leave;
    bool side_by_side = true;
    float pad = 0, width = 0, gap = 0, button_h = 0;
    float top = 0;    ///< the highest that the card may stand
    float total = 0;  ///< height without the padding
    bool fits = false;
};

void set_card(const Canvas& canvas, const std::string& lead, const Way& way, Card& card) {
    const auto& words = canvas.model.said();
    const Typesetter& type = canvas.type;
    const float above = plain_frame(canvas).column.y + kTarget + kGap;
    card.top = way.tools_above ? above : kEdge;
    card.title = type.balance(words[Key::idle_title], way.large, card.width);
    card.text = type.balance(lead, way.small, card.width);
    card.stay = words[way.brief ? Key::idle_stay_brief : Key::idle_stay];
    card.leave = words[way.brief ? Key::idle_leave_brief : Key::idle_leave];
    const float half = (card.width - 2 * kGap) / 2;
    const Face face = way.brief ? Face::small : Face::strong;
    card.side_by_side = type.width(face, card.leave) <= half - 4;
    card.total = card.title.h + card.gap + card.text.h + 1.6F * card.gap +
                 (card.side_by_side ? card.button_h : 2 * card.button_h + kGap);
    card.fits = !card.title.broken && !card.text.broken &&
                card.total + 2 * card.pad <= canvas.height() - kEdge - card.top;
}

Card plan_card(const Canvas& canvas, const std::string& lead) {
    const float margin = plain_frame(canvas).margin;
    Card card;
    for (const Way& way : kWays) {
        card.pad = way.brief ? 3.5F : std::clamp(canvas.height() * 0.06F, 3.5F, 11.0F);
        card.width = std::min(canvas.width() - 2 * margin, 168.0F) - 2 * card.pad;
        card.gap = way.brief ? 1.8F : std::clamp(canvas.height() * 0.035F, 2.0F, 6.0F);
        card.button_h = std::clamp(canvas.height() * 0.12F, kTarget, 16.5F);
        set_card(canvas, lead, way, card);
        if (card.fits) break;
    }
    return card;
}

/// The faint tools of the screen behind would look like more tools beside those of the card.
void cover_tools_behind(Canvas& canvas, float card_top) {
    const float bottom = std::min(card_top, plain_frame(canvas).column.y + kTarget + kEdge);
    const Pixels band = canvas.px({0, 0, canvas.width(), bottom});
    canvas.list().AddRectFilled({band.x, band.y}, {band.x + band.w, band.y + band.h},
                                paint::colour(canvas.colours.paper, 255));
}

}  // namespace

void draw_idle(Canvas& canvas, Said& said) {
    const auto& model = canvas.model;
    const auto& words = model.said();
    const Pixels all = canvas.px({0, 0, canvas.width(), canvas.height()});
    canvas.list().AddRectFilled({all.x, all.y}, {all.x + all.w, all.y + all.h},
                                paint::colour(canvas.colours.paper, 205));
    const int seconds = flow::countdown_s(model.setup, model.state, model.now);
    const auto lead = [&](int left) {
        return words.format(Key::idle_lead, {{"seconds", std::to_string(left)}});
    };
    const Card plan = plan_card(canvas, lead(seconds));
    const float outer = plan.width + 2 * plan.pad;
    const float centred = (canvas.height() - plan.total - 2 * plan.pad) / 2;
    const Box card{(canvas.width() - outer) / 2, std::max(plan.top, centred), outer,
                   plan.total + 2 * plan.pad};
    cover_tools_behind(canvas, card.y);
    draw_tools_above(canvas, card.y, ToolsAbove::brief, said);
    canvas.framed(card, 5.0F, kChosenBorder, canvas.colours.accent, canvas.colours.card);
    const float x = card.x + plan.pad;
    float y = card.y + plan.pad;
    canvas.heading("idle.title", {x, y, plan.width, plan.title.h}, plan.title, Align::centre,
                   canvas.colours.card);
    y += plan.title.h + plan.gap;
    canvas.text("idle.lead", {x, y, plan.width, plan.text.h}, plan.text, Align::centre,
                canvas.colours.ink, canvas.colours.card, lead(flow::spoken_seconds(seconds)));
    y += plan.text.h + 1.6F * plan.gap;
    const float half = plan.side_by_side ? (plan.width - 2 * kGap) / 2 : plan.width;
    const Box leave{x, y, half, plan.button_h};
    const Box stay = plan.side_by_side ? Box{x + half + 2 * kGap, y, half, plan.button_h}
                                       : Box{x, y + plan.button_h + kGap, half, plan.button_h};
    ButtonStyle leaving{.look = Look::outlined};
    leaving.shown = plan.leave;
    if (canvas.button("idle.leave", leave, words[Key::idle_leave], leaving)) {
        said = flow::event::Left{};
    }
    ButtonStyle staying{.look = Look::primary};
    staying.shown = plan.stay;
    if (canvas.button("idle.stay", stay, words[Key::idle_stay], staying)) {
        said = flow::event::Stayed{};
    }
}

}  // namespace kaiku::ui
