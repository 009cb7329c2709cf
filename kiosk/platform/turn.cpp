#include "kiosk/platform/turn.hpp"

#include <cstddef>

namespace kaiku::platform {

Spot touched_spot(Spot on_glass, float glass_w, float glass_h, Degrees turned) noexcept {
    switch (turned) {
        case 90:
            return {on_glass.y, glass_w - on_glass.x};
        case 180:
            return {glass_w - on_glass.x, glass_h - on_glass.y};
        case 270:
            return {glass_h - on_glass.y, on_glass.x};
        default:
            return on_glass;
    }
}

void turn_picture(std::span<const std::uint32_t> picture, int width, int height,
                  std::span<std::uint32_t> glass, int glass_stride, Degrees turned) noexcept {
    const auto index = [](int row, int stride, int column) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(stride) +
               static_cast<std::size_t>(column);
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            int to_x = x;
            int to_y = y;
            if (turned == 90) {
                to_x = height - 1 - y;
                to_y = x;
            } else if (turned == 180) {
                to_x = width - 1 - x;
                to_y = height - 1 - y;
            } else if (turned == 270) {
                to_x = y;
                to_y = width - 1 - x;
            }
            glass[index(to_y, glass_stride, to_x)] = picture[index(y, width, x)];
        }
    }
}

}  // namespace kaiku::platform
