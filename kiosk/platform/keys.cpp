#include "kiosk/platform/keys.hpp"

#include <SDL.h>

namespace kaiku::platform {

std::optional<std::uint32_t> key_code(const std::string& name) {
    if (name == "Shift+Tab") return static_cast<std::uint32_t>(SDLK_TAB) | kWithShift;
    const SDL_Keycode code = SDL_GetKeyFromName(name.c_str());
    if (code == SDLK_UNKNOWN) return std::nullopt;
    return static_cast<std::uint32_t>(code);
}

}  // namespace kaiku::platform
