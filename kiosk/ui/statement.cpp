#include <imgui.h>

#include <algorithm>

#include "kiosk/ui/drawings.hpp"
#include "kiosk/ui/faces.hpp"
#include "kiosk/ui/question.hpp"

namespace kaiku::ui {

namespace {

constexpr int kFaces = 5;
constexpr float kPad = 2.0F;

enum class Shape {
    columns,  ///< face above its label
    rows,     ///< face left of its label, under each other
    bare,     ///< faces in a row, words for the ends or the chosen one below
};

struct Faces {
    Shape shape = Shape::columns;
    std::array<TextBlock, kFaces> labels;
    float label_h = 0;
    float least_h = 0;
    float w = 0;  ///< of one card
};

float card_width(float width) {
    return std::min((width - static_cast<float>(kFaces - 1) * kGap * 1.2F) / kFaces, 44.0F);
}

/// Lays the labels in a shape; nothing when they do not fit it.
std::optional<Faces> measure(const Canvas& canvas, Shape shape, float width) {
    Faces faces;
    faces.shape = shape;
    faces.w = shape == Shape::rows ? std::min(width, 150.0F) : card_width(width);
    const auto& agreement = canvas.model.instrument().agreement;
    const float room = shape == Shape::rows ? faces.w - kSmiley - 3 * kPad - 2 : faces.w - 2 * kPad;
    const auto language = canvas.model.state.language;
    // One face for all five: a label larger than its neighbours would lead the answer.
    const auto roomy = [&](const survey::LocalizedText& label) {
        return Typesetter::fits(canvas.type.balance(label.in(language), Face::body, room), room,
                                kSmiley - 2);
    };
    const bool large =
        shape == Shape::rows && std::all_of(agreement.begin(), agreement.end(), roomy);
    for (std::size_t i = 0; i < agreement.size(); ++i) {
        const std::string& label = agreement[i].in(language);
        faces.labels[i] = shape == Shape::rows
                              ? canvas.type.balance(label, large ? Face::body : Face::small, room)
                              : canvas.type.set(label, Face::small, room);
        if (shape != Shape::bare && faces.labels[i].broken) return std::nullopt;
        faces.label_h = std::max(faces.label_h, faces.labels[i].h);
    }
    const float face = std::min(kSmiley, faces.w);
    if (shape == Shape::columns) {
        if (faces.w < kSmiley + 2 * kPad) return std::nullopt;
        faces.least_h = face + faces.label_h + 3.8F * kPad;
    } else if (shape == Shape::rows) {
        faces.least_h = kFaces * (kSmiley + kGap) - kGap;
    } else {
        const float half = width / 2 - 4;
        float words = 0;
        for (const std::size_t end : {std::size_t{0}, agreement.size() - 1}) {
            const std::string& label = agreement[end].in(canvas.model.state.language);
            words = std::max(words, canvas.type.set(label, Face::small, half).h);
        }
        faces.least_h = face + 1.6F + words;
    }
    return faces;
}

ButtonStyle face_style(const Canvas& canvas, const Faces& faces, int value, bool chosen) {
    ButtonStyle style{.role = Role::radio, .look = Look::card};
    style.selected = chosen;
    const auto index = static_cast<std::size_t>(value - 1);
    const TextBlock label = faces.labels[index];
    const Shape shape = faces.shape;
    if (shape != Shape::bare) style.inside_text = label;
    style.inside = [&canvas, label, shape, value, label_h = faces.label_h](const Pixels& box,
                                                                           Rgb fg, Rgb) {
        const float pad = canvas.px(kPad);
        const float words = canvas.px(label_h);
        if (shape == Shape::rows) {
            const float face = std::min(box.h - 1.6F * pad, canvas.px(30.0F));
            draw_face(canvas, value, {box.x + pad + face / 2, box.y + box.h / 2}, face, fg);
            const float left = box.x + 2 * pad + face + pad;
            const float high = canvas.px(label.h);
            canvas.lines({left, box.y + (box.h - high) / 2, box.x + box.w - left, high}, label,
                         Align::left, fg);
            return;
        }
        if (shape == Shape::bare) {
            draw_face(canvas, value, {box.x + box.w / 2, box.y + box.h / 2},
                      std::min(box.w, box.h) - pad, fg);
            return;
        }
        const float face = std::min(box.w - 2 * pad, box.h - words - 3.6F * pad);
        draw_face(canvas, value, {box.x + box.w / 2, box.y + 1.2F * pad + face / 2}, face, fg);
        canvas.lines({box.x, box.y + 2.2F * pad + face, box.w, words}, label, Align::centre, fg);
    };
    return style;
}

Box card(const Faces& faces, const Box& area, float height, int value) {
    const auto place = static_cast<float>(value - 1);
    if (faces.shape == Shape::rows) {
        return {area.x, area.y + place * (height + kGap), faces.w, height};
    }
    const float gap = kGap * 1.2F;
    return {area.x + place * (faces.w + gap), area.y, faces.w, height};
}

float card_height(const Faces& faces, float room) {
    const float spare = std::max(0.0F, room - faces.least_h);
    if (faces.shape == Shape::rows) {
        return std::min(kSmiley + spare / kFaces, 31.0F);
    }
    const float face = std::min(kSmiley, faces.w);
    if (faces.shape == Shape::bare) return face;
    return std::min(faces.least_h + spare,
                    faces.label_h + 3.8F * kPad + std::min(27.7F, faces.w - 2 * kPad));
}

/// Below bare faces: what the ends mean, or what the chosen one means; nothing where the largest
/// text leaves no room (the faces then speak for themselves, and aloud).
void draw_words(Canvas& canvas, const Faces& faces, const Box& area, float top,
                std::optional<int> chosen) {
    const auto& agreement = canvas.model.instrument().agreement;
    const auto language = canvas.model.state.language;
    const float used = kFaces * (faces.w + kGap * 1.2F) - kGap * 1.2F;
    const Rgb ink = canvas.colours.ink;
    const Rgb paper = canvas.colours.paper;
    if (chosen) {
        const auto& label = agreement[static_cast<std::size_t>(*chosen - 1)].in(language);
        const TextBlock block = canvas.type.set(label, Face::small, used);
        if (top + block.h > area.bottom()) return;
        canvas.text("agreement.chosen", {area.x, top, used, block.h}, block, Align::centre, ink,
                    paper);
        return;
    }
    const float half = used / 2 - 2;
    const TextBlock low = canvas.type.set(agreement.front().in(language), Face::small, half);
    const TextBlock high = canvas.type.set(agreement.back().in(language), Face::small, half);
    if (top + std::max(low.h, high.h) > area.bottom()) return;
    canvas.text("agreement.low", {area.x, top, half, low.h}, low, Align::left, ink, paper);
    canvas.text("agreement.high", {area.x + used - half, top, half, high.h}, high, Align::right,
                ink, paper);
}

struct Chosen {
    Faces faces;
    Plan plan;
};

Chosen choose(const Canvas& canvas, const Frame& frame, const std::string& text) {
    Chosen best;
    constexpr std::array kUpright{Shape::rows, Shape::columns, Shape::bare};
    constexpr std::array kWide{Shape::columns, Shape::bare, Shape::rows};
    for (const Shape shape : canvas.height() > canvas.width() ? kUpright : kWide) {
        const auto faces = measure(canvas, shape, frame.body.w);
        if (!faces) continue;
        best = {*faces, plan_question(canvas, frame, text, faces->least_h)};
        // Five faces in a row too narrow for their size: rows on a page after the question instead.
        const bool narrow = shape == Shape::bare && faces->w < kSmiley;
        const auto rows = narrow ? measure(canvas, Shape::rows, frame.body.w) : std::nullopt;
        if (rows && rows->least_h <= frame.body.h) {
            best.faces = *rows;
            best.plan.fits = false;
            return best;
        }
        if (best.plan.fits) return best;
    }
    best.faces = *measure(canvas, Shape::bare, frame.body.w);
    best.plan = plan_question(canvas, frame, text, best.faces.least_h);
    return best;
}

FooterButton cant_say(const Canvas& canvas, const survey::Question& question) {
    ButtonStyle style{.role = Role::radio, .look = Look::card};
    style.selected = canvas.model.state.answers.cant_say.contains(question.key);
    if (!style.selected) style.look = Look::plain;
    return {"statement." + question.key + ".cant_say",
            canvas.model.said()[locales::Key::statement_cant_say], style, flow::event::CantSay{}};
}

/// Whether the footer has room for "can't say", answered or not: an answer must move nothing.
bool one_row(const Canvas& canvas, const Frame& frame, std::vector<FooterButton> forward) {
    for (const locales::Key label : {locales::Key::nav_next, locales::Key::nav_skip}) {
        forward.back().label = canvas.model.said()[label];
        if (!footer_fits(canvas, frame, forward)) return false;
    }
    return true;
}

}  // namespace

void draw_statement(Canvas& canvas, const survey::Question& question, Said& said) {
    Frame frame = question_frame(canvas, said);
    std::vector<FooterButton> forward;
    if (question.cant_say) forward.push_back(cant_say(canvas, question));
    forward.push_back(next_button(canvas));
    const bool own_row = question.cant_say && !one_row(canvas, frame, forward);
    if (own_row) frame.body.h -= kTarget + kGap;
    const flow::State& state = canvas.model.state;
    const std::string& text = question.text.in(state.language);
    Chosen best = choose(canvas, frame, text);
    const int pages = best.plan.fits ? 0 : question_pages(canvas, frame, text);
    if (pages > 0) {
        if (state.answers_page < pages) return question_page(canvas, frame, text, said);
        best.plan.answers = frame.body;
    } else {
        place_picture(canvas, question, best.plan.title_box, frame.body, best.plan.answers.y,
                      best.plan.title.w);
        draw_title(canvas, best.plan);
    }
    std::optional<int> chosen;
    if (const auto found = state.answers.statements.find(question.key);
        found != state.answers.statements.end()) {
        chosen = found->second;
    }
    const Box area = best.plan.answers;
    const float height = card_height(best.faces, area.h);
    for (int value = 1; value <= kFaces; ++value) {
        const std::string id = "statement." + question.key + "." + std::to_string(value);
        const auto& label =
            canvas.model.instrument().agreement[static_cast<std::size_t>(value - 1)].in(
                state.language);
        if (canvas.button(id, card(best.faces, area, height, value), label,
                          face_style(canvas, best.faces, value, chosen == value))) {
            said = flow::event::Rated{value};
        }
    }
    if (best.faces.shape == Shape::bare) {
        draw_words(canvas, best.faces, area, area.y + height + 1.6F, chosen);
    }
    if (own_row) {
        const Box row{frame.body.x, frame.footer.y - kTarget - kGap, frame.body.w, kTarget};
        ButtonStyle style = forward.front().style;
        if (canvas.button(forward.front().id, row, forward.front().label, style)) {
            said = forward.front().event;
        }
        forward.erase(forward.begin());
    }
    footer(canvas, frame, forward, said, question.cant_say && !own_row);
    settle_page(pages, said);
}

}  // namespace kaiku::ui
