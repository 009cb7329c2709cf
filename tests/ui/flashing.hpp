#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/platform/picture.hpp"

namespace kaiku::test {

/// Watches what a panel shows over time, for ACCESSIBILITY A29.
class FlashWatch {
  public:
    /// The panel is looked at as tiles, so that a part that flashes is not averaged away.
    static constexpr std::size_t kColumns = 16;
    static constexpr std::size_t kRows = 10;
    using Tiles = std::array<double, kColumns * kRows>;

    /// What the panel shows from this moment on. Moments must not go back; the picture's size must
    /// stay.
    void see(flow::Instant at, const platform::Picture& picture);

    /// When a pixel was other than before.
    const std::vector<flow::Instant>& changes() const { return changes_; }
    /// The most changes, however small, within any second.
    int changes_per_second() const;
    /// The most flashes within any second that a twentieth of the panel shows. A flash is a pair of
    /// opposite changes of a tile, each of at least a tenth of the largest relative luminance where
    /// the darker side is below 0.8 of it (WCAG 2.2, "general flash"; its area is a quarter of the
    /// central 10 degrees of sight, 15 cm² at 50 cm: a twentieth of a 10-inch panel).
    int flashes_per_second() const;

  private:
    struct Turn {
        flow::Instant at{};
        bool brighter = false;
    };

    std::vector<std::uint8_t> last_;
    Tiles tiles_{};
    std::vector<flow::Instant> changes_;
    /// Of each tile: large changes of luminance, each the other way than the one before.
    std::array<std::vector<Turn>, kColumns * kRows> turns_;
};

}  // namespace kaiku::test
