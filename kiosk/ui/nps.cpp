#include <algorithm>
#include <cstdlib>

#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

namespace {

constexpr int kScores = 11;
constexpr float kMaxCell = 26;

struct Scale {
    int columns = kScores;
    int rows = 1;
    float cell_w = 0;
    float cell_h = 0;
    TextBlock low, high;
    bool stacked = false;  ///< the ends stand under each other
    float least_h = 0;     ///< with cells at their least height
};

Scale measure(const Canvas& canvas, const survey::Question& question, float width) {
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
    const float used = static_cast<float>(scale.columns) * (scale.cell_w + kGap) - kGap;
    const float half = (used - 6.0F) / 2;
    const std::string low = end(question.low, "0 \u2013 ");
    const std::string high = end(question.high, "10 \u2013 ");
    scale.low = canvas.type.fit(low, half, 1e3F, {Face::body, Face::small});
    scale.high = canvas.type.fit(high, half, 1e3F, {Face::body, Face::small});
    const bool many_lines = scale.low.lines.size() > 1 || scale.high.lines.size() > 1;
    if (!one_row && (many_lines || scale.low.broken || scale.high.broken)) {
        scale.stacked = true;
        scale.low = canvas.type.fit(low, width, 1e3F, {Face::small});
        scale.high = canvas.type.fit(high, width, 1e3F, {Face::small});
    }
    const float ends =
        scale.stacked ? scale.low.h + scale.high.h + 0.8F : std::max(scale.low.h, scale.high.h);
    scale.least_h = static_cast<float>(scale.rows) * (kTarget + kGap) - kGap + 1.6F + ends;
    return scale;
}

void draw_cells(Canvas& canvas, const Scale& scale, const Box& area, Said& said) {
    const std::optional<int>& chosen = canvas.model.state.answers.nps;
    for (int score = 0; score < kScores; ++score) {
        const std::div_t place = std::div(score, scale.columns);
        const auto column = static_cast<float>(place.rem);
        const auto row = static_cast<float>(place.quot);
        const Box box{area.x + column * (scale.cell_w + kGap), area.y + row * (scale.cell_h + kGap),
                      scale.cell_w, scale.cell_h};
        const std::string label = std::to_string(score);
        ButtonStyle style{.role = Role::radio, .look = Look::outlined, .face = Face::title};
        style.selected = chosen == score;
        if (canvas.button("nps." + label, box, label, style)) said = flow::event::Scored{score};
    }
}

void draw_ends(Canvas& canvas, const Scale& scale, const Box& area, float top) {
    const float used = static_cast<float>(scale.columns) * (scale.cell_w + kGap) - kGap;
    const Rgb soft = canvas.colours.soft;
    const Rgb paper = canvas.colours.paper;
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
    Scale scale = measure(canvas, question, frame.body.w);
    Plan plan = plan_question(canvas, frame, text, scale.least_h);
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
