#include "survey/mask_scan.hpp"

namespace kaiku::survey::mask {
namespace {

constexpr unsigned char byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

Glyph ascii_glyph(char c) noexcept {
    if (c >= '0' && c <= '9') return {GlyphKind::digit, c, 1};
    if (c >= 'A' && c <= 'Z') return {GlyphKind::letter, c, 1};
    if (c >= 'a' && c <= 'z') return {GlyphKind::letter, static_cast<char>(c - 'a' + 'A'), 1};
    switch (c) {
        case ' ':
        case '\t':
            return {GlyphKind::space, 0, 1};
        case '-':
            return {GlyphKind::dash, 0, 1};
        case '+':
            return {GlyphKind::plus, 0, 1};
        case '.':
            return {GlyphKind::dot, 0, 1};
        case '(':
            return {GlyphKind::open, 0, 1};
        case ')':
            return {GlyphKind::close, 0, 1};
        default:
            return {GlyphKind::other, 0, 1};
    }
}

/// Spaces and dashes of the blocks General Punctuation and of the compatibility forms.
Glyph three_byte_glyph(unsigned char first, unsigned char second, unsigned char third) noexcept {
    const Glyph space{GlyphKind::space, 0, 3};
    const Glyph dash{GlyphKind::dash, 0, 3};
    if (first == 0xE2 && second == 0x80) {
        if (third >= 0x80 && third <= 0x8D) return space;  // U+2000–200D
        if (third >= 0x90 && third <= 0x95) return dash;   // U+2010–2015
        if (third == 0xAF) return space;                   // U+202F
    }
    if (first == 0xE2 && second == 0x81 && third == 0xA0) return space;  // U+2060
    if (first == 0xE2 && second == 0x81 && third == 0x83) return dash;   // U+2043
    if (first == 0xE2 && second == 0x88 && third == 0x92) return dash;   // U+2212
    if (first == 0xEF && second == 0xB9 && (third == 0x98 || third == 0xA3)) return dash;
    if (first == 0xEF && second == 0xBC && third == 0x8D) return dash;  // U+FF0D
    if (first == 0xEF && second == 0xBC && third == 0x8B) return {GlyphKind::plus, 0, 3};
    return {GlyphKind::other, 0, 1};
}

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

}  // namespace

Glyph glyph_at(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size()) return {GlyphKind::other, 0, 0};
    const unsigned char first = byte_at(text, at);
    if (first < 0x80) return ascii_glyph(text[at]);
    const unsigned char second = byte_at(text, at + 1);
    if (!is_continuation(second)) return {GlyphKind::other, 0, 1};
    if (first == 0xC2) {
        if (second == 0xA0) return {GlyphKind::space, 0, 2};
        if (second == 0xAD) return {GlyphKind::dash, 0, 2};  // soft hyphen
        return {GlyphKind::other, 0, 2};
    }
    if (first >= 0xC3 && first <= 0xC9) return {GlyphKind::letter, 0, 2};  // Latin letters
    return three_byte_glyph(first, second, byte_at(text, at + 2));
}

bool digit_before(std::string_view text, std::size_t at) noexcept {
    return at > 0 && glyph_at(text, at - 1).kind == GlyphKind::digit;
}

bool letter_before(std::string_view text, std::size_t at) noexcept {
    if (at == 0) return false;
    if (glyph_at(text, at - 1).kind == GlyphKind::letter) return true;
    return at > 1 && is_continuation(byte_at(text, at - 1)) &&
           glyph_at(text, at - 2).kind == GlyphKind::letter && glyph_at(text, at - 2).length == 2;
}

}  // namespace kaiku::survey::mask
