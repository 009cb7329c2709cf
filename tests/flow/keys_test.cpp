// Answering by keys and switches: what counts, where the focus goes, how long it may take.
#include "kiosk/flow/keys.hpp"

#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;
using kaiku::test::Visitor;

TEST_CASE("a second press of the same key within the quiet time is ignored") {
    Debounce debounce{500ms};
    CHECK(debounce.accepts(1, 1000ms));
    CHECK_FALSE(debounce.accepts(1, 1499ms));
    CHECK(debounce.accepts(1, 1500ms));
}

TEST_CASE("an ignored press does not lengthen the quiet time, and other keys count at once") {
    Debounce debounce{500ms};
    CHECK(debounce.accepts(1, 0ms));
    CHECK_FALSE(debounce.accepts(1, 400ms));
    CHECK(debounce.accepts(2, 410ms));
    CHECK(debounce.accepts(1, 500ms));
}

TEST_CASE("the focus begins after the heading and goes round both ways") {
    const FocusList list{{"size.up", "nps.0", "nps.1"}, 1};
    CHECK(moved_focus(list, "", 1) == "nps.0");
    CHECK(moved_focus(list, "gone", -1) == "nps.0");
    CHECK(moved_focus(list, "nps.1", 1) == "size.up");
    CHECK(moved_focus(list, "size.up", -1) == "nps.1");
    CHECK(moved_focus({}, "nps.1", 1).empty());
}

TEST_CASE("scanning moves on by itself only with an interval and once a switch was used") {
    Scanner by_hand{0ms};
    by_hand.restart(5s);
    CHECK_FALSE(by_hand.next());
    Scanner automatic{1500ms};
    CHECK_FALSE(automatic.next());
    automatic.restart(5s);
    CHECK(automatic.next() == Instant{6500ms});
    automatic.stop();
    CHECK_FALSE(automatic.next());
}

TEST_CASE("keys and switches get 300 s before the warning and 45 s after it") {
    Visitor visitor;
    visitor.starts().does(event::Focused{"nps.4"}).waits(299s);
    CHECK(visitor.screen() == "nps");
    visitor.waits(2s);
    CHECK(visitor.screen() == "idle");
    visitor.waits(42s);
    CHECK(visitor.screen() == "idle");
    visitor.waits(3s);
    CHECK(visitor.screen() == "attract");
    CHECK_FALSE(visitor.state.by_keys);
}

TEST_CASE("scanning that moves on by itself keeps nobody's answers from being wiped") {
    Visitor visitor;
    visitor.starts().does(event::Focused{"nps.0"});
    for (int i = 0; i < 400; ++i) {
        visitor.waits(1s);
        if (visitor.screen() == "attract") break;
        visitor.does(event::Focused{"nps.1", true});
    }
    CHECK(visitor.screen() == "attract");
}
