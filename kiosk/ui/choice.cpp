#include "kiosk/ui/options.hpp"
#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

void draw_choice(Canvas& canvas, const survey::Question& question, Said& said) {
    const flow::State& state = canvas.model.state;
    const auto chosen = state.answers.choices.find(question.key);
    std::vector<Option> options;
    for (const survey::ChoiceOption& option : question.options) {
        options.push_back(
            {.id = "choice." + question.key + "." + option.key,
             .label = option.text.in(state.language),
             .selected = chosen != state.answers.choices.end() && chosen->second == option.key,
             .event = flow::event::Chosen{option.key}});
    }
    const Frame frame = question_frame(canvas, said);
    draw_option_pages(canvas, frame, question.text.in(state.language), options,
                      {next_button(canvas)}, flow::is_answered(canvas.model.setup, state), said);
}

}  // namespace kaiku::ui
