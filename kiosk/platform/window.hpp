#pragma once

#include "kiosk/platform/display.hpp"

struct SDL_Window;

namespace kaiku::platform {

/// Errc::not_found for SDL's drivers that draw for nobody, which it falls back to where there is no
/// display. One that SDL_VIDEODRIVER asks for is fine.
Status check_driver();

/// The terminal's window: of the panel's size when `options.windowed`, else over the whole screen.
/// The caller owns it; nullptr when SDL refuses (SDL_GetError says why).
SDL_Window* make_window(const DisplayOptions& options);

/// Keeps SDL from two things a terminal has no use for, worth a quarter of its start: Xlib reading
/// the keyboard's compose tables (twice), and D-Bus starting a session bus of its own. What the
/// environment says already stays. Call before SDL_InitSubSystem, while there is one thread.
void spare_desktop_services() noexcept;

}  // namespace kaiku::platform
