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
};

Section section(const Canvas& canvas, std::string id, const std::string& title,
                const std::string& lead, float width, Face large, Face small) {
    Section result{std::move(id), canvas.type.balance(title, large, width),
                   canvas.type.balance(lead, small, width), 0};
    result.h = result.title.h + (lead.empty() ? 0 : 2.0F + result.lead.h);
    return result;
}

float draw_section(Canvas& canvas, const Section& part, float width, float y) {
    const float x = (canvas.width() - width) / 2;
    canvas.heading(part.id + ".title", {x, y, width, part.title.h}, part.title, Align::centre,
                   canvas.colours.paper);
    if (!part.lead.whole.empty()) {
        canvas.text(part.id + ".lead", {x, y + part.title.h + 2.0F, width, part.lead.h}, part.lead,
                    Align::centre, canvas.colours.soft, canvas.colours.paper);
    }
    return y + part.h;
}

constexpr std::array kFaces{
    std::pair{Face::display, Face::body}, std::pair{Face::title, Face::body},
    std::pair{Face::strong, Face::small}, std::pair{Face::small, Face::small}};

/// Nobody has chosen a language yet: every language speaks.
void draw_out_of_service(Canvas& canvas) {
    const Frame frame = plain_frame(canvas);
    const float width = std::min(frame.column.w, 190.0F);
    std::vector<Section> parts;
    float gap = 0;
    float total = 0;
    bool brief = false;  // the last resort: titles alone
    for (const auto& [large, small] : kFaces) {
        brief = large == Face::small;
        parts.clear();
        total = 0;
        for (const auto& words : canvas.model.words) {
            parts.push_back(section(
                canvas, "out_of_service." + std::string(survey::to_string(words.language())),
                words[Key::out_of_service_title],
                brief ? std::string() : words[Key::out_of_service_lead], width, large, small));
            total += parts.back().h;
        }
        gap = std::min((frame.column.h - total) / 3, 16.0F);
        if (gap >= 2.0F) break;
    }
    gap = std::max(gap, 1.0F);
    float y = frame.column.y + std::max(0.0F, frame.column.h - total - 2 * gap) / 2;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        canvas.speak_in(canvas.model.words[i].language());
        y = draw_section(canvas, parts[i], width, y) + gap;
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

}  // namespace

void draw_notice(Canvas& canvas, Said& said) {
    if (canvas.model.state.screen == flow::Screen::out_of_service) {
        return draw_out_of_service(canvas);
    }
    const auto& words = canvas.model.said();
    const bool failed = canvas.model.state.screen == flow::Screen::save_failed;
    const Frame frame = plain_frame(canvas);
    const float width = std::min(frame.column.w, 170.0F);
    const float button_h =
        failed ? std::max(frame.footer.h, canvas.type.line(Face::small) * 2 + 2) : 0;
    const float gap = std::clamp(canvas.height() * 0.09F, 4.0F, 14.0F);
    Section part;
    for (const auto& [large, small] : kFaces) {
        part = section(canvas, failed ? "save_failed" : "saving",
                       words[failed ? Key::save_failed_title : Key::saving_title],
                       failed ? words[Key::save_failed_lead] : std::string(), width, large, small);
        if (!part.title.broken && part.h + gap + button_h <= frame.column.h - kToolsAbove) break;
    }
    const float y = top_below_tools(canvas, part.h + gap + button_h);
    const bool tools_above = draw_tools_above(canvas, y, !failed, said);
    const float end = draw_section(canvas, part, width, y);
    if (!failed) return;
    Box row{frame.column.x, end + gap, frame.column.w, button_h};
    if (!tools_above) {
        draw_tools_opener(canvas, {row.x, row.y, kTarget, row.h}, said);
        row.x += kTarget + kGap;
        row.w -= kTarget + kGap;
    }
    draw_choices(
        canvas,
        {{"save.drop", words[Key::save_failed_drop], Look::outlined, flow::event::SaveAbandoned{}},
         {"save.retry", words[Key::save_failed_retry], Look::primary, flow::event::SaveRetried{}}},
        row, said);
}

}  // namespace kaiku::ui
