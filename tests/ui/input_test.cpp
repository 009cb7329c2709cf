#include "kiosk/platform/input.hpp"

#include "tests/support/catch.hpp"

using namespace kaiku;

namespace {

SDL_Event key_down(SDL_Keycode key, std::uint8_t repeat) {
    SDL_Event event{};
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    event.key.repeat = repeat;
    return event;
}

platform::Woken fed(const SDL_Event& event, platform::PointerLayer& pointer) {
    platform::Woken woken;
    platform::feed_input(event, {1280, 800, 0}, pointer, woken);
    return woken;
}

}  // namespace

TEST_CASE("a key that is held down is one press") {
    platform::PointerLayer pointer;
    CHECK(fed(key_down(SDLK_RIGHT, 0), pointer).key_presses.size() == 1);
    for (int i = 0; i < 20; ++i) {
        const platform::Woken woken = fed(key_down(SDLK_RIGHT, 1), pointer);
        CHECK(woken.key_presses.empty());
        CHECK_FALSE(woken.input);
    }
}

TEST_CASE("a touch counts once, not again as the mouse that SDL makes of it") {
    platform::PointerLayer pointer;
    SDL_Event finger{};
    finger.type = SDL_FINGERDOWN;
    finger.tfinger.x = 0.5F;
    finger.tfinger.y = 0.5F;
    (void)fed(finger, pointer);
    CHECK(pointer.next().down);
    SDL_Event mouse{};
    mouse.type = SDL_MOUSEBUTTONDOWN;
    mouse.button.which = SDL_TOUCH_MOUSEID;
    mouse.button.button = SDL_BUTTON_LEFT;
    mouse.button.x = 10;
    mouse.button.y = 10;
    (void)fed(mouse, pointer);
    const platform::PointerFrame frame = pointer.next();
    CHECK(frame.down);
    CHECK(frame.x > 600);
}
