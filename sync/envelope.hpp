#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "survey/result.hpp"

/// What every message between device and central shares. For the codecs of this room only.
namespace kaiku::sync {

/// Whether the object has no other fields than these.
bool has_only(const nlohmann::json& object, std::initializer_list<std::string_view> allowed);

/// The checks that every message shares: size, UTF-8, depth, an object, a version we speak, and
/// exactly the fields "protocol" and `field`, and maybe `optional`. Hands back the whole object.
Result<nlohmann::json> open_message(std::string_view text, std::size_t max_bytes, const char* field,
                                    const char* optional = nullptr);
/// As open_message(), the value of `field` alone.
Result<nlohmann::json> open_envelope(std::string_view text, std::size_t max_bytes,
                                     const char* field);

std::string seal_envelope(const char* field, nlohmann::json value);

/// JSON in one line; what is no UTF-8 is replaced.
std::string dump(const nlohmann::json& value);

}  // namespace kaiku::sync
