#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kaiku::central {

/// A bar of eighth blocks: `share` 0…1 of `columns`.
std::string bar(double share, std::size_t columns);
/// −100…100 as a line of `columns`: the interval's span, its value and zero.
std::string nps_scale(double value, double low, double high, std::size_t columns);
/// Cut with "…" or filled with spaces to exactly `columns` characters; right-aligned on demand.
std::string fit(std::string_view text, std::size_t columns, bool right = false);
/// "+57", "−4", "0"; with `comma` decimals as Finnish and Swedish write them.
std::string signed_number(double value);
std::string decimal(double value, int decimals, bool comma);

}  // namespace kaiku::central
