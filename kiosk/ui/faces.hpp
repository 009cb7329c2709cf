#pragma once

#include <imgui.h>

#include "kiosk/ui/recorder.hpp"

namespace kaiku::ui {

/// Draws face 1 (very sad, with brows) to 5 (very glad, open mouth) as calm lines. Each differs
/// from its neighbours by shape, not by colour.
void draw_face(ImDrawList& list, int value, ImVec2 centre, float diameter, Rgb ink, Rgb behind);

}  // namespace kaiku::ui
