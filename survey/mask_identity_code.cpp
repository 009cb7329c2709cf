#include <array>
#include <cstdint>

#include "survey/mask_scan.hpp"

namespace kaiku::survey::mask {
namespace {

constexpr std::string_view kCheckCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
constexpr std::string_view kSeparatorLetters = "YXWVUABCDEF";
constexpr std::size_t kMaxFiller = 3;

/// Reads the parts of a code from left to right and remembers how they were written.
struct CodeReader {
    std::string_view text;
    std::size_t at = 0;
    unsigned fillers = 0;              ///< bit i: blanks or punctuation before digit i
    bool punctuated = false;           ///< dots or dashes among the fillers
    std::size_t around_separator = 0;  ///< blanks before and behind the separator
    std::array<int, 9> digits{};

    /// Skips at most kMaxFiller blanks (and dots or dashes if asked); gives how many.
    std::size_t skip(bool dots_and_dashes) noexcept {
        std::size_t count = 0;
        while (count < kMaxFiller) {
            const Glyph glyph = glyph_at(text, at);
            const bool filler = glyph.kind == GlyphKind::space ||
                                (dots_and_dashes &&
                                 (glyph.kind == GlyphKind::dot || glyph.kind == GlyphKind::dash));
            if (!filler) break;
            punctuated = punctuated || glyph.kind != GlyphKind::space;
            at += glyph.length;
            ++count;
        }
        return count;
    }
    bool read_digits(std::size_t from, std::size_t count, bool dots_and_dashes) noexcept {
        for (std::size_t i = from; i < from + count; ++i) {
            if (i > from && skip(dots_and_dashes) > 0) fillers |= 1U << i;
            const Glyph glyph = glyph_at(text, at);
            if (glyph.kind != GlyphKind::digit) return false;
            digits[i] = glyph.value - '0';
            at += glyph.length;
        }
        return true;
    }
    /// True if a century separator stands here, with blanks around it or not. A code written
    /// without one keeps its place.
    bool read_separator() noexcept {
        around_separator = skip(false);
        const Glyph glyph = glyph_at(text, at);
        const bool separator = glyph.kind == GlyphKind::dash || glyph.kind == GlyphKind::plus ||
                               (glyph.kind == GlyphKind::letter && glyph.value != 0 &&
                                kSeparatorLetters.find(glyph.value) != std::string_view::npos);
        if (!separator) return false;
        at += glyph.length;
        around_separator += skip(false);
        return true;
    }
    /// True if what stands between the digits sets off day, month and year, or every digit. In
    /// 040-148-4498 it does neither.
    bool grouped_like_a_code() const noexcept {
        constexpr unsigned kPairs = 1U << 2U | 1U << 4U;
        constexpr unsigned kEveryDigit = 0b1'1011'1110;
        return (fillers & ~kPairs) == 0 || fillers == kEveryDigit;
    }
    bool plausible_date() const noexcept {
        const int day = digits[0] * 10 + digits[1];
        const int month = digits[2] * 10 + digits[3];
        return day >= 1 && day <= 31 && month >= 1 && month <= 12;
    }
    bool checks(char character) const noexcept {
        std::int64_t number = 0;
        for (const int digit : digits) number = number * 10 + digit;
        return kCheckCharacters[static_cast<std::size_t>(number % 31)] == character;
    }
};

/// Decides from the way it is written whether a candidate is masked. The more it looks like
/// ordinary numbers (blanks inside, a digit at the end), the more it has to prove.
bool is_convincing(const CodeReader& code, bool separator, char check, bool check_apart,
                   GlyphKind next) {
    const bool correct = code.plausible_date() && code.checks(check);
    const bool plain = code.fillers == 0 && !check_apart;
    const bool tight = separator && plain && code.around_separator == 0;
    // A letter ends the code even when another code follows at once; a digit may go on.
    if (next == GlyphKind::digit) return separator && check > '9' && (correct || tight);
    if (next == GlyphKind::letter && !(correct && separator)) return false;
    if (correct && (separator || check > '9')) return true;
    // 12.03.24 - 300 e is a date and a price.
    if (!separator || code.punctuated) return false;
    if (tight) return true;
    if (check <= '9') return plain && code.plausible_date();
    return plain ||
           (code.plausible_date() && kCheckCharacters.find(check) != std::string_view::npos);
}

}  // namespace

std::size_t match_identity_code(std::string_view text, std::size_t at) noexcept {
    if (glyph_at(text, at).kind != GlyphKind::digit || digit_before(text, at)) return 0;
    CodeReader code{text, at};
    if (!code.read_digits(0, 6, true)) return 0;
    const bool separator = code.read_separator();
    if (!code.read_digits(6, 3, false)) return 0;
    const bool check_apart = code.skip(true) > 0;
    const Glyph check = glyph_at(text, code.at);
    if (check.value == 0 || !code.grouped_like_a_code()) return 0;
    const std::size_t end = code.at + check.length;
    const GlyphKind next = glyph_at(text, end).kind;
    return is_convincing(code, separator, check.value, check_apart, next) ? end - at : 0;
}

}  // namespace kaiku::survey::mask
