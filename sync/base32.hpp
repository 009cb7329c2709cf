#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaiku::sync {

/// RFC 4648 base 32 in capitals, without padding.
std::string encode_base32(std::string_view bytes);
/// The reverse; small letters are accepted, everything else that encode_base32 would not have
/// written is nothing (left-over bits included).
std::optional<std::string> decode_base32(std::string_view text);

}  // namespace kaiku::sync
