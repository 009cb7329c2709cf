// Codes that staff scans: the reader that types, and whose a code is.
#include "kiosk/flow/scanning.hpp"

#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace std::chrono_literals;
using Kind = flow::ScannedCode::Kind;

namespace {

/// Types a text and Enter, one key after the other; what came of the Enter.
flow::Wedge::Taken type(flow::Wedge& wedge, const std::string& text,
                        std::chrono::milliseconds between) {
    static std::chrono::milliseconds at{0};
    at += 10s;
    for (const char character : text) wedge.take(character, at += between);
    return wedge.take('\r', at += between);
}

flow::Setup device() {
    flow::Setup setup;
    setup.unit = "KESKUSTA";
    setup.web_url = "https://palaute.example.fi";
    setup.staff.units = {{"KESKUSTA", "Terveysasema", ""}, {"NLA-1", "Neuvola", "n7"}};
    return setup;
}

flow::ScannedCode read(const std::string& text) { return flow::read_code(device(), text); }

}  // namespace

TEST_CASE("what is typed faster than by fingers and ended by Enter is a code") {
    flow::Wedge wedge;
    CHECK(type(wedge, "KESKUSTA", 5ms).code == "KESKUSTA");
    CHECK(type(wedge, "https://palaute.example.fi/s/n7", 80ms).code ==
          "https://palaute.example.fi/s/n7");
}

TEST_CASE("what a person types is no code, and its Enter stays an Enter") {
    flow::Wedge wedge;
    const auto typed = type(wedge, "KESKUSTA", 120ms);
    CHECK_FALSE(typed.code);
    CHECK_FALSE(typed.swallowed);
    const auto enter = wedge.take('\r', 1h);
    CHECK_FALSE(enter.swallowed);
}

TEST_CASE("the keys of a code mean nothing else, a lone key keeps its meaning") {
    flow::Wedge wedge;
    CHECK_FALSE(wedge.take(' ', 1s).swallowed);
    CHECK_FALSE(wedge.take('a', 2s).swallowed);
    CHECK(wedge.take(' ', 2s + 10ms).swallowed);
    CHECK(wedge.take('b', 2s + 20ms).swallowed);
    CHECK(wedge.take('\r', 2s + 30ms).swallowed);
    CHECK_FALSE(wedge.take(0, 2s + 40ms).swallowed);
}

TEST_CASE("a key between two codes, or a pause, begins anew") {
    flow::Wedge wedge;
    wedge.take('x', 1s);
    CHECK(type(wedge, "abc", 5ms).code == "abc");
    wedge.take('x', 100h);
    wedge.take(0, 100h + 1ms);
    wedge.take('y', 100h + 2ms);
    CHECK_FALSE(wedge.take('\r', 100h + 3ms).code);
}

TEST_CASE("a code without an end is remembered to its limit and is damaged") {
    flow::Wedge wedge;
    const auto taken = type(wedge, std::string(flow::kMostScanned + 1, 'a'), 1ms);
    REQUIRE(taken.code);
    CHECK(taken.code->empty());
    CHECK(read(*taken.code).kind == Kind::foreign);
}

TEST_CASE("links of our own central and bare unit codes name their unit") {
    for (const char* text :
         {"https://palaute.example.fi/s/n7", "palaute.example.fi/s/n7",
          "HTTPS://PALAUTE.EXAMPLE.FI/S/N7", "https://palaute.example.fi/s/n7?lang=sv", "NLA-1",
          "nla-1", " NLA-1 "}) {
        INFO(text);
        CHECK(read(text) == flow::ScannedCode{Kind::unit, "NLA-1"});
    }
    CHECK(read("https://palaute.example.fi/s/KESKUSTA") ==
          flow::ScannedCode{Kind::unit, "KESKUSTA"});
}

TEST_CASE("our own link to a unit that this device does not know says so") {
    CHECK(read("https://palaute.example.fi/s/n8").kind == Kind::unknown_unit);
}

TEST_CASE("foreign and damaged codes are nobody's unit") {
    for (const char* text :
         {"", " ", "6414893400012", "https://example.com/s/n7", "https://palaute.example.fi",
          "https://palaute.example.fi/s/", "https://palaute.example.fi/s/n7/../n8",
          "https://palaute.example.fi.evil.example/s/n7", "https://palaute.example.fi/i/n7",
          "ttps//palaute.example.fi/s/n7", "n7",
          // Somebody's half-done answer on its way to a phone.
          "https://palaute.example.fi/s/n7?t=AAAA", "https://palaute.example.fi/s/n7?a=b&t=AAAA"}) {
        INFO(text);
        CHECK(read(text).kind == Kind::foreign);
    }
}

TEST_CASE("a device that knows no web survey still reads unit codes") {
    flow::Setup setup = device();
    setup.web_url.clear();
    CHECK(flow::read_code(setup, "NLA-1").unit == "NLA-1");
    CHECK(flow::read_code(setup, "https:///s/n7").kind == Kind::foreign);
}

TEST_CASE("two units that differ by case alone need their very letters") {
    flow::Setup setup = device();
    setup.staff.units = {{"ab1", "", ""}, {"AB1", "", ""}};
    CHECK(flow::read_code(setup, "AB1").unit == "AB1");
    CHECK(flow::read_code(setup, "Ab1").kind == Kind::foreign);
}
