#include "survey/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "survey/result.hpp"

namespace kaiku::survey {
namespace {

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

/// Whether the next eight bytes are there and all ASCII.
bool is_ascii(std::string_view text, std::size_t at) noexcept {
    std::uint64_t bytes = 0;
    if (text.size() - at < sizeof bytes) return false;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    return (bytes & 0x8080808080808080U) == 0;
}

/// Length of the well-formed sequence that starts at `at`; 0 if there is none.
/// Source: Unicode 15, table 3-7 "Well-Formed UTF-8 Byte Sequences".
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t offset) -> unsigned char {
        return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0;
    };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const unsigned char second = byte(1);
    if (first < 0xE0) return is_continuation(second) ? 2 : 0;
    if (!is_continuation(second) || !is_continuation(byte(2))) return 0;
    if (first < 0xF0) {
        if (first == 0xE0 && second < 0xA0) return 0;  // overlong
        if (first == 0xED && second > 0x9F) return 0;  // surrogate
        return 3;
    }
    if (!is_continuation(byte(3))) return 0;
    if (first == 0xF0 && second < 0x90) return 0;  // overlong
    if (first == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
    return 4;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (is_ascii(text, at)) {
            at += sizeof(std::uint64_t);
            continue;
        }
        const std::size_t length = sequence_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text)
        if (!is_continuation(static_cast<unsigned char>(c))) ++count;
    return count;
}

void append_utf8(std::string& text, char32_t code_point) {
    KAIKU_ASSERT(code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF));
    const auto put = [&](char32_t value) { text.push_back(static_cast<char>(value)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6));
        put(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    } else {
        put(0xF0 | (code_point >> 18));
        put(0x80 | ((code_point >> 12) & 0x3F));
        put(0x80 | ((code_point >> 6) & 0x3F));
        put(0x80 | (code_point & 0x3F));
    }
}

bool is_blank(std::string_view text) {
    const std::u32string points = decode_utf8(text);
    return std::all_of(points.begin(), points.end(), [](char32_t c) {
        const bool space = c == 0x20 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
                           c == 0x202F || c == 0x205F || c == 0x3000;
        const bool no_width = c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 ||
                              c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
        return space || no_width || is_control(c);
    });
}

void pop_code_point(std::string& text) noexcept {
    while (!text.empty()) {
        const auto last = static_cast<unsigned char>(text.back());
        text.pop_back();
        if (!is_continuation(last)) return;
    }
}

std::u32string decode_utf8(std::string_view text) {
    std::u32string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        KAIKU_ASSERT(length != 0);
        const auto first = static_cast<unsigned char>(text[at]);
        char32_t value = length == 1 ? first : first & (0x7FU >> length);
        for (std::size_t i = 1; i < length; ++i)
            value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        decoded.push_back(value);
        at += length;
    }
    return decoded;
}

bool is_control(char32_t code_point) noexcept {
    const auto within = [code_point](char32_t first, char32_t last) {
        return code_point >= first && code_point <= last;
    };
    return within(0, 0x1f) || within(0x7f, 0x9f) || code_point == 0x061c ||
           within(0x200e, 0x200f) || within(0x2028, 0x202e) || within(0x2066, 0x2069);
}

}  // namespace kaiku::survey
