#include "kiosk/platform/pointer.hpp"

#include "tests/support/catch.hpp"

using kaiku::platform::PointerFrame;
using kaiku::platform::PointerLayer;

TEST_CASE("two taps within one slow frame both register, one transition a frame") {
    PointerLayer pointer;
    for (int tap = 0; tap < 2; ++tap) {
        pointer.press(1, 10, 10);
        pointer.release(1, 10, 10);
    }
    int presses = 0;
    int releases = 0;
    while (pointer.wants_frame()) {
        const PointerFrame frame = pointer.next();
        if (!frame.changed) continue;
        ++(frame.down ? presses : releases);
    }
    CHECK(presses == 2);
    CHECK(releases == 2);
}

TEST_CASE("a palm is ignored until the first finger lifts") {
    PointerLayer pointer;
    pointer.press(1, 10, 10);
    pointer.press(2, 500, 500);
    CHECK(pointer.next().x == 10);
    pointer.release(2, 500, 500);
    const PointerFrame held = pointer.next();
    CHECK(held.down);
    CHECK_FALSE(held.changed);
    pointer.release(1, 11, 10);
    CHECK_FALSE(pointer.next().down);
    pointer.press(2, 500, 500);
    CHECK(pointer.next().down);
}

TEST_CASE("the position is cleared two frames after a release") {
    PointerLayer pointer;
    pointer.press(1, 10, 10);
    pointer.next();
    pointer.release(1, 10, 10);
    CHECK(pointer.next().present);
    CHECK(pointer.next().present);
    CHECK(pointer.next().present);
    CHECK_FALSE(pointer.next().present);
    CHECK_FALSE(pointer.wants_frame());
}

TEST_CASE("a cancelled finger lets go nowhere") {
    PointerLayer pointer;
    pointer.press(1, 10, 10);
    pointer.next();
    pointer.cancel();
    const PointerFrame frame = pointer.next();
    CHECK_FALSE(frame.down);
    CHECK_FALSE(frame.present);
    pointer.release(1, 10, 10);  // the late release of the cancelled finger changes nothing
    CHECK_FALSE(pointer.next().changed);
}

TEST_CASE("a held finger can slide") {
    PointerLayer pointer;
    pointer.press(1, 10, 10);
    pointer.next();
    pointer.move(1, 40, 50);
    const PointerFrame frame = pointer.next();
    CHECK(frame.down);
    CHECK(frame.x == 40);
    CHECK(frame.y == 50);
}

TEST_CASE("a flood of presses is bounded and always ends released") {
    PointerLayer pointer;
    for (int tap = 0; tap < 1000; ++tap) {
        pointer.press(1, 10, 10);
        pointer.release(1, 10, 10);
    }
    int frames = 0;
    bool down = false;
    while (pointer.wants_frame()) {
        down = pointer.next().down;
        REQUIRE(++frames <= 200);
    }
    CHECK_FALSE(down);
}

TEST_CASE("with a dwell time a short touch activates nothing and a resting finger does") {
    PointerLayer pointer;
    pointer.set_dwell(std::chrono::milliseconds{400});
    pointer.press(1, 50, 50, std::chrono::milliseconds{1000});
    pointer.release(1, 50, 50, std::chrono::milliseconds{1399});
    CHECK(pointer.next().down);
    const PointerFrame brushed = pointer.next();
    CHECK_FALSE(brushed.down);
    CHECK_FALSE(brushed.present);
    pointer.press(1, 50, 50, std::chrono::milliseconds{2000});
    pointer.release(1, 50, 50, std::chrono::milliseconds{2400});
    CHECK(pointer.next().down);
    const PointerFrame rested = pointer.next();
    CHECK_FALSE(rested.down);
    CHECK(rested.present);
}
