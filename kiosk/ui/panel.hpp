#pragma once

#include <string>

namespace kaiku::ui {

/// The glass: pixels and millimetres. Everything is laid out in millimetres from here.
struct Panel {
    std::string name;
    int width_px = 1280;
    int height_px = 800;
    double width_mm = 217;
    double height_mm = 135.6;

    double px_per_mm() const noexcept { return static_cast<double>(width_px) / width_mm; }
    bool portrait() const noexcept { return height_px > width_px; }
};

}  // namespace kaiku::ui
