#include "kiosk/ui/frame.hpp"

#include <imgui.h>

#include <algorithm>
#include <numeric>

#include "survey/respondent_flow.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr float kMaxColumn = 230;
constexpr float kMaxHeight = 300;
constexpr float kDot = 3.6F;
constexpr float kDotGap = 2.4F;
constexpr float kCurrent = 9.6F;

struct Tool {
    std::string id;
    std::string shown;  ///< empty: an icon
    std::string spoken;
    bool selected = false;
    Role role = Role::button;
    flow::Event event;
    std::optional<survey::Language> language{};  ///< of what is spoken, if not the visitor's
};

std::vector<Tool> tools(const Canvas& canvas) {
    const auto& words = canvas.model.said();
    std::vector<Tool> result{{"size.down", "A\u2212", words[Key::tools_smaller], false,
                              Role::button, flow::event::SizeChanged{-1}},
                             {"size.up", "A+", words[Key::tools_larger], false, Role::button,
                              flow::event::SizeChanged{1}},
                             {"contrast", "", words[Key::tools_contrast], false, Role::button,
                              flow::event::ContrastPressed{}}};
    for (const survey::Language language : survey::kLanguages) {
        const auto& own = canvas.model.words[static_cast<std::size_t>(language)];
        result.push_back({"lang." + std::string(survey::to_string(language)),
                          own[Key::language_short], own[Key::language_name],
                          language == canvas.model.state.language, Role::radio,
                          flow::event::LanguageChosen{language}, language});
    }
    return result;
}

float tool_width(const Canvas& canvas, const Tool& tool, Face face, float pad) {
    if (tool.shown.empty()) return std::max(kTarget, kTarget + 2 * (pad - 1.8F));
    return std::max(kTarget, canvas.type.width(face, tool.shown) + 2 * pad);
}

struct ToolRow {
    Face face = Face::small;
    float pad = 1.8F;
    float w = 0;
};

/// The roomiest style whose row leaves `reserved` free.
ToolRow choose_row(const Canvas& canvas, const std::vector<Tool>& list, float room) {
    ToolRow row;
    for (const auto& [face, pad] : {std::pair{Face::strong, 3.2F}, std::pair{Face::strong, 1.8F},
                                    std::pair{Face::small, 1.8F}, std::pair{Face::small, 1.15F}}) {
        row = {face, pad, -kGap};
        for (const Tool& tool : list) row.w += tool_width(canvas, tool, face, pad) + kGap;
        if (row.w <= room) break;
    }
    return row;
}

void draw_dots(const Canvas& canvas, const Box& box, const survey::Progress& progress) {
    float x = box.x;
    for (std::size_t place = 1; place <= progress.total; ++place) {
        const bool current = place == progress.place;
        const Box dot{x, box.y + (box.h - kDot) / 2, current ? kCurrent : kDot, kDot};
        const Rgb inside = place > progress.place ? canvas.colours.paper : canvas.colours.accent;
        canvas.framed(dot, kDot / 2, 0.55F, canvas.colours.accent, inside);
        x += dot.w + kDotGap;
    }
}

float dots_width(std::size_t total) {
    const auto count = static_cast<float>(total);
    return count * (kDot + kDotGap) - kDotGap + kCurrent - kDot;
}

/// Returns the height used below the header row when progress needs a row of its own.
float draw_progress(Canvas& canvas, const Box& row, float room) {
    const auto& model = canvas.model;
    if (flow::current_question(model.setup, model.state) == nullptr) return 0;
    const survey::Progress progress =
        survey::progress_at(model.instrument(), model.state.question, model.state.answers);
    const std::string label = model.said().format(
        Key::progress_label,
        {{"place", std::to_string(progress.place)}, {"total", std::to_string(progress.total)}});
    const float dots = dots_width(progress.total);
    Box box = row;
    float extra = 0;
    if (dots > room) {
        const TextBlock count =
            canvas.type.set(std::to_string(progress.place) + "/" + std::to_string(progress.total),
                            Face::small, row.w);
        if (count.w > room) {
            extra = kDot + 2.0F;
            box = {row.x, row.bottom() + 2.0F, row.w, kDot};
        } else {
            box.w = count.w;
            canvas.lines(canvas.px({box.x, box.y + (box.h - count.h) / 2, count.w, count.h}), count,
                         Align::left, canvas.colours.ink);
            canvas.record("progress", Role::progress, label, box, canvas.colours.ink,
                          canvas.colours.paper);
            return 0;
        }
    }
    box.w = std::min(dots, row.w);
    draw_dots(canvas, box, progress);
    canvas.record("progress", Role::progress, label, box, canvas.colours.accent,
                  canvas.colours.paper);
    return extra;
}

}  // namespace

Frame plain_frame(const Canvas& canvas) {
    Frame frame;
    const float width = canvas.width();
    const float height = std::min(canvas.height(), kMaxHeight);
    frame.margin = std::clamp(width * 0.044F, 4.0F, 12.0F);
    const float top = std::clamp((canvas.height() - 60) * 0.07F, 2.4F, 6.5F);
    const float column = std::min(width - 2 * frame.margin, kMaxColumn);
    frame.column = {(width - column) / 2, (canvas.height() - height) / 2 + top, column,
                    height - 2 * top};
    const float foot = std::clamp(canvas.height() * 0.12F, kTarget, 16.5F);
    frame.footer = {frame.column.x, frame.column.bottom() - foot, column, foot};
    frame.body = frame.column;
    frame.body.h = frame.footer.y - frame.column.y;
    return frame;
}

Frame question_frame(Canvas& canvas, Said& said) {
    Frame frame = plain_frame(canvas);
    const Box row{frame.column.x, frame.column.y, frame.column.w, kTarget};
    const std::vector<Tool> list = tools(canvas);
    const ToolRow style = choose_row(canvas, list, row.w - 24.0F);
    const float extra = draw_progress(canvas, row, row.w - style.w - 3.0F);
    float x = row.right() - style.w;
    for (const Tool& tool : list) {
        canvas.speak_in(tool.language.value_or(canvas.model.state.language));
        const Box box{x, row.y, tool_width(canvas, tool, style.face, style.pad), row.h};
        ButtonStyle look{.role = tool.role, .look = Look::pill, .face = style.face};
        look.selected = tool.selected;
        if (tool.shown.empty()) {
            look.icon = Icon::contrast;
            look.icon_only = true;
        } else {
            look.shown = tool.shown;
        }
        if (canvas.button(tool.id, box, tool.spoken, look)) said = tool.event;
        x += box.w + kGap;
    }
    canvas.speak_in(canvas.model.state.language);
    const float gap = std::clamp((canvas.height() - 60) * 0.055F, kGap, 4.3F);
    const float top = row.bottom() + extra + gap;
    frame.body = {frame.column.x, top, frame.column.w, frame.footer.y - gap - top};
    return frame;
}

FooterButton next_button(const Canvas& canvas) {
    const bool answered = flow::is_answered(canvas.model.setup, canvas.model.state);
    const auto& words = canvas.model.said();
    return {"nav.next", answered ? words[Key::nav_next] : words[Key::nav_skip],
            ButtonStyle{.look = answered ? Look::primary : Look::outlined}, flow::event::Next{}};
}

namespace {

struct FooterStyle {
    Face face = Face::strong;
    float pad = 5.5F;
    float least = 26;
    bool back_icon_only = false;
};

/// From roomy to tight.
constexpr std::array kFooterStyles{
    FooterStyle{Face::strong, 5.5F, 26, false},    FooterStyle{Face::strong, 3.4F, 18, false},
    FooterStyle{Face::strong, 5.0F, 20, true},     FooterStyle{Face::strong, 2.6F, kTarget, true},
    FooterStyle{Face::small, 3.0F, kTarget, true}, FooterStyle{Face::small, 2.1F, kTarget, true}};

struct FooterRow {
    FooterStyle style;
    float back = 0;
    std::vector<float> widths;
};

FooterRow measure_footer(const Canvas& canvas, const Box& row, const std::string& back,
                         const std::vector<FooterButton>& forward) {
    FooterRow result;
    for (const FooterStyle& style : kFooterStyles) {
        const auto width = [&](const std::string& label) {
            return std::max(style.least, canvas.type.width(style.face, label) + 2 * style.pad);
        };
        result = {style,
                  style.back_icon_only ? std::max(kTarget, row.h)
                                       : width(back) + canvas.type.capital(style.face) + 2,
                  {}};
        float total = result.back;
        for (const FooterButton& button : forward) {
            result.widths.push_back(width(button.label));
            total += kGap + result.widths.back();
        }
        if (total <= row.w) break;
    }
    return result;
}

}  // namespace

bool footer_fits(const Canvas& canvas, const Frame& frame,
                 const std::vector<FooterButton>& forward) {
    const std::string& back = canvas.model.said()[Key::nav_back];
    const FooterRow row = measure_footer(canvas, frame.footer, back, forward);
    float total = row.back;
    for (const float width : row.widths) total += kGap + width;
    return total <= frame.footer.w;
}

void footer(Canvas& canvas, const Frame& frame, const std::vector<FooterButton>& forward,
            Said& said, bool centre_first) {
    const Box& row = frame.footer;
    const std::string& back = canvas.model.said()[Key::nav_back];
    const FooterRow measured = measure_footer(canvas, row, back, forward);
    ButtonStyle look{
        .look = Look::outlined, .face = measured.style.face, .icon = Icon::chevron_left};
    look.icon_only = measured.style.back_icon_only;
    if (canvas.button("nav.back", {row.x, row.y, measured.back, row.h}, back, look)) {
        said = flow::event::Back{};
    }
    float x = row.right() + kGap;
    for (const float width : measured.widths) x -= width + kGap;
    for (std::size_t i = 0; i < forward.size(); ++i) {
        const float width = measured.widths[i];
        Box box{x, row.y, width, row.h};
        if (i == 0 && centre_first) {
            const float left = row.x + measured.back + kGap;
            box.x = std::clamp(row.x + (row.w - width) / 2, left, std::max(left, x));
        }
        ButtonStyle style = forward[i].style;
        style.face = measured.style.face;
        if (canvas.button(forward[i].id, box, forward[i].label, style)) said = forward[i].event;
        x += width + kGap;
    }
}

Plan plan_question(const Canvas& canvas, const Frame& frame, const std::string& text,
                   float answers_mm) {
    Plan plan;
    const Box& body = frame.body;
    const float least_gap = std::clamp(body.h * 0.03F, 2.6F, 5.0F);
    const float room = body.h - answers_mm - least_gap;
    plan.title = canvas.type.fit(text, body.w, room, {Face::title, Face::strong, Face::small});
    plan.fits = Typesetter::fits(plan.title, body.w, room);
    const float spare = std::max(0.0F, room - plan.title.h);
    const float above = std::min(spare * 0.16F, 22.0F);
    const float between = least_gap + std::min(spare * 0.3F, 30.0F);
    plan.title_box = {body.x, body.y + above, body.w, plan.title.h};
    const float top = plan.title_box.bottom() + between;
    plan.answers = {body.x, top, body.w, body.bottom() - top};
    return plan;
}

void draw_title(Canvas& canvas, const Plan& plan) {
    canvas.heading("question.title", plan.title_box, plan.title, Align::left, canvas.colours.paper);
}

bool second_page(const Canvas& canvas) { return canvas.model.state.answers_page > 0; }

void settle_page(int page, Said& said) {
    if (page == 0 || !said || !std::holds_alternative<flow::event::Back>(*said)) return;
    said = flow::event::PageTurned{page - 1};
}

FooterButton more_button(const Canvas& canvas, int page, Look look) {
    return {"more", canvas.model.said()[Key::nav_more], ButtonStyle{.look = look},
            flow::event::PageTurned{page + 1}};
}

void question_page(Canvas& canvas, const Frame& frame, const std::string& text, Said& said) {
    const TextBlock title =
        canvas.type.fit(text, frame.body.w, frame.body.h, {Face::title, Face::strong, Face::small});
    canvas.heading("question.title", {frame.body.x, frame.body.y, frame.body.w, title.h}, title,
                   Align::left, canvas.colours.paper);
    footer(canvas, frame, {more_button(canvas, 0, Look::primary)}, said);
}

}  // namespace kaiku::ui
