#include <array>

#include "survey/mask_scan.hpp"

namespace kaiku::survey::mask {
namespace {

/// Length of the domain or local-part character that starts at `at`, 0 if there is none.
std::size_t word_character(std::string_view text, std::size_t at, std::string_view extra) noexcept {
    const Glyph glyph = glyph_at(text, at);
    if (glyph.kind == GlyphKind::letter || glyph.kind == GlyphKind::digit) return glyph.length;
    const bool more = glyph.length == 1 && extra.find(text[at]) != std::string_view::npos;
    return more ? 1 : 0;
}

constexpr std::string_view kLocalExtra = "._%+-'";
constexpr std::string_view kDomainExtra = "-";

/// Begin of the local part that ends at `end`, not before `from`; `end` if there is none.
std::size_t local_begin(std::string_view text, std::size_t from, std::size_t end) noexcept {
    std::size_t begin = end;
    while (begin > from) {
        if (word_character(text, begin - 1, kLocalExtra) == 1)
            --begin;
        else if (begin - from >= 2 && letter_before(text, begin))
            begin -= 2;
        else
            break;
    }
    // Leading punctuation belongs to the sentence.
    while (begin < end && kLocalExtra.find(text[begin]) != std::string_view::npos) ++begin;
    return begin;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        // Ä in UTF-8 differs from ä in its second byte only.
        if (c == '\x84' && i > 0 && text[i - 1] == '\xC3') c = '\xA4';
        if (c != lower[i]) return false;
    }
    return true;
}

std::size_t skip_spaces(std::string_view text, std::size_t at, int most) noexcept {
    for (int i = 0; i < most && glyph_at(text, at).kind == GlyphKind::space; ++i)
        at += glyph_at(text, at).length;
    return at;
}

/// Length of one of `words` at `at`, 0 if none stands there.
template <std::size_t N>
std::size_t word_at(std::string_view text, std::size_t at,
                    const std::array<std::string_view, N>& words) noexcept {
    for (const std::string_view word : words)
        if (equals_ignoring_case(text.substr(at, word.size()), word)) return word.size();
    return 0;
}

/// Ways to write the dot of a domain in words.
constexpr std::array<std::string_view, 6> kDotWords{"(piste)", "(punkt)", "(dot)",
                                                    " piste ", " punkt ", " dot "};

struct Domain {
    std::size_t end = 0;
    bool dotted = false;
};

/// The domain at `at`: labels with dots between them; the end is `at` if there is none.
Domain read_domain(std::string_view text, std::size_t at) noexcept {
    Domain domain{at, false};
    std::size_t place = at;
    while (true) {
        const std::size_t label = place;
        bool letter = false;
        for (std::size_t n = word_character(text, place, kDomainExtra); n > 0;
             n = word_character(text, place, kDomainExtra)) {
            letter = letter || glyph_at(text, place).kind == GlyphKind::letter;
            place += n;
        }
        std::size_t label_end = place;
        while (label_end > label && text[label_end - 1] == '-') --label_end;
        if (label_end == label || (!letter && domain.end == at)) return domain;
        if (domain.end != at) domain.dotted = true;
        domain.end = label_end;
        if (label_end != place) return domain;
        if (glyph_at(text, place).kind == GlyphKind::dot)
            ++place;
        else if (const std::size_t n = word_at(text, place, kDotWords); n > 0)
            place += n;
        else
            return domain;
    }
}

/// How strongly the sign between local part and domain tells an address.
enum class Sign { none, at_sign, bracketed, spaced_word };

struct SignSpan {
    Sign kind = Sign::none;
    std::size_t begin = 0;
    std::size_t end = 0;
};

constexpr std::array<std::string_view, 14> kBracketed{
    "(at)", "[at]", "{at}", "<at>", "(a)", "[a]",          "(ät)",
    "[ät]", "{ät}", "(@)",  "[@]",  "{@}", "(miukumauku)", "(snabel-a)"};
constexpr std::array<std::string_view, 3> kWords{" ät ", " miukumauku ", " snabel-a "};

/// The sign at `at`; words need their blanks, since they may be parts of other words.
SignSpan sign_at(std::string_view text, std::size_t at) noexcept {
    const char c = text[at];
    if (c == '@') return {Sign::at_sign, at, at + 1};
    if (c == '(' || c == '[' || c == '{' || c == '<') {
        if (const std::size_t n = word_at(text, at, kBracketed); n > 0)
            return {Sign::bracketed, at, at + n};
    }
    if (c == ' ') {
        if (const std::size_t n = word_at(text, at, kWords); n > 0)
            return {Sign::spaced_word, at, at + n};
    }
    return {};
}

}  // namespace

std::optional<Span> find_email(std::string_view text, std::size_t from) noexcept {
    for (std::size_t at = from; at < text.size(); ++at) {
        const SignSpan sign = sign_at(text, at);
        if (sign.kind == Sign::none) continue;
        std::size_t local_end = sign.begin;
        std::size_t domain_begin = sign.end;
        bool blanks = false;
        if (sign.kind != Sign::spaced_word) {
            while (local_end > from && text[local_end - 1] == ' ' && sign.begin - local_end < 2)
                --local_end;
            domain_begin = skip_spaces(text, domain_begin, 2);
            blanks = local_end != sign.begin || domain_begin != sign.end;
        }
        const std::size_t begin = local_begin(text, from, local_end);
        if (begin == local_end) continue;
        const Domain domain = read_domain(text, domain_begin);
        if (domain.end == domain_begin) continue;
        const bool sure = sign.kind == Sign::at_sign && !blanks;
        if (!sure && !domain.dotted) continue;
        return Span{begin, domain.end};
    }
    return std::nullopt;
}

}  // namespace kaiku::survey::mask
