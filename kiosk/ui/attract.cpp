#include <algorithm>

#include "kiosk/ui/question.hpp"
#include "survey/respondent_flow.hpp"

namespace kaiku::ui {

namespace {

using locales::Catalogue;
using locales::Key;

/// How long a question of a kind takes, in seconds: what the promise on the screen is counted from.
int seconds_for(survey::QuestionKind kind) {
    switch (kind) {
        case survey::QuestionKind::nps:
            return 10;
        case survey::QuestionKind::statement:
            return 7;
        case survey::QuestionKind::choice:
            return 8;
        case survey::QuestionKind::open_text:
            return 20;
        case survey::QuestionKind::contact:
            return 20;
    }
    return 0;
}

std::string count_word(const Catalogue& words, std::size_t count) {
    constexpr std::array kWords{Key::number_2, Key::number_3, Key::number_4, Key::number_5,
                                Key::number_6, Key::number_7, Key::number_8, Key::number_9};
    if (count >= 2 && count <= 9) return words[kWords[count - 2]];
    return std::to_string(count);
}

/// "Kaksi kysymystä, 30 sekuntia.", counted from the questions that everybody is asked.
std::string lead(const Catalogue& words, const survey::Instrument& instrument) {
    std::size_t count = 0;
    int seconds = 0;
    const survey::Answers none;
    for (std::size_t i = 0; i < instrument.questions.size(); ++i) {
        if (!survey::is_asked(instrument, i, none)) continue;
        ++count;
        seconds += seconds_for(instrument.questions[i].kind);
    }
    if (count <= 1) return words[Key::attract_lead_one];
    if (seconds <= 50) {
        return words.format(Key::attract_lead_few,
                            {{"count", count_word(words, count)},
                             {"seconds", std::to_string((seconds + 9) / 10 * 10)}});
    }
    if (seconds <= 70) {
        return words.format(Key::attract_lead_minute, {{"count", count_word(words, count)}});
    }
    return words.format(
        Key::attract_lead_minutes,
        {{"count", count_word(words, count)}, {"minutes", std::to_string((seconds + 59) / 60)}});
}

struct Half {
    survey::Language language;
    Box area;
    Rgb ground;
};

void draw_half(Canvas& canvas, const Half& half, Said& said) {
    const Catalogue& words = canvas.model.words[static_cast<std::size_t>(half.language)];
    const std::string code(survey::to_string(half.language));
    const Typesetter& type = canvas.type;
    const float width =
        std::min(half.area.w - 2 * std::clamp(half.area.w * 0.06F, 4.0F, 10.0F), 130.0F);
    const float x = half.area.x + (half.area.w - width) / 2;
    const float button_h = std::clamp(half.area.h * 0.17F, kTarget + 1, 21.0F);
    const float gap = std::clamp(half.area.h * 0.055F, 2.5F, 9.0F);
    const std::string details =
        lead(words, *canvas.model.setup.instrument) + '\n' + words[Key::attract_anonymous];
    TextBlock title;
    TextBlock lines;
    for (const auto& [big, small] :
         {std::pair{Face::display, Face::body}, std::pair{Face::title, Face::body},
          std::pair{Face::title, Face::small}, std::pair{Face::strong, Face::small},
          std::pair{Face::small, Face::small}}) {
        title = type.set(words[Key::attract_title], big, std::min(width, 84.0F));
        lines = type.set(details, small, width);
        const float total = title.h + lines.h + button_h + 2 * gap;
        if (!title.broken && !lines.broken && total <= half.area.h) break;
    }
    float y = half.area.y + (half.area.h - title.h - lines.h - button_h - 2.4F * gap) / 2;
    canvas.heading("attract." + code + ".title", {x, y, width, title.h}, title, Align::centre,
                   half.ground);
    y += title.h + gap;
    canvas.text("attract." + code + ".lead", {x, y, width, lines.h}, lines, Align::centre,
                half.ground == canvas.colours.paper ? canvas.colours.soft : canvas.colours.ink,
                half.ground);
    y += lines.h + 1.4F * gap;
    const float wide = std::min(
        width, std::max(44.0F, type.width(Face::strong, words[Key::attract_start]) + 24.0F));
    const Box button{half.area.x + (half.area.w - wide) / 2, y, wide, button_h};
    if (canvas.button("start." + code, button, words[Key::attract_start],
                      {.look = Look::primary})) {
        said = flow::event::Started{half.language};
    }
}

}  // namespace

void draw_attract(Canvas& canvas, Said& said) {
    const float width = canvas.width();
    const float height = canvas.height();
    const float foot_gap = std::clamp(height * 0.035F, 2.6F, 12.0F);
    const bool stacked = height > width;
    auto first = survey::Language::fi;
    auto second = survey::Language::sv;
    if (canvas.model.setup.first_language == second) std::swap(first, second);
    const float pill_h = kTarget;
    const float strip = pill_h + 2 * foot_gap;
    const Box one = stacked ? Box{0, 0, width, (height - strip) / 2} : Box{0, 0, width / 2, height};
    const Box two =
        stacked ? Box{0, one.h, width, height - one.h} : Box{width / 2, 0, width / 2, height};
    canvas.fill(two, canvas.colours.tint);
    const Pixels edge = canvas.px(two);
    if (canvas.colours.tint == canvas.colours.paper) {
        canvas.rounded(
            stacked ? Pixels{0, edge.y - 1, edge.w, 3} : Pixels{edge.x - 1, 0, 3, edge.h}, 0,
            canvas.colours.line);
    }
    Box upper = one;
    Box lower = two;
    if (!stacked) upper.h = height - strip;
    lower.h = stacked ? one.h : height - strip;
    draw_half(canvas, {first, upper, canvas.colours.paper}, said);
    draw_half(canvas, {second, lower, canvas.colours.tint}, said);
    const auto& english = canvas.model.words[static_cast<std::size_t>(survey::Language::en)];
    const std::string& name = english[Key::language_name];
    const float pill = std::max(30.0F, canvas.type.width(Face::strong, name) + 12.0F);
    const Box box{(width - pill) / 2, height - foot_gap - pill_h, pill, pill_h};
    if (canvas.button("start.en", box, name, {.look = Look::pill})) {
        said = flow::event::Started{survey::Language::en};
    }
}

}  // namespace kaiku::ui
