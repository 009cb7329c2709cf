#pragma once

#include <imgui.h>

#include "kiosk/ui/widgets.hpp"

/// Shapes that are cheap for a software renderer: SDL walks the bounding box of every triangle, so
/// long thin ones, as ImGui's own rounded rectangles are made of, cost milliseconds.
namespace kaiku::ui::paint {

constexpr ImU32 colour(Rgb rgb, unsigned alpha = 255) {
    return IM_COL32(rgb.r, rgb.g, rgb.b, alpha);
}

/// A filled rectangle in whole pixels with anti-aliased round corners.
void rounded_rect(ImDrawList& list, const Pixels& box, float radius, Rgb fill);
/// A filled circle.
void disc(ImDrawList& list, ImVec2 centre, float radius, Rgb fill);
/// An open line with round ends.
void stroke(ImDrawList& list, const ImVec2* points, int count, float thickness, Rgb ink);

}  // namespace kaiku::ui::paint
