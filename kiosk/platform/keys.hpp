#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kaiku::platform {

/// Set in a key's code when Shift was held with Tab.
inline constexpr std::uint32_t kWithShift = 0x8000'0000U;

/// The code in Woken::key_presses of a key by its name ("Left", "Return", "Keypad Enter", "F7",
/// "Shift+Tab"); nothing for a name nobody knows.
std::optional<std::uint32_t> key_code(const std::string& name);

}  // namespace kaiku::platform
