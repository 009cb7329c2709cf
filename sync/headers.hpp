#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaiku::sync {

/// Fields of an HTTP header that Kaiku itself gave a meaning: their names begin with "Kaiku-".
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The batch's number, in decimal digits.
inline constexpr std::string_view kNumberHeader = "Kaiku-Number";
/// SigningKey::sign() of number and body.
inline constexpr std::string_view kSignatureHeader = "Kaiku-Signature";
/// In a reply: why a device is refused (kRevoked, …).
inline constexpr std::string_view kReasonHeader = "Kaiku-Reason";
/// In a reply: "yes" when central has a new credential or key for the device.
inline constexpr std::string_view kRenewHeader = "Kaiku-Renew";

/// The device's clocks as it sends (sync/clock_reading.hpp), for hours that its wall clock had
/// wrong.
inline constexpr std::string_view kClockHeader = "Kaiku-Clock";

inline constexpr std::string_view kReasonRevoked = "revoked";
inline constexpr std::string_view kReasonExpired = "expired";
inline constexpr std::string_view kReasonSignature = "signature";
inline constexpr std::string_view kReasonOtherKey = "other-key";

/// Names of header fields are equal whatever their letters' case.
bool same_name(std::string_view left, std::string_view right);
/// Whether a field is one of ours.
bool is_kaiku_header(std::string_view name);
/// The value of the first field of this name; empty when there is none.
std::string_view header_of(const Headers& headers, std::string_view name);

/// The largest number a message may have: 2^53 − 1, which every JSON reader keeps.
inline constexpr std::int64_t kMaxNumber = 9'007'199'254'740'991;
/// A number as it stands in a header: 1 to kMaxNumber in decimal digits; otherwise nothing.
std::optional<std::int64_t> parse_number(std::string_view text);

}  // namespace kaiku::sync
