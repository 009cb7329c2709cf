#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// The scanners behind masking.hpp. Each looks at a bounded stretch of text (e-mail: at a stretch
/// that no other candidate looks at), so that a whole text is scanned in linear time.
namespace kaiku::survey::mask {

/// What stands at one place of a text, as far as identifiers care.
enum class GlyphKind { digit, letter, space, dash, plus, dot, open, close, other };

struct Glyph {
    GlyphKind kind = GlyphKind::other;
    char value = 0;          ///< digit: '0'–'9'; ASCII letter: upper case; else 0
    std::size_t length = 1;  ///< bytes
};

/// The glyph at `at`; `other` with length 0 at the end of the text. Bytes that are no known UTF-8
/// sequence are single `other` glyphs.
Glyph glyph_at(std::string_view text, std::size_t at) noexcept;
/// True if the byte before `at` ends a letter or a digit; false at the beginning.
bool letter_before(std::string_view text, std::size_t at) noexcept;
bool digit_before(std::string_view text, std::size_t at) noexcept;

/// Length of the identity code, or of its look-alike, that starts at `at`; 0 if there is none.
std::size_t match_identity_code(std::string_view text, std::size_t at) noexcept;
/// Length of the phone number that starts at `at`; 0 if there is none.
std::size_t match_phone_number(std::string_view text, std::size_t at) noexcept;

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};
/// The first e-mail address that begins at or after `from`.
std::optional<Span> find_email(std::string_view text, std::size_t from) noexcept;

}  // namespace kaiku::survey::mask
