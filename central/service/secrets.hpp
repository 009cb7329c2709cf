#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace kaiku::central {

/// Fills a span with unpredictable bytes; tests pass a counted source.
using Entropy = std::function<void(std::span<std::uint8_t>)>;

/// The operating system's random source.
Entropy system_entropy();

/// A one-time code for a person to type: "7KQM-R2XD-94HT", 60 bits, no 0 O 1 I.
std::string make_enrolment_code(const Entropy& entropy);
/// What was typed, as make_enrolment_code would have written it: any case, with or without dashes
/// and spaces. Empty if it cannot be a code.
std::string normalise_code(std::string_view typed);

/// A 256-bit bearer token with a prefix that secret scanners can know: "kaiku_t_…".
std::string make_bearer(std::string_view prefix, const Entropy& entropy);

/// A random version 4 UUID.
std::string make_uuid(const Entropy& entropy);

/// SHA-256 in hex. Secrets here have at least 60 bits of entropy, so no slow hash is needed.
std::string hash_secret(std::string_view secret);

/// The token of an Authorization header "Bearer …"; empty if it is none.
std::string_view bearer_of(std::string_view authorization);

}  // namespace kaiku::central
