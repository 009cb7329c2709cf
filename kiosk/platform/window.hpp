#pragma once

#include <imgui.h>

#include "kiosk/platform/display.hpp"
#include "kiosk/platform/input.hpp"

struct SDL_Renderer;
struct SDL_Surface;
struct SDL_Window;

namespace kaiku::platform {

/// Errc::not_found for SDL's drivers that draw for nobody, which it falls back to where there is no
/// display. One that SDL_VIDEODRIVER asks for is fine.
Status check_driver();

/// The terminal's window: of the panel's size when `options.windowed`, else over the whole screen.
/// The caller owns it; nullptr when SDL refuses (SDL_GetError says why).
SDL_Window* make_window(const DisplayOptions& options);

/// Copies a picture of 32-bit pixels onto the window, turned (see turn.hpp), and shows it. A window
/// of another size or depth stays as it is.
void show_turned(SDL_Window* window, SDL_Surface* picture, int turned);

/// Pixels of the window.
Glass glass_of(SDL_Window* window, int turned);

/// A texture with a text size's letters. The backend knows only one, so further ones are ours.
void upload_letters(SDL_Renderer* renderer, ImFontAtlas& atlas);

/// Keeps SDL from two things a terminal has no use for, worth a quarter of its start: Xlib reading
/// the keyboard's compose tables (twice), and D-Bus starting a session bus of its own. What the
/// environment says already stays. Call before SDL_InitSubSystem, while there is one thread.
void spare_desktop_services() noexcept;

}  // namespace kaiku::platform
