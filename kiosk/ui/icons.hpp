#pragma once

#include <imgui.h>

#include "kiosk/ui/widgets.hpp"

namespace kaiku::ui {

/// Draws a line icon of `size` pixels around a centre.
void draw_icon(const Canvas& canvas, Icon icon, ImVec2 centre, float size, Rgb fg);

}  // namespace kaiku::ui
