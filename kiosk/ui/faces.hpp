#pragma once

#include <imgui.h>

#include "kiosk/ui/widgets.hpp"

namespace kaiku::ui {

/// Draws face 1 (very sad, with brows) to 5 (very glad, open mouth) as calm lines, in the largest
/// of kFaceDiameters that fits `room` pixels. Each differs from its neighbours by shape, not by
/// colour.
void draw_face(const Canvas& canvas, int value, ImVec2 centre, float room, Rgb ink);

}  // namespace kaiku::ui
