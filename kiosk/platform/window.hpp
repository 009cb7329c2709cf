#pragma once

#include "kiosk/platform/display.hpp"

struct SDL_Window;

namespace kaiku::platform {

/// The terminal's window: of the panel's size when `options.windowed`, else over the whole screen.
/// The caller owns it; nullptr when SDL refuses (SDL_GetError says why).
SDL_Window* make_window(const DisplayOptions& options);

}  // namespace kaiku::platform
