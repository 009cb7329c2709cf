#pragma once

#include <SDL.h>

#include <chrono>
#include <optional>

#include "kiosk/platform/display.hpp"
#include "kiosk/platform/pointer.hpp"
#include "kiosk/platform/turn.hpp"
#include "kiosk/ui/panel.hpp"

namespace kaiku::platform {

/// The glass as the display server knows it; the picture on it may be turned.
struct Glass {
    float width_px = 0;
    float height_px = 0;
    Degrees turned = 0;
};

/// Feeds fingers and the mouse into the pointer layer and keys into `result`; mouse events that SDL
/// makes out of touches are left out. Other events are ignored.
void feed_input(const SDL_Event& event, const Glass& glass, PointerLayer& pointer, Woken& result);

/// Waits without SDL's own wait, which spins where there is no compositor: looks 50 times a second.
/// False when the time is over.
bool poll_until(SDL_Event& event, std::optional<std::chrono::milliseconds> timeout);

}  // namespace kaiku::platform
