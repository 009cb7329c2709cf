#include <algorithm>

#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

struct Section {
    std::string id;
    TextBlock title;
    TextBlock lead;
    float h = 0;
    float air = 2;         ///< between the two, mm
    std::string spoken{};  ///< of the lead, if not what is shown
};

Section section(const Canvas& canvas, std::string id, const std::string& title,
                const std::string& lead, float width, Face large, Face small) {
    Section result{std::move(id), canvas.type.balance(title, large, width),
                   canvas.type.balance(lead, small, width), 0};
    result.air = large == Face::display ? 4.0F : 2.0F;
    result.h = result.title.h + (lead.empty() ? 0 : result.air + result.lead.h);
    return result;
}

float draw_section(Canvas& canvas, const Section& part, float width, float y) {
    const float x = (canvas.width() - width) / 2;
    canvas.heading(part.id + ".title", {x, y, width, part.title.h}, part.title, Align::centre,
                   canvas.colours.paper);
    if (!part.lead.whole.empty()) {
        canvas.text(part.id + ".lead", {x, y + part.title.h + part.air, width, part.lead.h},
                    part.lead, Align::centre, canvas.colours.soft, canvas.colours.paper,
                    part.spoken);
    }
    return y + part.h;
}

constexpr std::array kFaces{
    std::pair{Face::display, Face::body}, std::pair{Face::title, Face::body},
    std::pair{Face::strong, Face::small}, std::pair{Face::small, Face::small}};

/// What stands in every language, in one pair of faces.
struct EveryLanguage {
    std::vector<Section> parts;
    float total = 0;
};

EveryLanguage set_every_language(const Canvas& canvas, float width, Face large, Face small,
                                 bool titles_alone) {
    EveryLanguage result;
    for (const auto& words : canvas.model.words) {
        const std::string lead = titles_alone ? std::string() : words[Key::out_of_service_lead];
        result.parts.push_back(
            section(canvas, "out_of_service." + std::string(survey::to_string(words.language())),
                    words[Key::out_of_service_title], lead, width, large, small));
        result.total += result.parts.back().h;
    }
    return result;
}

/// Nobody has chosen a language yet: every language speaks.
void draw_out_of_service(Canvas& canvas, Said& said) {
    const Box column = plain_frame(canvas).column;
    const float width = std::min(column.w, 190.0F);
    EveryLanguage all;
    float gap = 0;
    float top = column.y + kToolsAbove;
    for (const bool titles_alone : {false, true}) {
        for (const auto& [large, small] : kFaces) {
            if (gap >= 2.0F) break;
            all = set_every_language(canvas, width, large, small, titles_alone);
            gap = std::min((column.bottom() - top - all.total) / 3, 16.0F);
        }
    }
    if (gap < 1.0F) {  // no room for the tools
        top = column.y;
        gap = std::clamp((column.h - all.total) / 3, 1.0F, 2.0F);
    }
    const float height = all.total + 2 * gap;
    float y = top + std::max(0.0F, column.bottom() - top - height) / 2;
    draw_tools_above(canvas, y, ToolsAbove::all, said);
    for (std::size_t i = 0; i < all.parts.size(); ++i) {
        canvas.speak_in(canvas.model.words[i].language());
        y = draw_section(canvas, all.parts[i], width, y) + gap;
    }
}

struct Choice {
    std::string id, label;
    Look look;
    flow::Event event;
};

void draw_choices(Canvas& canvas, const std::vector<Choice>& choices, const Box& row, Said& said) {
    const float room = row.w;
    float total = -2 * kGap;
    std::vector<float> widths;
    for (const Choice& choice : choices) {
        widths.push_back(
            std::min((room - 2 * kGap) / 2,
                     std::max(36.0F, canvas.type.width(Face::strong, choice.label) + 14.0F)));
        total += widths.back() + 2 * kGap;
    }
    float x = row.x + (room - total) / 2;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (canvas.button(choices[i].id, {x, row.y, widths[i], row.h}, choices[i].label,
                          {.look = choices[i].look})) {
            said = choices[i].event;
        }
        x += widths[i] + 2 * kGap;
    }
}

Section saving_words(const Canvas& canvas, float width, float room) {
    Section part;
    for (const auto& [large, small] : kFaces) {
        part = section(canvas, "saving", canvas.model.said()[Key::saving_title], {}, width, large,
                       small);
        if (!part.title.broken && part.h <= room - kToolsAbove) break;
    }
    return part;
}

Section failed_words(const Canvas& canvas, float width, float room) {
    const auto& words = canvas.model.said();
    Section part;
    // Fewer words with the tools above them are better than all of them without.
    for (const std::string& lead :
         {words[Key::save_failed_lead], words[Key::save_failed_brief], std::string()}) {
        for (const auto& [large, small] : kFaces) {
            part = section(canvas, "save_failed", words[Key::save_failed_title], lead, width, large,
                           small);
            if (!part.title.broken && part.h <= room - kToolsAbove) {
                part.spoken = words[Key::save_failed_lead];
                return part;
            }
        }
    }
    return part;
}

}  // namespace

void draw_notice(Canvas& canvas, Said& said) {
    if (canvas.model.state.screen == flow::Screen::out_of_service) {
        return draw_out_of_service(canvas, said);
    }
    const auto& words = canvas.model.said();
    const bool failed = canvas.model.state.screen == flow::Screen::save_failed;
    const Frame frame = plain_frame(canvas);
    const float width = std::min(frame.column.w, 170.0F);
    const float button_h =
        failed ? std::max(frame.footer.h, canvas.type.line(Face::small) * 2 + 2) : 0;
    const float gap = std::clamp(canvas.height() * 0.09F, 4.0F, 14.0F);
    const Section part = failed ? failed_words(canvas, width, frame.column.h - gap - button_h)
                                : saving_words(canvas, width, frame.column.h - gap);
    const float y = top_below_tools(canvas, part.h + gap + button_h);
    const bool tools_above =
        draw_tools_above(canvas, y, failed ? ToolsAbove::all : ToolsAbove::brief, said);
    const float end = draw_section(canvas, part, width, y);
    if (!failed) return;
    Box row{frame.column.x, end + gap, frame.column.w, button_h};
    if (!tools_above) {
        const float beside = std::min(tools_beside_width(canvas), row.w * 0.3F);
        draw_tools_beside(canvas, {row.x, row.y, beside, row.h}, said);
        row.x += beside + kGap;
        row.w -= beside + kGap;
    }
    draw_choices(
        canvas,
        {{"save.drop", words[Key::save_failed_drop], Look::outlined, flow::event::SaveAbandoned{}},
         {"save.retry", words[Key::save_failed_retry], Look::primary, flow::event::SaveRetried{}}},
        row, said);
}

}  // namespace kaiku::ui
