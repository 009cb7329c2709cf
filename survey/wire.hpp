#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/instrument.hpp"
#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::survey {

/// Limits and version of the wire format (docs/FORMATS.md).
inline constexpr int kWireVersion = 1;
inline constexpr std::size_t kMaxResponseBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxStatements = 40;  ///< statements, can't-says, choices together
inline constexpr std::size_t kMaxWireTextCharacters = 2000;
inline constexpr int kMaxJsonDepth = 8;
inline constexpr std::size_t kMaxFlags = 8;
inline constexpr int kMaxMisuseRule = 1'000'000;

/// The response as one JSON object, UTF-8, keys as in DESIGN ("id", "instrument", "version",
/// "unit", "channel", "language", "respondent", "assisted", "answered_at", "answers":{"nps",
/// "statements","cant_say":[keys],"choices","text"}, "contact", "flags":[names],"rule_version");
/// absent answers are left out. A verdict without a flag is left out too, so that what most
/// visitors send is read by a central that does not know verdicts.
std::string encode_response(const Response& response);

/// Parses and checks one response. Unknown fields are refused, so that a newer device is noticed
/// rather than half understood. "format" may be given and means this format's version: absent is 1,
/// later than kWireVersion is refused as unsupported. The time of the answer is rounded down to the
/// hour on the way in as on the way out. Errors name the JSON pointer: "/answers/nps: must be
/// 0–10".
Result<Response> decode_response(std::string_view json_text);

/// The same response without its verdict, for a central that does not know verdicts; nothing if it
/// carries none or is no response.
std::optional<std::string> without_verdict(std::string_view encoded);

/// True if nesting never exceeds `limit` and the text is valid UTF-8; a cheap scan to run before
/// any parser sees foreign input.
bool is_safe_json(std::string_view text, int limit = kMaxJsonDepth) noexcept;

}  // namespace kaiku::survey
