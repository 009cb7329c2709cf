#pragma once

#include <imgui.h>

#include <span>

#include "kiosk/ui/widgets.hpp"

/// Shapes for a software renderer that rounds triangles to whole pixels: everything is made of
/// pixel-aligned rectangles and of masks from the atlas.
namespace kaiku::ui::paint {

constexpr ImU32 colour(Rgb rgb, unsigned alpha = 255) {
    return IM_COL32(rgb.r, rgb.g, rgb.b, alpha);
}

/// A filled rectangle in whole pixels with anti-aliased round corners. `atlas` holds the masks.
void rounded_rect(ImDrawList& list, const ImFontAtlas& atlas, const Pixels& box, float radius,
                  Rgb fill);
/// Draws a mask of the atlas 1:1 with its top left corner at a whole pixel.
void mask(ImDrawList& list, const ImFontAtlas& atlas, const ImFontAtlasCustomRect& rect, ImVec2 at,
          Rgb fill);
/// A line through the points with round ends and joints, anti-aliased, in runs of equal coverage.
/// `closed` joins the last point to the first.
void stroke(ImDrawList& list, std::span<const ImVec2> points, float thickness, Rgb ink,
            bool closed = false);
/// A filled ellipse with upright axes.
void oval(ImDrawList& list, ImVec2 centre, float across, float down, Rgb fill);
/// A filled circle of any radius.
void disc(ImDrawList& list, ImVec2 centre, float radius, Rgb fill);

}  // namespace kaiku::ui::paint
