#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kiosk/flow/flow.hpp"

/// Codes that staff scans: what a reader that types brings, and whose a code is. Pure.
namespace kaiku::flow {

/// Longer than any link of ours; a code for a phone with a half-done answer may be about as long.
inline constexpr std::size_t kMostScanned = 4096;

/// Tells a reader (USB or Bluetooth, "keyboard wedge": types the code and Enter) from a person at a
/// keyboard by its pace.
class Wedge {
  public:
    /// Keys further apart than this come from fingers. Bluetooth readers keep to about 20 ms.
    static constexpr std::chrono::milliseconds kMostBetween{80};
    /// Fewer characters than this before Enter are no code.
    static constexpr std::size_t kLeast = 3;

    struct Taken {
        bool swallowed = false;           ///< the key means nothing else
        std::optional<std::string> code;  ///< complete
    };
    /// A key went down. `character` is what a US keyboard types, '\r' for Enter, 0 for none.
    Taken take(char character, Instant at);

  private:
    std::string text_;
    bool too_long_ = false;
    std::optional<Instant> last_;
};

/// What a scanned text means on this device: a link `<web_url>/s/<code>` of our own central, with
/// or without its scheme, or the bare code of a unit. Letters' case does not matter where one unit
/// only fits. A code that carries somebody's half-done answer is foreign here.
ScannedCode read_code(const Setup& setup, std::string_view text);

}  // namespace kaiku::flow
