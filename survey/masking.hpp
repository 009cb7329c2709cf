#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaiku::survey {

/// A text in which personal identifiers were replaced, and how many of each.
struct MaskedText {
    std::string text;
    std::size_t identity_codes = 0;
    std::size_t phone_numbers = 0;
    std::size_t email_addresses = 0;

    std::size_t total() const noexcept { return identity_codes + phone_numbers + email_addresses; }
};

/// Replaces Finnish personal identity codes (every century separator, with spaces or dashes, any
/// case, wrong check character too) by "[hetu]", phone numbers by "[tel]" and e-mail addresses by
/// "[email]". Dates, prices, clock times, room and queue numbers stay. Idempotent. Input that is
/// not UTF-8 is treated byte by byte and never grows without bound. The marks are the same in every
/// language, so that text analysis can count them.
/// Source: Digital and Population Data Services Agency, "The personal identity code", 2023 reform.
MaskedText mask_identifiers(std::string_view text);

}  // namespace kaiku::survey
