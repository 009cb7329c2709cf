#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"

/// Answering without touch: three keys, or two switches. Pure; the loop brings time and keys.
namespace kaiku::flow {

/// What a key or a switch means.
enum class KeyAction { previous, next, select, switch_1, switch_2 };

/// How keys, switches and the finger count (ACCESSIBILITY A7), all configurable.
struct KeySettings {
    /// A second press of the same key within this time is ignored: 0.1–2 s.
    std::chrono::milliseconds debounce{100};
    /// With switches the focus moves on by itself this often; zero: only by switch 1.
    std::chrono::milliseconds scan_interval{0};
    /// A finger counts once it has rested this long; zero: at once.
    std::chrono::milliseconds dwell{0};

    friend bool operator==(const KeySettings&, const KeySettings&) = default;
};

/// Swallows the second press that a trembling finger or a worn switch makes.
class Debounce {
  public:
    explicit Debounce(std::chrono::milliseconds quiet) : quiet_(quiet) {}
    /// False for a press that follows a counted press of the same key too soon.
    bool accepts(std::uint32_t key, Instant now);

  private:
    std::chrono::milliseconds quiet_;
    std::map<std::uint32_t, Instant> counted_;  ///< at most one entry for each bound key
};

/// What can be operated on a screen, in reading order.
struct FocusList {
    std::vector<std::string> ids;
    std::size_t start = 0;  ///< where somebody new to the screen begins: after its heading
};

/// The id `steps` further on, round and round; from none, or one that is gone, the start.
std::string moved_focus(const FocusList& list, const std::string& focus, int steps);

/// Whether the id is on the list.
bool holds(const FocusList& list, const std::string& focus);

/// Scanning that moves on by itself, once a switch was used, until the visitor is gone.
class Scanner {
  public:
    explicit Scanner(std::chrono::milliseconds interval) : interval_(interval) {}
    /// A switch was used, or the focus just moved: the next move is a whole interval away.
    void restart(Instant now);
    void stop() noexcept { next_.reset(); }
    /// When the next move is due; nothing while nobody scans.
    std::optional<Instant> next() const noexcept { return next_; }

  private:
    std::chrono::milliseconds interval_;
    std::optional<Instant> next_;
};

}  // namespace kaiku::flow
