#include <algorithm>
#include <cstdlib>

#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

namespace {

constexpr int kScores = 11;
constexpr float kMaxCell = 26;
constexpr float kLowGlass = 100;    ///< mm
constexpr float kEndsApart = 3.5F;  ///< of cells and the ends beside them

struct Scale {
    int columns = kScores;
    int rows = 1;
    float cell_w = 0;
    float cell_h = 0;
    TextBlock low, high;
    bool stacked = false;  ///< the ends stand under each other
    bool beside = false;   ///< each end at the right of the row that it belongs to
    float least_h = 0;     ///< with cells at their least height
};

float cells_width(const Scale& scale) {
    return static_cast<float>(scale.columns) * (scale.cell_w + kGap) - kGap;
}

/// Low glass: the ends at the right of two rows of the smallest cells, which leaves the question
/// more height. Nothing where they have no room.
std::optional<Scale> with_ends_beside(const Canvas& canvas, Scale scale, const std::string& low,
                                      const std::string& high, float width) {
    if (scale.rows != 2 || low.empty() || high.empty()) return std::nullopt;
    scale.beside = true;
    scale.stacked = false;
    const float least_room = 30;
    scale.cell_w = std::clamp((width - kEndsApart - 46.0F + kGap) / 6 - kGap, kTarget, kMaxCell);
    const float room = width - cells_width(scale) - kEndsApart;
    if (room < least_room) return std::nullopt;
    scale.low = canvas.type.fit(low, room, kTarget + kGap, {Face::body, Face::small});
    scale.high = canvas.type.fit(high, room, kTarget + kGap, {scale.low.face, Face::small});
    scale.low = canvas.type.balance(low, scale.high.face, room);
    for (const TextBlock* end : {&scale.low, &scale.high}) {
        if (!Typesetter::fits(*end, room, kTarget + kGap)) return std::nullopt;
    }
    scale.least_h = 2 * kTarget + kGap;
    return scale;
}

/// With the ends in this face, or a smaller one.
Scale measure(const Canvas& canvas, const survey::Question& question, float width, Face ends_face) {
    Scale scale;
    const auto cell = [&](int columns) {
        return (width - static_cast<float>(columns - 1) * kGap) / static_cast<float>(columns);
    };
    if (cell(kScores) < kTarget) scale.columns = 6;
    scale.rows = (kScores + scale.columns - 1) / scale.columns;
    scale.cell_w = std::min(cell(scale.columns), kMaxCell);
    scale.cell_h = kTarget;
    const auto language = canvas.model.state.language;
    const bool one_row = scale.rows == 1;
    const auto end = [&](const std::optional<survey::LocalizedText>& text, const char* score) {
        std::string words = text ? text->in(language) : std::string();
        return one_row || words.empty() ? words : score + words;
    };
    const float half = (cells_width(scale) - 6.0F) / 2;
    const std::string low = end(question.low, "0 \u2013 ");
    const std::string high = end(question.high, "10 \u2013 ");
    scale.low = canvas.type.fit(low, half, 1e3F, {ends_face, Face::small});
    scale.high = canvas.type.fit(high, half, 1e3F, {ends_face, Face::small});
    const bool many_lines = scale.low.lines.size() > 1 || scale.high.lines.size() > 1;
    if (!one_row && (many_lines || scale.low.broken || scale.high.broken)) {
        scale.stacked = true;
        scale.low = canvas.type.fit(low, width, 1e3F, {Face::small});
        scale.high = canvas.type.fit(high, width, 1e3F, {Face::small});
    }
    const float ends =
        scale.stacked ? scale.low.h + scale.high.h + 0.8F : std::max(scale.low.h, scale.high.h);
    scale.least_h = static_cast<float>(scale.rows) * (kTarget + kGap) - kGap + 1.6F + ends;
    if (canvas.height() < kLowGlass) {
        if (const auto beside = with_ends_beside(canvas, scale, low, high, width)) return *beside;
    }
    return scale;
}

void draw_cells(Canvas& canvas, const Scale& scale, const Box& area, Said& said) {
    const std::optional<int>& chosen = canvas.model.state.answers.nps;
    // One face for all: a number larger than its neighbours would lead the answer.
    const Face face = canvas.type
                          .fit("10", scale.cell_w - 2.4F, scale.cell_h - 0.8F,
                               {Face::title, Face::strong, Face::small})
                          .face;
    for (int score = 0; score < kScores; ++score) {
        const std::div_t place = std::div(score, scale.columns);
        const auto column = static_cast<float>(place.rem);
        const auto row = static_cast<float>(place.quot);
        const Box box{area.x + column * (scale.cell_w + kGap), area.y + row * (scale.cell_h + kGap),
                      scale.cell_w, scale.cell_h};
        const std::string label = std::to_string(score);
        ButtonStyle style{.role = Role::radio, .look = Look::outlined, .face = face};
        style.selected = chosen == score;
        if (canvas.button("nps." + label, box, label, style)) said = flow::event::Scored{score};
    }
}

void draw_ends(Canvas& canvas, const Scale& scale, const Box& area, float top) {
    const float used = cells_width(scale);
    const Rgb soft = canvas.colours.soft;
    const Rgb paper = canvas.colours.paper;
    if (scale.beside) {
        const float x = area.x + used + kEndsApart;
        const float w = area.right() - x;
        float middle = area.y + scale.cell_h / 2;
        canvas.text("nps.low", {x, middle - scale.low.h / 2, w, scale.low.h}, scale.low,
                    Align::left, soft, paper);
        middle += scale.cell_h + kGap;
        canvas.text("nps.high", {x, middle - scale.high.h / 2, w, scale.high.h}, scale.high,
                    Align::left, soft, paper);
        return;
    }
    if (scale.stacked) {
        canvas.text("nps.low", {area.x, top, area.w, scale.low.h}, scale.low, Align::left, soft,
                    paper);
        canvas.text("nps.high", {area.x, top + scale.low.h + 0.8F, area.w, scale.high.h},
                    scale.high, Align::left, soft, paper);
        return;
    }
    const float half = used / 2 - 2.0F;
    canvas.text("nps.low", {area.x, top, half, scale.low.h}, scale.low, Align::left, soft, paper);
    canvas.text("nps.high", {area.x + used - half, top, half, scale.high.h}, scale.high,
                Align::right, soft, paper);
}

}  // namespace

void draw_nps(Canvas& canvas, const survey::Question& question, Said& said) {
    const Frame frame = question_frame(canvas, said);
    std::string text = question.text.in(canvas.model.state.language);
    Scale scale = measure(canvas, question, frame.body.w, Face::body);
    Plan plan = plan_question(canvas, frame, text, scale.least_h);
    if (plan.title.face == Face::small) {  // the ends must not be larger than the question
        scale = measure(canvas, question, frame.body.w, Face::small);
        plan = plan_question(canvas, frame, text, scale.least_h);
    }
    const bool paged = !plan.fits;
    const bool ends_fit = scale.least_h <= frame.body.h;
    const int pages = paged ? question_pages(canvas, frame, text) : 0;
    if (canvas.model.state.answers_page < pages) {
        // The ends are said where there is room for them; on the smallest panels in the largest
        // text "how likely" has to carry the scale alone.
        const std::string with_ends = text + "\n" + scale.low.whole + "\n" + scale.high.whole;
        const TextBlock block = canvas.type.set(with_ends, Face::small, frame.body.w);
        if (!ends_fit && Typesetter::fits(block, frame.body.w, frame.body.h)) text = with_ends;
        return question_page(canvas, frame, text, said);
    }
    if (paged) {
        plan.answers = frame.body;
    } else {
        draw_title(canvas, plan);
    }
    const float spare = std::max(0.0F, plan.answers.h - scale.least_h);
    const auto rows = static_cast<float>(scale.rows);
    scale.cell_h =
        std::clamp(scale.cell_w * 1.34F, kTarget, std::min(28.0F, kTarget + spare / rows));
    const Box area = plan.answers;
    draw_cells(canvas, scale, area, said);
    if (!paged || ends_fit)
        draw_ends(canvas, scale, area, area.y + rows * (scale.cell_h + kGap) - kGap + 1.6F);
    footer(canvas, frame, {next_button(canvas)}, said);
    settle_page(pages, said);
}

}  // namespace kaiku::ui
