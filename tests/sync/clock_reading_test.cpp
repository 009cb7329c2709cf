#include "sync/clock_reading.hpp"

#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::sync;

TEST_CASE("the device's clocks are read, and tell one start from another") {
    const survey::ClockReading first = read_clock();
    const survey::ClockReading second = read_clock();
    CHECK(first.boot == second.boot);
    CHECK(first.boot > 0);
    CHECK(first.up_min >= 0);
    CHECK(second.up_min - first.up_min <= 1);
}

TEST_CASE("a reading survives its header field, and nothing else passes for one") {
    CHECK(decode_clock(encode_clock({2'147'483'647, 12, true})) ==
          survey::ClockReading{2'147'483'647, 12, false});
    for (const char* wrong : {"", " ", "1", "1 ", " 1", "1 2 3", "-1 2", "1 -2", "1.5 2", "x y",
                              "2147483648 1", "1 99999999999999999999"}) {
        INFO(wrong);
        CHECK_FALSE(decode_clock(wrong));
    }
}
