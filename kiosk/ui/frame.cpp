#include "kiosk/ui/frame.hpp"

#include <imgui.h>

#include <algorithm>
#include <numeric>

#include "kiosk/ui/tools.hpp"
#include "survey/respondent_flow.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr float kMaxColumn = 230;
constexpr float kMaxHeight = 300;
constexpr float kDot = 3.6F;
constexpr float kDotGap = 2.4F;
constexpr float kCurrent = 9.6F;
constexpr float kProgressRoom = 24;
constexpr float kTwoRows = 150;  ///< height from which the header may have two rows

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

/// The row at the top: how its tools are set, and where progress goes.
struct Header {
    ToolRow tools;
    std::optional<TextBlock> count;  ///< "3/8" instead of dots
    bool own_row = false;            ///< progress stands below the tools
};

Header plan_header(const Canvas& canvas, float width) {
    const auto& model = canvas.model;
    const std::vector<Tool> list = all_tools(canvas);
    Header header{plan_tools(canvas, list, width - kProgressRoom), std::nullopt, false};
    // Where there is height to spare, progress rather takes a row of its own than that tools go.
    if (header.tools.tools.size() < list.size() && canvas.height() >= kTwoRows) {
        header.tools = plan_tools(canvas, list, width);
    }
    if (flow::current_question(model.setup, model.state) == nullptr) return header;
    const float room = width - header.tools.w - 3.0F;
    const survey::Progress progress =
        survey::progress_at(model.instrument(), model.state.question, model.state.answers);
    if (dots_width(progress.total) <= room) return header;
    const std::string count = std::to_string(progress.place) + "/" + std::to_string(progress.total);
    const TextBlock block = canvas.type.set(count, Face::small, width);
    if (block.w <= room) {
        header.count = block;
    } else {
        header.own_row = true;
    }
    return header;
}

void draw_progress(Canvas& canvas, const Header& header, const Box& row) {
    const auto& model = canvas.model;
    if (flow::current_question(model.setup, model.state) == nullptr) return;
    const survey::Progress progress =
        survey::progress_at(model.instrument(), model.state.question, model.state.answers);
    const std::vector<std::pair<std::string_view, std::string>> counts{
        {"place", std::to_string(progress.place)}, {"total", std::to_string(progress.total)}};
    const std::string label = model.said().format(Key::progress_label, counts);
    const std::string spoken = model.said().format(Key::speech_progress, counts);
    Box box = header.own_row ? Box{row.x, row.bottom() + 2.0F, row.w, kDot} : row;
    Rgb ink = canvas.colours.accent;
    if (header.count) {
        box.w = header.count->w;
        ink = canvas.colours.ink;
        canvas.lines(
            canvas.px({box.x, box.y + (box.h - header.count->h) / 2, box.w, header.count->h}),
            *header.count, Align::left, ink);
    } else {
        box.w = std::min(dots_width(progress.total), row.w);
        draw_dots(canvas, box, progress);
    }
    canvas.record("progress", Role::progress, label, box, ink, canvas.colours.paper, spoken);
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

float header_height(const Canvas& canvas) {
    const bool own_row = plan_header(canvas, plain_frame(canvas).column.w).own_row;
    return kTarget + (own_row ? kDot + 2.0F : 0.0F);
}

Frame question_frame(Canvas& canvas, Said& said) {
    Frame frame = plain_frame(canvas);
    const Box row{frame.column.x, frame.column.y, frame.column.w, kTarget};
    const Header header = plan_header(canvas, row.w);
    draw_progress(canvas, header, row);
    const float w = header.tools.w;
    draw_tools(canvas, header.tools, {row.right() - w, row.y, w, row.h}, said);
    const float gap = std::clamp((canvas.height() - 60) * 0.055F, kGap, 4.3F);
    const float top = row.y + header_height(canvas) + gap;
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

void settle_page(int page, Said& said) {
    if (page == 0 || !said || !std::holds_alternative<flow::event::Back>(*said)) return;
    said = flow::event::PageTurned{page - 1};
}

FooterButton more_button(const Canvas& canvas, int page, Look look) {
    return {"more", canvas.model.said()[Key::nav_more], ButtonStyle{.look = look},
            flow::event::PageTurned{page + 1}};
}

namespace {

/// The question alone: its lines cut into pages of about equal length.
std::vector<TextBlock> question_parts(const Canvas& canvas, const Frame& frame,
                                      const std::string& text) {
    const Box& body = frame.body;
    const TextBlock whole =
        canvas.type.fit(text, body.w, body.h, {Face::title, Face::strong, Face::small});
    const float line = canvas.type.line(whole.face);
    const auto room = static_cast<std::size_t>(std::max(1.0F, (body.h + 0.01F) / line));
    const std::size_t pages = (whole.lines.size() + room - 1) / room;
    if (pages < 2) return {whole};
    const std::size_t each = (whole.lines.size() + pages - 1) / pages;
    std::vector<TextBlock> parts;
    for (std::size_t first = 0; first < whole.lines.size(); first += each) {
        TextBlock part = whole;
        const std::size_t last = std::min(first + each, whole.lines.size());
        part.lines.assign(whole.lines.begin() + static_cast<std::ptrdiff_t>(first),
                          whole.lines.begin() + static_cast<std::ptrdiff_t>(last));
        part.h = static_cast<float>(part.lines.size()) * line;
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace

int question_pages(const Canvas& canvas, const Frame& frame, const std::string& text) {
    return static_cast<int>(question_parts(canvas, frame, text).size());
}

void question_page(Canvas& canvas, const Frame& frame, const std::string& text, Said& said) {
    const std::vector<TextBlock> parts = question_parts(canvas, frame, text);
    const int page =
        std::clamp(canvas.model.state.answers_page, 0, static_cast<int>(parts.size()) - 1);
    const TextBlock& title = parts[static_cast<std::size_t>(page)];
    canvas.heading("question.title", {frame.body.x, frame.body.y, frame.body.w, title.h}, title,
                   Align::left, canvas.colours.paper);
    footer(canvas, frame, {more_button(canvas, page, Look::primary)}, said);
    settle_page(page, said);
}

}  // namespace kaiku::ui
