#pragma once

#include <imgui.h>

#include <array>

#include "kiosk/ui/panel.hpp"

/// Round shapes as coverage masks in the font atlas. SDL's software renderer rounds the corners of
/// triangles to whole pixels, so geometry cannot be anti-aliased there; a mask can, and is a blit.
namespace kaiku::ui {

/// Diameters in which faces can be drawn, large to small, millimetres.
inline constexpr std::array kFaceDiameters{30.0F, 27.6F, 25.2F, 23.0F, 21.0F, 19.0F};
/// Thickness of a face's outline over its diameter.
inline constexpr float kFaceWeight = 0.05F;

/// Asks the atlas for room. Before ImFontAtlas::Build.
void reserve_masks(ImFontAtlas& atlas, const Panel& panel);
/// Fills the masks in. After Build, before the texture is made.
void paint_masks(ImFontAtlas& atlas, const Panel& panel);

/// A disc of a whole radius; nothing beyond max_disc_radius.
const ImFontAtlasCustomRect* disc_mask(const ImFontAtlas& atlas, int radius) noexcept;
int max_disc_radius(const Panel& panel) noexcept;
/// Pixels of a face diameter; always even.
int face_px(const Panel& panel, float diameter_mm) noexcept;
/// The outline of a face with one of kFaceDiameters.
const ImFontAtlasCustomRect* ring_mask(const ImFontAtlas& atlas, const Panel& panel,
                                       std::size_t diameter) noexcept;

}  // namespace kaiku::ui
