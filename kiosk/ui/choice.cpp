#include <algorithm>

#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

namespace {

struct Grid {
    int columns = 1;
    int rows = 1;
    float row_h = kTarget;
    float least_h = 0;
    bool fits = false;
};

Grid measure(const Canvas& canvas, const survey::Question& question, float width, int columns) {
    Grid grid;
    const auto count = static_cast<int>(question.options.size());
    grid.columns = columns;
    grid.rows = (count + columns - 1) / columns;
    const float room =
        (width - static_cast<float>(columns - 1) * kGap) / static_cast<float>(columns) - 6.0F;
    grid.fits = true;
    for (const survey::ChoiceOption& option : question.options) {
        const TextBlock block = canvas.type.fit(option.text.in(canvas.model.state.language), room,
                                                1e3F, {Face::strong, Face::small});
        grid.row_h = std::max(grid.row_h, block.h + 2.6F);
        grid.fits = grid.fits && !block.broken;
    }
    grid.least_h = static_cast<float>(grid.rows) * (grid.row_h + kGap) - kGap;
    return grid;
}

}  // namespace

void draw_choice(Canvas& canvas, const survey::Question& question, Said& said) {
    const Frame frame = question_frame(canvas, said);
    const flow::State& state = canvas.model.state;
    const std::string& text = question.text.in(state.language);
    Grid grid;
    Plan plan;
    for (const int columns : {1, 2, 3}) {
        grid = measure(canvas, question, frame.body.w, columns);
        plan = plan_question(canvas, frame, text, grid.least_h);
        if (grid.fits && plan.fits) break;
    }
    if (!plan.fits) {
        if (!second_page(canvas)) return question_page(canvas, frame, text, said);
        plan.answers = frame.body;
        // Alone on its page: whichever number of columns is the lowest.
        for (const int columns : {1, 2, 3}) {
            const Grid tried = measure(canvas, question, frame.body.w, columns);
            if (tried.fits && (!grid.fits || tried.least_h < grid.least_h)) grid = tried;
        }
    } else {
        draw_title(canvas, plan);
    }
    const float spare = std::max(0.0F, plan.answers.h - grid.least_h);
    const float height = std::min(grid.row_h + spare / static_cast<float>(grid.rows), 18.0F);
    const float used = std::max(height, grid.row_h);
    const float width = (frame.body.w - static_cast<float>(grid.columns - 1) * kGap) /
                        static_cast<float>(grid.columns);
    const auto chosen = state.answers.choices.find(question.key);
    for (std::size_t i = 0; i < question.options.size(); ++i) {
        const survey::ChoiceOption& option = question.options[i];
        const auto column = static_cast<float>(i % static_cast<std::size_t>(grid.columns));
        const auto row = static_cast<float>(i / static_cast<std::size_t>(grid.columns));
        const Box box{plan.answers.x + column * (width + kGap),
                      plan.answers.y + row * (used + kGap), width, used};
        ButtonStyle style{.role = Role::radio, .look = Look::card};
        style.selected = chosen != state.answers.choices.end() && chosen->second == option.key;
        if (canvas.button("choice." + question.key + "." + option.key, box,
                          option.text.in(state.language), style)) {
            said = flow::event::Chosen{option.key};
        }
    }
    footer(canvas, frame, {next_button(canvas)}, said);
    settle_page(!plan.fits, said);
}

}  // namespace kaiku::ui
