#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/response.hpp"

/// One-time codes of an authenticator app: RFC 6238 with HMAC-SHA-1 and steps of 30 seconds, which
/// is what every such app understands. Pure.
namespace kaiku::central::people {

/// Which 30 seconds a moment lies in.
std::int64_t totp_step(survey::UtcSeconds now) noexcept;

/// The code of a step, `digits` (6 to 8) long. RFC 4226 section 5.3.
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6);

/// The step that a six-digit code is of, when that is the present one or one beside it and newer
/// than `used`, the last step that was accepted: no code is good twice (RFC 6238 section 5.2).
std::optional<std::int64_t> check_totp(std::string_view secret, std::string_view code,
                                       survey::UtcSeconds now, std::optional<std::int64_t> used);

/// What an app reads from a QR code: otpauth://totp/….
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace kaiku::central::people
