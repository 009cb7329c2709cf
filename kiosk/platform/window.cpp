#include "kiosk/platform/window.hpp"

#include <SDL.h>

#include <cstdlib>
#include <cstring>

namespace kaiku::platform {

void spare_desktop_services() noexcept {
    constexpr int kKeepWhatIsSet = 0;
    setenv("XCOMPOSEFILE", "/dev/null", kKeepWhatIsSet);
    setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", kKeepWhatIsSet);
}

Status check_driver() {
    const char* driver = SDL_GetCurrentVideoDriver();
    const bool for_nobody = driver == nullptr || std::strcmp(driver, "offscreen") == 0 ||
                            std::strcmp(driver, "dummy") == 0;
    if (!for_nobody || std::getenv("SDL_VIDEODRIVER") != nullptr) return {};
    return fail(Errc::not_found, "no display: start a display server or use --headless");
}

SDL_Window* make_window(const DisplayOptions& options) {
    const char* driver = SDL_GetCurrentVideoDriver();
    SDL_DisplayMode desktop{};
    const bool is_x11 = driver != nullptr && std::strcmp(driver, "x11") == 0 &&
                        SDL_GetDesktopDisplayMode(0, &desktop) == 0;
    if (!options.windowed && is_x11) {
        // Without a window manager SDL waits 100 ms for one to answer its wish for the full screen;
        // a window of the screen's size needs nobody's leave.
        constexpr Uint32 kOverAll = static_cast<Uint32>(SDL_WINDOW_BORDERLESS) |
                                    static_cast<Uint32>(SDL_WINDOW_ALWAYS_ON_TOP);
        return SDL_CreateWindow("Kaiku", 0, 0, desktop.w, desktop.h, kOverAll);
    }
    const Uint32 flags = options.windowed ? 0U : static_cast<Uint32>(SDL_WINDOW_FULLSCREEN_DESKTOP);
    return SDL_CreateWindow("Kaiku", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                            options.panel.width_px, options.panel.height_px, flags);
}

}  // namespace kaiku::platform
