#include "kiosk/ui/keyboard.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "survey/utf8.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

enum class Kind { character, space, shift, backspace, clear, page, back, skip, send, close };

struct KeyCap {
    Kind kind = Kind::character;
    char32_t character = 0;
    float units = 1;
};
using Row = std::vector<KeyCap>;

// Keys are packed tighter than other targets, still within the limits after rounding to pixels.
constexpr float kLeastKey = 12.79F;
constexpr float kLeastGap = 2.7F;
float key_gap(float width) { return width > 160 ? kGap : kLeastGap; }

enum class Shape { wide, middle, narrow };

/// Columns that a shape needs at least.
float columns_of(Shape shape) {
    switch (shape) {
        case Shape::wide:
            return 11;
        case Shape::middle:
            return 10;
        case Shape::narrow:
            return 8;
    }
    return 11;
}

float needed(Shape shape) { return columns_of(shape) * (kLeastKey + kLeastGap) - kLeastGap; }

/// Height of a shape whose keys are as large as they must be.
float height_of(Shape shape, float width) {
    const float rows = shape == Shape::narrow ? 6.0F : 4.0F;
    return rows * (kLeastKey + key_gap(width)) - key_gap(width);
}

std::optional<Shape> shape_for(float width) {
    for (const Shape shape : {Shape::wide, Shape::middle, Shape::narrow}) {
        if (needed(shape) <= width) return shape;
    }
    return std::nullopt;
}

Row characters(std::u32string_view text) {
    Row row;
    for (const char32_t character : text) row.push_back({Kind::character, character, 1});
    return row;
}

Row joined(Row first, std::initializer_list<KeyCap> more) {
    first.insert(first.end(), more);
    return first;
}

Row last_row(Shape shape, KeyboardEnd end) {
    const KeyCap comma{Kind::character, U',', 1};
    const KeyCap stop{Kind::character, U'.', 1};
    if (shape == Shape::narrow && end == KeyboardEnd::editing) {
        return {{Kind::close, 0, 1},  {Kind::page, 0, 1.3F}, {Kind::space, 0, 1.1F}, comma, stop,
                {Kind::send, 0, 1.6F}};
    }
    if (shape == Shape::narrow) {
        return {{Kind::page, 0, 1.3F}, {Kind::space, 0, 2.7F}, comma, stop};
    }
    if (shape == Shape::middle) {
        Row row{{Kind::page, 0, 1.95F},  {Kind::space, 0, 1.25F}, comma, stop,
                {Kind::backspace, 0, 1}, {Kind::clear, 0, 1}};
        if (end == KeyboardEnd::editing) {
            row.insert(row.begin(), {Kind::close, 0, 1});
            row.push_back({Kind::send, 0, 1.9F});
        }
        return row;
    }
    if (end == KeyboardEnd::docked) {
        return {{Kind::back, 0, 1},    {Kind::page, 0, 1.25F}, {Kind::space, 0, 2.75F}, comma, stop,
                {Kind::skip, 0, 2.3F}, {Kind::send, 0, 1.7F}};
    }
    if (end == KeyboardEnd::keys) {
        return {{Kind::page, 0, 1.4F}, {Kind::space, 0, 7.6F}, comma, stop};
    }
    return {{Kind::close, 0, 1},  {Kind::page, 0, 1.6F}, {Kind::space, 0, 3.8F}, comma, stop,
            {Kind::send, 0, 2.6F}};
}

std::vector<Row> letters(Shape shape, KeyboardEnd end) {
    const KeyCap shift{Kind::shift, 0, 1};
    const KeyCap backspace{Kind::backspace, 0, 1};
    const KeyCap clear{Kind::clear, 0, 1};
    switch (shape) {
        case Shape::wide: {
            Row third{{Kind::shift, 0, 1.15F}};
            const Row middle = characters(U"zxcvbnm");
            third.insert(third.end(), middle.begin(), middle.end());
            third.push_back({Kind::backspace, 0, 1.15F});
            third.push_back({Kind::clear, 0, 1.7F});
            return {characters(U"qwertyuiopå"), characters(U"asdfghjklöä"), third,
                    last_row(shape, end)};
        }
        case Shape::middle: {
            Row third{shift};
            const Row middle = characters(U"zxcvbnmöä");
            third.insert(third.end(), middle.begin(), middle.end());
            return {characters(U"qwertyuiop"), characters(U"asdfghjklå"), third,
                    last_row(shape, end)};
        }
        case Shape::narrow: {
            Row fifth{shift};
            const Row middle = characters(U"zxcvbnm");
            fifth.insert(fifth.end(), middle.begin(), middle.end());
            return {characters(U"qwerty"),
                    joined(characters(U"uiopå"), {backspace}),
                    characters(U"asdfgh"),
                    joined(characters(U"jklöä"), {clear}),
                    fifth,
                    last_row(shape, end)};
        }
    }
    return {};
}

std::vector<Row> symbols(Shape shape, KeyboardEnd end) {
    switch (shape) {
        case Shape::wide:
            return {characters(U"1234567890%"), characters(U"-/:;()&@#€+"),
                    joined(characters(U"?!'\"=*_°"),
                           {{Kind::backspace, 0, 1.3F}, {Kind::clear, 0, 1.7F}}),
                    last_row(shape, end)};
        case Shape::middle:
            return {characters(U"1234567890"), characters(U"-/:;()&@#€"),
                    characters(U"?!'\"=*_+%°"), last_row(shape, end)};
        case Shape::narrow:
            return {
                characters(U"123456"),    joined(characters(U"7890%"), {{Kind::backspace, 0, 1}}),
                characters(U"-/:;()"),    joined(characters(U"&@#€+"), {{Kind::clear, 0, 1}}),
                characters(U"?!'\"=*_°"), last_row(shape, end)};
    }
    return {};
}

char32_t upper(char32_t letter) {
    const bool latin = letter >= U'a' && letter <= U'z';
    const bool nordic = letter == U'å' || letter == U'ä' || letter == U'ö';
    return latin || nordic ? letter - 0x20 : letter;
}

std::string utf8(char32_t character) {
    std::string text;
    survey::append_utf8(text, character);
    return text;
}

struct Sign {
    char32_t sign;
    Key name;
};

/// What a voice cannot say by itself. Letters and digits it can.
constexpr std::array kSigns{Sign{U',', Key::sign_comma},
                            Sign{U'.', Key::sign_stop},
                            Sign{U'%', Key::sign_percent},
                            Sign{U'-', Key::sign_hyphen},
                            Sign{U'/', Key::sign_slash},
                            Sign{U':', Key::sign_colon},
                            Sign{U';', Key::sign_semicolon},
                            Sign{U'(', Key::sign_bracket_open},
                            Sign{U')', Key::sign_bracket_close},
                            Sign{U'&', Key::sign_ampersand},
                            Sign{U'@', Key::sign_at},
                            Sign{U'#', Key::sign_hash},
                            Sign{U'\u20ac', Key::sign_euro},
                            Sign{U'+', Key::sign_plus},
                            Sign{U'?', Key::sign_question},
                            Sign{U'!', Key::sign_exclamation},
                            Sign{U'\'', Key::sign_apostrophe},
                            Sign{U'"', Key::sign_quote},
                            Sign{U'=', Key::sign_equals},
                            Sign{U'*', Key::sign_asterisk},
                            Sign{U'_', Key::sign_underscore},
                            Sign{U'\u00b0', Key::sign_degree}};

std::string spelled(const locales::Catalogue& words, char32_t character) {
    for (const Sign& known : kSigns) {
        if (known.sign == character) return words[known.name];
    }
    return utf8(character);
}

struct Cap {
    std::string id;
    std::string label;
    ButtonStyle style;
    flow::Event event;
};

Cap action(const Canvas& canvas, Kind kind) {
    const auto& words = canvas.model.said();
    ButtonStyle key{.role = Role::key, .look = Look::outlined, .face = Face::body};
    key.radius = kKeyRadius;
    ButtonStyle button{.look = Look::outlined};
    button.radius = kKeyRadius;
    const bool symbols_shown = canvas.model.state.key_page == flow::KeyPage::symbols;
    switch (kind) {
        case Kind::space:
            key.fallback = Icon::space;
            return {"key.space", words[Key::key_space], key, flow::event::Typed{U' '}};
        case Kind::shift:
            key.icon = canvas.model.state.shift ? Icon::shift_on : Icon::shift;
            key.icon_only = true;
            return {"key.shift", words[Key::key_shift], key, flow::event::ShiftPressed{}};
        case Kind::backspace:
            key.icon = Icon::backspace;
            key.icon_only = true;
            return {"key.backspace", words[Key::key_backspace], key, flow::event::Backspaced{}};
        case Kind::clear:
            key.face = Face::small;
            key.fallback = Icon::clear;
            return {"key.clear", words[Key::key_clear], key, flow::event::Cleared{}};
        case Kind::page:
            key.spoken = words[symbols_shown ? Key::speech_letters : Key::speech_symbols];
            return {"key.page", words[symbols_shown ? Key::key_letters : Key::key_symbols], key,
                    flow::event::PagePressed{}};
        case Kind::back:
            button.icon = Icon::chevron_left;
            button.icon_only = true;
            return {"nav.back", words[Key::nav_back], button, flow::event::Back{}};
        case Kind::skip:
            return {"text.skip", words[Key::nav_skip], button, flow::event::Skipped{}};
        case Kind::send:
            button.look = Look::primary;
            button.fallback = Icon::send;
            return {"text.send", words[Key::nav_send], button, flow::event::Next{}};
        case Kind::close:
            button.icon = Icon::chevron_down;
            button.icon_only = true;
            return {"text.done", words[Key::key_close], button, flow::event::EditClosed{}};
        case Kind::character:
            break;
    }
    return {};
}

Cap cap_for(const Canvas& canvas, const KeyCap& key) {
    if (key.kind != Kind::character) return action(canvas, key.kind);
    ButtonStyle style{.role = Role::key, .look = Look::outlined, .face = Face::body};
    style.radius = kKeyRadius;
    style.spoken = spelled(canvas.model.said(), key.character);
    const char32_t shown = canvas.model.state.shift ? upper(key.character) : key.character;
    return {"key." + utf8(key.character), utf8(shown), style, flow::event::Typed{key.character}};
}

}  // namespace

std::optional<float> keyboard_height(float width) {
    const auto shape = shape_for(width);
    if (!shape) return std::nullopt;
    return height_of(*shape, width);
}

float least_keyboard_height(float width) {
    return height_of(shape_for(width).value_or(Shape::middle), width);
}

bool keyboard_takes_footer(const Canvas& canvas, float width) {
    if (shape_for(width) != Shape::wide) return false;
    const float unit = (width - 6 * kGap) / 11;
    const auto fits = [&](Key label, float units) {
        return canvas.type.width(Face::small, canvas.model.said()[label]) <= unit * units - 4.2F;
    };
    return fits(Key::nav_skip, 2.3F) && fits(Key::nav_send, 1.7F);
}

void draw_keyboard(Canvas& canvas, const Box& area, KeyboardEnd end, Said& said) {
    // Where six rows have no room, keys a little narrower are better than keys out of sight.
    Shape shape = shape_for(area.w).value_or(Shape::narrow);
    if (shape == Shape::narrow && area.h + 0.1F < height_of(shape, area.w)) shape = Shape::middle;
    const float gap = key_gap(area.w);
    const bool page_two = canvas.model.state.key_page == flow::KeyPage::symbols;
    const std::vector<Row> rows = page_two ? symbols(shape, end) : letters(shape, end);
    const auto count = static_cast<float>(rows.size());
    const float height = (area.h + gap) / count - gap;
    float y = area.y;
    for (const Row& row : rows) {
        float units = 0;
        for (const KeyCap& key : row) units += key.units;
        const float keys = static_cast<float>(row.size());
        const float unit = (area.w - (keys - 1) * gap) / units;
        float x = area.x;
        for (const KeyCap& key : row) {
            const Box box{x, y, unit * key.units, height};
            const Cap cap = cap_for(canvas, key);
            if (canvas.button(cap.id, box, cap.label, cap.style)) said = cap.event;
            x += box.w + gap;
        }
        y += height + gap;
    }
}

std::string drawn_characters() {
    std::string text = "\u2022\u2013\u2212\u2026\u00b0";
    for (const bool page_two : {false, true}) {
        for (const Shape shape : {Shape::wide, Shape::middle, Shape::narrow}) {
            for (const Row& row :
                 page_two ? symbols(shape, KeyboardEnd::keys) : letters(shape, KeyboardEnd::keys)) {
                for (const KeyCap& key : row) {
                    if (key.kind != Kind::character) continue;
                    survey::append_utf8(text, key.character);
                    survey::append_utf8(text, upper(key.character));
                }
            }
        }
    }
    return text;
}

}  // namespace kaiku::ui
