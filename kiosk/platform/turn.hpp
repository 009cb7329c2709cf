#pragma once

#include <cstdint>
#include <span>

/// A panel that hangs on its side or head: the picture is turned into the glass by ourselves, where
/// no display server does it. Pure.
namespace kaiku::platform {

/// Degrees clockwise by which the picture is turned: 0, 90, 180 or 270.
using Degrees = int;

/// True if picture and glass have their sides swapped.
constexpr bool lies_across(Degrees turned) noexcept { return turned == 90 || turned == 270; }

/// A place on the glass or in the picture, pixels.
struct Spot {
    float x = 0;
    float y = 0;
};

/// Where in the picture a touch on the glass is. The sizes are the glass's.
Spot touched_spot(Spot on_glass, float glass_w, float glass_h, Degrees turned) noexcept;

/// Copies a picture of `width` × `height` pixels into the glass, turned. The glass has
/// `glass_stride` pixels a row and, for 90 and 270, `height` columns and `width` rows.
void turn_picture(std::span<const std::uint32_t> picture, int width, int height,
                  std::span<std::uint32_t> glass, int glass_stride, Degrees turned) noexcept;

}  // namespace kaiku::platform
