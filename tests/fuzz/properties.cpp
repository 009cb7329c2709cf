#include "tests/fuzz/properties.hpp"

#include "survey/instrument.hpp"
#include "survey/masking.hpp"
#include "survey/respondent_flow.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"

namespace kaiku::fuzz {

void check_instrument(std::string_view input) {
    const auto loaded = survey::load_instrument(input, "input");
    if (!loaded) {
        KAIKU_ASSERT(loaded.error().detail.starts_with("input: /"));
        return;
    }
    KAIKU_ASSERT(!loaded->questions.empty() && loaded->questions.size() <= survey::kMaxQuestions);
    KAIKU_ASSERT(!loaded->respondents.empty());
    // Any loaded instrument can be walked from end to end.
    const survey::Answers answers;
    std::size_t steps = 0;
    for (auto at = first_question(*loaded, answers); at; at = next_question(*loaded, *at, answers))
        KAIKU_ASSERT(++steps <= loaded->questions.size());
    KAIKU_ASSERT(check_answers(*loaded, answers).has_value());
}

void check_wire(std::string_view input) {
    const auto decoded = survey::decode_response(input);
    if (!decoded) {
        KAIKU_ASSERT(decoded.error().detail.starts_with('/'));
        return;
    }
    // What was understood once is understood the same again.
    const std::string encoded = survey::encode_response(*decoded);
    KAIKU_ASSERT(encoded.size() <= survey::kMaxResponseBytes);
    const auto again = survey::decode_response(encoded);
    KAIKU_ASSERT(again.has_value() && *again == *decoded);
}

void check_masking(std::string_view input) {
    const survey::MaskedText masked = survey::mask_identifiers(input);
    const survey::MaskedText again = survey::mask_identifiers(masked.text);
    KAIKU_ASSERT(again.total() == 0 && again.text == masked.text);
    KAIKU_ASSERT(masked.total() > 0 || masked.text == input);
    KAIKU_ASSERT(masked.text.size() <= 3 * input.size());
    KAIKU_ASSERT(!survey::is_valid_utf8(input) || survey::is_valid_utf8(masked.text));
}

}  // namespace kaiku::fuzz
