#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "kiosk/ui/drawings.hpp"
#include "kiosk/ui/keyboard.hpp"
#include "kiosk/ui/paint.hpp"
#include "kiosk/ui/question.hpp"
#include "kiosk/ui/tools.hpp"
#include "survey/utf8.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr float kMaxKeyboard = 240;  ///< mm; wider, and the hands travel

const std::string& typed(const flow::State& state, const survey::Question& question) {
    return question.kind == survey::QuestionKind::contact ? state.contact : state.answers.text;
}

/// What the box shows: while the countdown runs, only how much there is.
std::string shown(const flow::State& state, const std::string& text) {
    if (!state.idle_warning) return text;
    std::string dots;
    for (const char32_t character : survey::decode_utf8(text)) {
        if (character == U' ' || character == U'\n') {
            dots += ' ';
        } else {
            dots += "\u2022";
        }
    }
    return dots;
}

/// The end of the text with a caret that does not blink, or the placeholder.
void draw_box(Canvas& canvas, const Box& box, const survey::Question& question, Said& said) {
    const flow::State& state = canvas.model.state;
    const std::string& text = typed(state, question);
    const auto& words = canvas.model.said();
    constexpr float kSide = 4.0F;
    const Face face = canvas.type.line(Face::body) <= box.h ? Face::body : Face::small;
    const float line = canvas.type.line(face);
    const float inner_w = box.w - 2 * kSide;
    TextBlock block = canvas.type.set(
        text.empty() ? words[Key::text_placeholder] : shown(state, text), face, inner_w);
    const auto room = std::max<std::size_t>(1, static_cast<std::size_t>((box.h - 3.0F) / line));
    if (block.lines.size() > room) {
        block.lines.erase(block.lines.begin(),
                          block.lines.end() - static_cast<std::ptrdiff_t>(room));
    }
    block.h = static_cast<float>(block.lines.size()) * line;
    ButtonStyle style{.look = Look::box, .radius = 2.6F};
    style.inside_text = block;
    const float above = std::min((box.h - block.h) / 2, 3.2F);
    const Rgb ink = text.empty() ? canvas.colours.soft : canvas.colours.ink;
    style.inside = [&, block](const Pixels& place, Rgb fg, Rgb) {
        const Pixels area{place.x + canvas.px({0, 0, kSide, 0}).w, place.y + canvas.px(above),
                          place.w, canvas.px(block.h)};
        canvas.lines(area, block, Align::left, ink);
        const std::string& last = block.lines.back();
        // Before the invitation, not through its first letter.
        const float after = text.empty() ? -1.3F : canvas.type.width(face, last);
        const float x = area.x + canvas.px({0, 0, after + 0.4F, 0}).w;
        const float y = area.y + area.h - (text.empty() ? area.h : canvas.px(line));
        canvas.rounded(
            {std::round(x), std::round(y + canvas.px(line) * 0.08F),
             std::max(2.0F, std::round(canvas.px(0.45F))), std::round(canvas.px(line) * 0.84F)},
            0, fg);
    };
    const std::string& label = words[state.idle_warning ? Key::text_masked : Key::text_edit];
    if (canvas.button("text.edit", box, label, style)) {
        said = flow::event::EditOpened{};
    }
}

struct Heads {
    TextBlock title;
    TextBlock hint;
    float h = 0;
};

/// Title and hint above the box, in the largest faces that leave `rest` free.
std::optional<Heads> heads(const Canvas& canvas, const survey::Question& question, float width,
                           float room) {
    const flow::State& state = canvas.model.state;
    const std::size_t used = survey::count_code_points(typed(state, question));
    const bool full = question.max_characters > 0 && used >= question.max_characters;
    std::string hint;
    if (question.hint) hint = question.hint->in(state.language);
    if (full) hint = canvas.model.said()[Key::text_limit];
    for (const auto& [large, small] :
         {std::pair{Face::title, Face::body}, std::pair{Face::title, Face::small},
          std::pair{Face::strong, Face::small}, std::pair{Face::small, Face::small}}) {
        Heads result;
        result.title = canvas.type.balance(question.text.in(state.language), large, width);
        result.hint = canvas.type.set(hint, small, width);
        if (hint.empty()) result.hint.h = 0;
        result.h = result.title.h + (hint.empty() ? 0 : 0.8F + result.hint.h) + 2.4F;
        if (!result.title.broken && !result.hint.broken && result.h <= room) return result;
    }
    return std::nullopt;
}

/// The drawing at the right end of the question's lines, where they leave room.
void draw_beside(const Canvas& canvas, const Heads& heads, const survey::Question& question,
                 const Box& body) {
    if (!question.picture) return;
    const float side = std::min(heads.h - 2.0F, kPictureMost);
    const float free = body.w - std::max(heads.title.w, heads.hint.w) - 5.0F;
    if (side < kPictureLeast || free < side) return;
    draw_picture(canvas, *question.picture, {body.right() - side, body.y, side, side});
}

float draw_heads(Canvas& canvas, const Heads& heads, const survey::Question& question,
                 const Box& body) {
    draw_beside(canvas, heads, question, body);
    canvas.heading("question.title", {body.x, body.y, body.w, heads.title.h}, heads.title,
                   Align::left, canvas.colours.paper);
    if (heads.hint.h > 0) {
        canvas.text("question.hint", {body.x, body.y + heads.title.h + 0.8F, body.w, heads.hint.h},
                    heads.hint, Align::left, canvas.colours.soft, canvas.colours.paper);
    }
    return body.y + heads.h;
}

std::vector<FooterButton> text_footer(const Canvas& canvas) {
    const auto& words = canvas.model.said();
    return {{"text.skip", words[Key::nav_skip], ButtonStyle{.look = Look::outlined},
             flow::event::Skipped{}},
            {"text.send", words[Key::nav_send], ButtonStyle{.look = Look::primary},
             flow::event::Next{}}};
}

/// The keyboard as a view of its own: the tools above the text where the glass is tall, beside it
/// elsewhere.
void draw_editing(Canvas& canvas, const survey::Question& question, Said& said) {
    const float side = std::clamp(canvas.width() * 0.0055F, 0.85F, 8.0F);
    const float width = std::min(canvas.width() - 2 * side, kMaxKeyboard);
    const float x = (canvas.width() - width) / 2;
    const float least_box = std::max(kTarget, canvas.type.line(Face::body) + 3.0F);
    const float most = canvas.height() - 2 * side - kGap - kTarget;  // one line of text above it
    const float least = std::min(least_keyboard_height(width), most);
    const float over = plain_frame(canvas).column.y + kToolsAbove;
    const bool tools_over = canvas.height() - least - side - kGap - over >= least_box;
    const float start = tools_over ? over : side;
    const float spare = std::max(0.0F, canvas.height() - start - least - least_box - 8.0F);
    const float keys = least + std::min(spare * 0.5F, 24.0F);
    const float box_h = std::min(canvas.height() - start - keys - side - kGap, 60.0F);
    const float top = std::max(start, (canvas.height() - keys - box_h - kGap) / 2);
    const float beside =
        tools_over ? 0 : std::min(tools_beside_width(canvas), width * 0.46F) + kGap;
    if (tools_over) draw_tools_above(canvas, top, ToolsAbove::all, said);
    const Box box{x, top, width - beside, box_h};
    draw_box(canvas, box, question, said);
    if (!tools_over) {
        draw_tools_beside(canvas,
                          {box.right() + kGap, top, beside - kGap, std::min(box_h, kTarget * 1.3F)},
                          said);
    }
    draw_keyboard(canvas, {x, top + box_h + kGap, width, keys}, KeyboardEnd::editing, said);
}

}  // namespace

void draw_text(Canvas& canvas, const survey::Question& question, Said& said) {
    const Frame plain = plain_frame(canvas);
    const float side = std::clamp(canvas.width() * 0.016F, 0.85F, 8.0F);
    const float width = std::min(canvas.width() - 2 * side, kMaxKeyboard);
    const auto least = keyboard_height(width);
    const bool wide = keyboard_takes_footer(canvas, width);
    const float header = header_height(canvas) + 3.0F;
    const float floor = wide ? std::min(canvas.height() - side, plain.footer.bottom() + 2.0F)
                             : plain.footer.y - kGap;
    // Two lines of the box are better than one, one is better than a keyboard out of sight.
    float box_least = 0;
    std::optional<Heads> docked;
    for (const float lines : {2.0F, 1.0F}) {
        box_least = std::max(kTarget, canvas.type.line(Face::body) * lines + 3.2F);
        docked = heads(canvas, question, plain.column.w,
                       floor - plain.column.y - header - least.value_or(1e3F) - kGap - box_least);
        if (docked) break;
    }
    if (!docked && canvas.model.state.editing) return draw_editing(canvas, question, said);
    const Frame frame = question_frame(canvas, said);
    if (!docked) {
        const float free = frame.body.h - std::max(kTarget, canvas.type.line(Face::body) + 0.8F);
        const auto fitted = heads(canvas, question, frame.body.w, free);
        const std::string& text = question.text.in(canvas.model.state.language);
        const int pages = fitted ? 0 : question_pages(canvas, frame, text);
        if (canvas.model.state.answers_page < pages) {
            return question_page(canvas, frame, text, said);
        }
        const float top = fitted ? draw_heads(canvas, *fitted, question, frame.body) : frame.body.y;
        draw_box(canvas,
                 {frame.body.x, top, frame.body.w, std::min(frame.body.bottom() - top, 80.0F)},
                 question, said);
        footer(canvas, frame, text_footer(canvas), said);
        return settle_page(pages, said);
    }
    Box body = frame.body;
    body.y = plain.column.y + header;
    const float slack = floor - body.y - docked->h - *least - kGap - box_least;
    const float keys = *least + std::clamp(slack * 0.35F, 0.0F, wide ? 14.0F : 20.0F);
    const float key_top = floor - keys;
    const float top = draw_heads(canvas, *docked, question, body);
    draw_box(canvas, {body.x, top, body.w, std::min(key_top - kGap - 1.0F - top, 62.0F)}, question,
             said);
    draw_keyboard(canvas, {(canvas.width() - width) / 2, key_top, width, keys},
                  wide ? KeyboardEnd::docked : KeyboardEnd::keys, said);
    if (!wide) footer(canvas, frame, text_footer(canvas), said);
}

}  // namespace kaiku::ui
