#include "kiosk/flow/text_entry.hpp"

#include <string_view>

#include "survey/utf8.hpp"

namespace kaiku::flow {

namespace {

/// Capital of a letter on our keyboards: ASCII, and Latin-1 à–þ as å ä ö; others stay.
char32_t capital(char32_t letter) noexcept {
    const bool ascii = letter >= U'a' && letter <= U'z';
    const bool latin_1 = letter >= U'\u00e0' && letter <= U'\u00fe' && letter != U'\u00f7';
    return ascii || latin_1 ? letter - 0x20 : letter;
}

bool sentence_starts(std::string_view text) noexcept {
    if (text.empty()) return true;
    if (text.size() < 2 || text.back() != ' ') return false;
    const char before = text[text.size() - 2];
    return before == '.' || before == '!' || before == '?';
}

}  // namespace

std::string* text_of(const survey::Question& question, State& state) noexcept {
    switch (question.kind) {
        case survey::QuestionKind::open_text:
            return &state.answers.text;
        case survey::QuestionKind::contact:
            return &state.contact;
        case survey::QuestionKind::nps:
        case survey::QuestionKind::statement:
        case survey::QuestionKind::choice:
            return nullptr;
    }
    return nullptr;
}

void type(State& state, std::string& text, char32_t character, std::size_t max_characters) {
    if (survey::count_code_points(text) >= max_characters) return;
    // One allocation for the whole visit: growing would leave copies of the text on the heap.
    if (text.capacity() < max_characters * 4) text.reserve(max_characters * 4);
    const bool as_letter = state.key_page == KeyPage::letters;
    survey::append_utf8(text, as_letter && state.shift ? capital(character) : character);
    if (character == U' ') state.key_page = KeyPage::letters;
    state.shift = sentence_starts(text);
}

void backspace(State& state, std::string& text) {
    survey::pop_code_point(text);
    state.shift = sentence_starts(text);
}

void clear(State& state, std::string& text) {
    scrub(text);
    state.shift = true;
    state.key_page = KeyPage::letters;
}

void prepare_keyboard(State& state, const std::string* text) {
    state.editing = false;
    state.key_page = KeyPage::letters;
    state.shift = text != nullptr && sentence_starts(*text);
}

void scrub(std::string& text) noexcept {
    text.resize(text.capacity());  // never allocates: the capacity is there
    volatile char* bytes = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = '\0';
    text.clear();
}

}  // namespace kaiku::flow
