#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kaiku::central {

inline constexpr std::size_t kMaxFormBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxFormFields = 128;

/// Fields of a form or of a query, decoded. Each name once: the first wins.
using Fields = std::map<std::string, std::string, std::less<>>;

/// Reads application/x-www-form-urlencoded. Nothing for a broken escape, a byte that is no UTF-8,
/// or more than the limits. Line ends come out as \n; other control characters are dropped.
std::optional<Fields> parse_fields(std::string_view encoded);

/// The field, or an empty text.
const std::string& field(const Fields& fields, std::string_view name);

}  // namespace kaiku::central
