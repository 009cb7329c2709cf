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

void show_turned(SDL_Window* window, SDL_Surface* picture, int turned) {
    SDL_Surface* glass = SDL_GetWindowSurface(window);
    if (glass == nullptr || glass->format->BytesPerPixel != 4) return;
    const bool across = lies_across(turned);
    if (glass->w != (across ? picture->h : picture->w)) return;
    if (glass->h != (across ? picture->w : picture->h)) return;
    if (SDL_MUSTLOCK(glass) && SDL_LockSurface(glass) != 0) return;
    const auto pixels = [](SDL_Surface* surface) {
        const auto count =
            static_cast<std::size_t>(surface->pitch / 4) * static_cast<std::size_t>(surface->h);
        return std::span(static_cast<std::uint32_t*>(surface->pixels), count);
    };
    turn_picture(pixels(picture), picture->w, picture->h, pixels(glass), glass->pitch / 4, turned);
    if (SDL_MUSTLOCK(glass)) SDL_UnlockSurface(glass);
    SDL_UpdateWindowSurface(window);
}

Glass glass_of(SDL_Window* window, int turned) {
    int width = 0;
    int height = 0;
    SDL_GetWindowSize(window, &width, &height);
    return {static_cast<float>(width), static_cast<float>(height), turned};
}

void upload_letters(SDL_Renderer* renderer, ImFontAtlas& atlas) {
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
    SDL_Texture* texture = SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ABGR8888,
                                             SDL_TEXTUREACCESS_STATIC, width, height);
    SDL_UpdateTexture(texture, nullptr, pixels, 4 * width);
    SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
    SDL_SetTextureScaleMode(texture, SDL_ScaleModeLinear);
    atlas.SetTexID(texture);
    atlas.ClearTexData();
}

}  // namespace kaiku::platform
