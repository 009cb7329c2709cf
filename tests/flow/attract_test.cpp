// The attract screen's slow life: once a minute, dark at night.
#include "kiosk/flow/attract.hpp"

#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;

TEST_CASE("the attract screen wakes the terminal once a minute and no more") {
    test::Visitor visitor;
    const Instant start = visitor.state.screen_since;
    CHECK(next_deadline(visitor.setup, visitor.state, visitor.inputs.now) == start + 1min);
    visitor.waits(24h);
    CHECK(visitor.ticks == 24 * 60);
    CHECK(visitor.state.attract.beat == 24 * 60);
    CHECK(visitor.screen() == "attract");
}

TEST_CASE("a loop that comes late catches up with one step") {
    test::Visitor visitor;
    visitor.inputs.now += 10min;
    visitor.does(event::Ticked{});
    CHECK(visitor.state.attract.beat == 10);
    CHECK(next_deadline(visitor.setup, visitor.state, visitor.inputs.now) > visitor.inputs.now);
}

TEST_CASE("through a simulated night the screen is dark exactly within its hours") {
    test::Visitor visitor;
    visitor.setup.night = NightHours{.from = 20 * 60, .to = 6 * 60};
    for (int minute = 12 * 60; minute < 36 * 60; ++minute) {
        visitor.inputs.local_minute = minute;
        visitor.inputs.now += 1min;
        visitor.does(event::Ticked{});
        const int of_day = minute % (24 * 60);
        CHECK(visitor.state.attract.dimmed == (of_day >= 20 * 60 || of_day < 6 * 60));
    }
}

TEST_CASE("hours within one day, and equal ends, are night as they say") {
    CHECK(is_night({.from = 60, .to = 120}, 60));
    CHECK(is_night({.from = 60, .to = 120}, 3 * 24 * 60 + 119));
    CHECK_FALSE(is_night({.from = 60, .to = 120}, 120));
    for (int minute = 0; minute < 24 * 60; ++minute) {
        CHECK_FALSE(is_night({.from = 60, .to = 60}, minute));
    }
}

TEST_CASE("without hours, or without a clock, it never darkens") {
    test::Visitor visitor;
    visitor.inputs.local_minute = 23 * 60;
    visitor.waits(2min);
    CHECK_FALSE(visitor.state.attract.dimmed);
    visitor.setup.night = NightHours{.from = 20 * 60, .to = 6 * 60};
    visitor.inputs.local_minute.reset();
    visitor.waits(2min);
    CHECK_FALSE(visitor.state.attract.dimmed);
}

TEST_CASE("a visitor who leaves at night leaves a dark screen behind") {
    test::Visitor visitor;
    visitor.setup.night = NightHours{.from = 20 * 60, .to = 6 * 60};
    visitor.inputs.local_minute = 22 * 60;
    visitor.starts().does(event::Back{});
    CHECK(visitor.screen() == "attract");
    CHECK(visitor.state.attract.dimmed);
    CHECK(visitor.state.attract.beat == 0);
}
