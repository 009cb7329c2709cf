#include <algorithm>
#include <array>

#include "survey/mask_scan.hpp"

namespace kaiku::survey::mask {
namespace {

constexpr std::size_t kMaxDigits = 15;  ///< ITU-T E.164
constexpr std::size_t kMaxGroups = kMaxDigits;

/// A candidate: groups of digits with short gaps between them.
struct Candidate {
    std::array<char, kMaxDigits> digits{};
    std::size_t count = 0;                         ///< digits read
    std::array<std::size_t, kMaxGroups> groups{};  ///< digits in each group
    std::size_t group_count = 0;
    bool plus = false;
    bool bracketed_area = false;
    bool area_set_off = false;  ///< a dash behind the first group
    bool dashed_later = false;  ///< a dash between later groups
    std::size_t end = 0;        ///< byte behind the last digit

    std::string_view text() const noexcept { return {digits.data(), count}; }
    bool begins(std::string_view prefix) const noexcept { return text().starts_with(prefix); }
    bool mobile() const noexcept { return begins("04") || begins("050"); }
    bool abroad() const noexcept { return plus || begins("00"); }
};

/// Digits after which a following group is no longer taken in.
std::size_t enough_digits(const Candidate& candidate) noexcept {
    if (candidate.plus) return candidate.begins("358") ? 12 : 11;
    if (candidate.begins("00")) return 14;
    if (candidate.begins("358")) return 12;
    return candidate.mobile() ? 10 : 9;
}

/// A gap between groups: one or two blanks, a dash with or without blanks, a dot, or brackets
/// around a group. Gives its length in bytes, 0 if no digit follows.
struct Gap {
    std::size_t length = 0;
    bool dot = false;
    bool dash = false;
};

Gap gap_at(std::string_view text, std::size_t at) noexcept {
    Gap gap;
    std::size_t place = at;
    for (int i = 0; i < 4; ++i) {
        const Glyph glyph = glyph_at(text, place);
        switch (glyph.kind) {
            case GlyphKind::digit:
                gap.length = place - at;
                return gap;
            case GlyphKind::dot:
                if (gap.dot || gap.dash || i != 0) return {};
                gap.dot = true;
                break;
            case GlyphKind::dash:
                if (gap.dot || gap.dash) return {};
                gap.dash = true;
                break;
            case GlyphKind::space:
                if (gap.dot) return {};
                break;
            case GlyphKind::open:
            case GlyphKind::close:
                break;
            case GlyphKind::letter:
            case GlyphKind::plus:
            case GlyphKind::other:
                return {};
        }
        place += glyph.length;
    }
    if (glyph_at(text, place).kind == GlyphKind::digit) gap.length = place - at;
    return gap;
}

/// Reads the group of digits at `at`; false if it is longer than any phone number may be.
bool read_group(std::string_view text, std::size_t at, Candidate& candidate) noexcept {
    const std::size_t before = candidate.count;
    while (glyph_at(text, at).kind == GlyphKind::digit) {
        if (candidate.count == kMaxDigits) return false;
        candidate.digits[candidate.count++] = text[at++];
    }
    candidate.groups[candidate.group_count++] = candidate.count - before;
    candidate.end = at;
    return true;
}

/// Reads groups until there are enough digits or the next stretch does not belong here.
bool read_groups(std::string_view text, std::size_t at, Candidate& candidate) noexcept {
    if (!read_group(text, at, candidate)) return false;
    while (candidate.count < enough_digits(candidate)) {
        const Gap gap = gap_at(text, candidate.end);
        if (gap.length == 0) break;
        // 01.02.2024 is a date, 040.123.4567 is not.
        if (gap.dot && candidate.groups[0] < 3) break;
        Candidate longer = candidate;
        (candidate.group_count == 1 ? longer.area_set_off : longer.dashed_later) |= gap.dash;
        if (!read_group(text, candidate.end + gap.length, longer)) break;
        if (longer.count > enough_digits(candidate) + 2) break;
        candidate = longer;
    }
    return glyph_at(text, candidate.end).kind != GlyphKind::digit;
}

bool two_digit_number_up_to(const Candidate& candidate, std::size_t at, int most) noexcept {
    const int value = (candidate.digits[at] - '0') * 10 + (candidate.digits[at + 1] - '0');
    return value >= 1 && value <= most;
}

/// DD MM YYYY in three groups.
bool is_date(const Candidate& candidate) noexcept {
    return candidate.group_count == 3 && candidate.groups[0] == 2 && candidate.groups[1] == 2 &&
           candidate.groups[2] == 4 && two_digit_number_up_to(candidate, 0, 31) &&
           two_digit_number_up_to(candidate, 2, 12);
}

/// Numbers of the national plan: 0, then an area or operator code.
/// Source: Finnish Transport and Communications Agency, regulation 32 on numbering.
bool is_national(const Candidate& candidate) noexcept {
    if (candidate.count < 7 || candidate.count > 12 || candidate.digits[1] == '0') return false;
    if (is_date(candidate)) return false;
    const auto* const begin = candidate.groups.begin();
    const auto* const end = begin + candidate.group_count;
    const std::size_t longest = *std::max_element(begin, end);
    if (longest == 1) return candidate.count == 10 && candidate.mobile();
    if (candidate.bracketed_area) return true;
    if (candidate.groups[0] < 2) return false;
    // Groups of two only are opening hours or a count, unless an area code is set off: 08-12 34 56.
    return longest > 2 ||
           (candidate.area_set_off && !candidate.dashed_later && candidate.count >= 8);
}

bool is_phone_number(const Candidate& candidate) noexcept {
    if (candidate.plus)
        return candidate.digits[0] != '0' &&
               candidate.count >= (candidate.begins("358") ? std::size_t{8} : std::size_t{9});
    if (candidate.begins("00"))
        return candidate.count >= 10 && candidate.digits[2] != '0' && candidate.groups[0] >= 3;
    if (candidate.begins("358"))
        return candidate.groups[0] != 1 && candidate.count >= 11 && candidate.count <= 13;
    return candidate.begins("0") && is_national(candidate);
}

/// True if what stands before makes this the rest of another number: 12.040, 3,050, 8-040.
bool continues_a_number(std::string_view text, std::size_t at) noexcept {
    if (at == 0) return false;
    const char before = text[at - 1];
    const bool joint = before == '.' || before == ',' || before == ':' || before == '/' ||
                       before == '-' || before == '+';
    return joint && digit_before(text, at - 1);
}

}  // namespace

std::size_t match_phone_number(std::string_view text, std::size_t at) noexcept {
    Candidate candidate;
    std::size_t first = at;
    Glyph glyph = glyph_at(text, first);
    if (letter_before(text, at) || digit_before(text, at)) return 0;
    if (glyph.kind == GlyphKind::open) {
        candidate.bracketed_area = true;
        first += glyph.length;
        glyph = glyph_at(text, first);
    }
    if (glyph.kind == GlyphKind::plus) {
        candidate.plus = true;
        first += glyph.length;
        first += glyph_at(text, first).kind == GlyphKind::space ? glyph_at(text, first).length : 0;
        glyph = glyph_at(text, first);
    }
    if (glyph.kind != GlyphKind::digit || continues_a_number(text, at)) return 0;
    if (!candidate.plus && glyph.value != '0' && glyph.value != '3') return 0;
    if (!read_groups(text, first, candidate)) return 0;
    // "(040 123 4567)": a bracket that does not close behind the area code stays outside.
    const bool closes = candidate.group_count > 1 &&
                        glyph_at(text, first + candidate.groups[0]).kind == GlyphKind::close;
    if (candidate.bracketed_area && !closes) return 0;
    if (!is_phone_number(candidate)) return 0;
    return candidate.end - at;
}

}  // namespace kaiku::survey::mask
