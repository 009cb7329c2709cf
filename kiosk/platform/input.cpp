#include "kiosk/platform/input.hpp"

#include <array>

namespace kaiku::platform {

namespace {

/// Set in a key's code when Shift was held with Tab.
constexpr std::uint32_t kWithShift = 0x8000'0000U;

Spot spot_of(const Glass& glass, float x, float y) {
    return touched_spot({x, y}, glass.width_px, glass.height_px, glass.turned);
}

void feed_finger(const SDL_TouchFingerEvent& finger, const Glass& glass, PointerLayer& pointer,
                 Woken& result) {
    const auto [x, y] = spot_of(glass, finger.x * glass.width_px, finger.y * glass.height_px);
    if (finger.type == SDL_FINGERMOTION) return pointer.move(finger.fingerId, x, y);
    if (finger.type == SDL_FINGERDOWN) {
        pointer.press(finger.fingerId, x, y, std::chrono::milliseconds(finger.timestamp));
    } else {
        pointer.release(finger.fingerId, x, y, std::chrono::milliseconds(finger.timestamp));
    }
    result.input = true;
}

void feed_button(const SDL_MouseButtonEvent& button, const Glass& glass, PointerLayer& pointer,
                 Woken& result) {
    if (button.which == SDL_TOUCH_MOUSEID || button.button != SDL_BUTTON_LEFT) return;
    const auto [x, y] = spot_of(glass, static_cast<float>(button.x), static_cast<float>(button.y));
    if (button.type == SDL_MOUSEBUTTONDOWN) {
        pointer.press(PointerLayer::kMouse, x, y, std::chrono::milliseconds(button.timestamp));
    } else {
        pointer.release(PointerLayer::kMouse, x, y, std::chrono::milliseconds(button.timestamp));
    }
    result.input = true;
}

void feed_motion(const SDL_MouseMotionEvent& motion, const Glass& glass, PointerLayer& pointer) {
    const auto [x, y] = spot_of(glass, static_cast<float>(motion.x), static_cast<float>(motion.y));
    pointer.move(PointerLayer::kMouse, x, y);
}

std::uint32_t code_of(const SDL_Keysym& key) {
    const auto code = static_cast<std::uint32_t>(key.sym);
    const bool shifted_tab = key.sym == SDLK_TAB && (key.mod & KMOD_SHIFT) != 0;
    return shifted_tab ? code | kWithShift : code;
}

/// Readers that type speak as a US keyboard unless they were told otherwise, and know nothing of
/// the layout that is set here: the key's place counts, not its letter.
char us_character(const SDL_Keysym& key) {
    const bool shift = (key.mod & KMOD_SHIFT) != 0;
    const int place = key.scancode;
    if (place >= SDL_SCANCODE_A && place <= SDL_SCANCODE_Z) {
        return static_cast<char>((shift ? 'A' : 'a') + (place - SDL_SCANCODE_A));
    }
    if (place >= SDL_SCANCODE_1 && place <= SDL_SCANCODE_0) {
        const auto index = static_cast<std::size_t>(place - SDL_SCANCODE_1);
        return shift ? "!@#$%^&*()"[index] : "1234567890"[index];
    }
    struct Sign {
        SDL_Scancode place;
        char plain;
        char shifted;
    };
    constexpr std::array kSigns{
        Sign{SDL_SCANCODE_SPACE, ' ', ' '},        Sign{SDL_SCANCODE_MINUS, '-', '_'},
        Sign{SDL_SCANCODE_EQUALS, '=', '+'},       Sign{SDL_SCANCODE_LEFTBRACKET, '[', '{'},
        Sign{SDL_SCANCODE_RIGHTBRACKET, ']', '}'}, Sign{SDL_SCANCODE_BACKSLASH, '\\', '|'},
        Sign{SDL_SCANCODE_SEMICOLON, ';', ':'},    Sign{SDL_SCANCODE_APOSTROPHE, '\'', '"'},
        Sign{SDL_SCANCODE_GRAVE, '`', '~'},        Sign{SDL_SCANCODE_COMMA, ',', '<'},
        Sign{SDL_SCANCODE_PERIOD, '.', '>'},       Sign{SDL_SCANCODE_SLASH, '/', '?'},
        Sign{SDL_SCANCODE_RETURN, '\r', '\r'},     Sign{SDL_SCANCODE_KP_ENTER, '\r', '\r'}};
    for (const Sign& sign : kSigns) {
        if (sign.place == place) return shift ? sign.shifted : sign.plain;
    }
    return 0;
}

/// Shift goes down between the characters of a code; it is no key of its own.
bool is_shift(const SDL_Keysym& key) { return key.sym == SDLK_LSHIFT || key.sym == SDLK_RSHIFT; }

}  // namespace

void feed_input(const SDL_Event& event, const Glass& glass, PointerLayer& pointer, Woken& result) {
    switch (event.type) {
        case SDL_FINGERDOWN:
        case SDL_FINGERUP:
        case SDL_FINGERMOTION:
            return feed_finger(event.tfinger, glass, pointer, result);
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
            return feed_button(event.button, glass, pointer, result);
        case SDL_MOUSEMOTION:
            if (event.motion.which == SDL_TOUCH_MOUSEID) return;
            return feed_motion(event.motion, glass, pointer);
        case SDL_KEYDOWN:
            if (event.key.repeat != 0 || is_shift(event.key.keysym)) return;
            result.key_presses.push_back({code_of(event.key.keysym), us_character(event.key.keysym),
                                          std::chrono::milliseconds(event.key.timestamp)});
            result.input = true;
            return;
        default:
            return;
    }
}

std::uint32_t key_code(const std::string& name) {
    if (name == "Shift+Tab") return static_cast<std::uint32_t>(SDLK_TAB) | kWithShift;
    return name.empty() ? 0 : static_cast<std::uint32_t>(SDL_GetKeyFromName(name.c_str()));
}

bool poll_until(SDL_Event& event, std::optional<std::chrono::milliseconds> timeout) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    while (SDL_PollEvent(&event) == 0) {
        if (timeout && Clock::now() - start >= *timeout) return false;
        SDL_Delay(20);
    }
    return true;
}

}  // namespace kaiku::platform
