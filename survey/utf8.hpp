#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaiku::survey {

/// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text) noexcept;
/// Number of code points in valid UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;
/// True if nothing of valid UTF-8 would be seen: white space, controls and marks without width
/// only.
bool is_blank(std::string_view text);
/// Appends one code point (must be a scalar value).
void append_utf8(std::string& text, char32_t code_point);
/// Removes the last code point; nothing happens on an empty text.
void pop_code_point(std::string& text) noexcept;
/// Decodes valid UTF-8.
std::u32string decode_utf8(std::string_view text);

/// True for what a line of text for people must not hold: C0 and C1 controls, DEL, line and
/// paragraph separators, and the characters that turn the direction of writing (UAX #9).
bool is_control(char32_t code_point) noexcept;

}  // namespace kaiku::survey
