#include "survey/masking.hpp"

#include "survey/mask_scan.hpp"

namespace kaiku::survey {
namespace {

/// One pass replaces what it finds; a later pass may find what became separate by that. Every pass
/// but the last replaces something; the cap keeps hostile texts from making many.
constexpr int kMaxPasses = 8;

using Matcher = std::size_t (*)(std::string_view, std::size_t) noexcept;

/// Replaces every match in `text` by `mark`; `rest` gets the stretches between.
template <class Rest>
std::size_t replace_matches(std::string_view text, Matcher match, std::string_view mark,
                            std::string& output, const Rest& rest) {
    std::size_t count = 0;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        // What was replaced before no longer touches what follows it.
        const std::size_t length = match(text.substr(begin), at - begin);
        if (length == 0) {
            ++at;
            continue;
        }
        rest(text.substr(begin, at - begin));
        output += mark;
        ++count;
        at += length;
        begin = at;
    }
    rest(text.substr(begin));
    return count;
}

/// One pass: addresses first, since a phone number can be part of one; then codes; then numbers.
MaskedText mask_once(std::string_view text) {
    MaskedText masked;
    masked.text.reserve(text.size());
    const auto plain = [&](std::string_view part) { masked.text += part; };
    const auto without_codes = [&](std::string_view part) {
        masked.phone_numbers +=
            replace_matches(part, mask::match_phone_number, "[tel]", masked.text, plain);
    };
    const auto without_addresses = [&](std::string_view part) {
        masked.identity_codes +=
            replace_matches(part, mask::match_identity_code, "[hetu]", masked.text, without_codes);
    };
    std::size_t at = 0;
    while (const auto address = mask::find_email(text, at)) {
        without_addresses(text.substr(at, address->begin - at));
        masked.text += "[email]";
        ++masked.email_addresses;
        at = address->end;
    }
    without_addresses(text.substr(at));
    return masked;
}

}  // namespace

MaskedText mask_identifiers(std::string_view text) {
    MaskedText masked = mask_once(text);
    std::size_t found = masked.total();
    for (int pass = 1; pass < kMaxPasses && found > 0; ++pass) {
        MaskedText again = mask_once(masked.text);
        found = again.total();
        masked.text = std::move(again.text);
        masked.identity_codes += again.identity_codes;
        masked.phone_numbers += again.phone_numbers;
        masked.email_addresses += again.email_addresses;
    }
    return masked;
}

}  // namespace kaiku::survey
