// Hours that a device's wall clock had wrong, and summer time.
#include <cstdlib>
#include <ctime>

#include "survey/response.hpp"
#include "survey/wire.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::survey;

namespace {

UtcSeconds at(const char* text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST_CASE("a wrong hour is worked out from the time since the answer, and from nothing else") {
    const UtcSeconds now = at("2026-11-22T12:10:00Z");
    const UtcSeconds said = at("2001-01-01T00:00:00Z");
    const ClockReading then{7, 100, false};
    CHECK(judge_time(said, std::nullopt, ClockReading{7, 100, false}, now) ==
          JudgedTime{said, TimeKind::unsaid});
    CHECK(judge_time(said, ClockReading{7, 100, true}, ClockReading{7, 200, false}, now) ==
          JudgedTime{said, TimeKind::trusted});
    CHECK(judge_time(said, then, ClockReading{7, 100, false}, now) ==
          JudgedTime{at("2026-11-22T12:00:00Z"), TimeKind::corrected});
    CHECK(judge_time(said, then, ClockReading{7, 111, false}, now) ==
          JudgedTime{at("2026-11-22T11:00:00Z"), TimeKind::corrected});
    CHECK(judge_time(said, then, ClockReading{7, 100 + 3 * 24 * 60, true}, now) ==
          JudgedTime{at("2026-11-19T12:00:00Z"), TimeKind::corrected});
    // Started anew, or no reading, or a clock that ran backwards: nothing is guessed.
    for (const auto& present :
         {std::optional(ClockReading{8, 500, true}), std::optional<ClockReading>(),
          std::optional(ClockReading{7, 99, false})}) {
        CHECK(judge_time(said, then, present, now) == JudgedTime{said, TimeKind::uncertain});
    }
}

TEST_CASE("a reading of the clocks travels with the answer") {
    Response response{.id = ResponseId::parse("0b0e7e0e-6d0f-4c1c-9b6e-0d8a5f3c2b11").value(),
                      .instrument = "quick-nps",
                      .unit = "K1",
                      .answered_at = at("2026-11-22T12:00:00Z"),
                      .answers = {},
                      .contact = {},
                      .clock = ClockReading{2'147'483'647, 525'600, true}};
    CHECK(decode_response(encode_response(response)) == response);
    response.clock.reset();
    response.time = TimeKind::corrected;
    const std::string text = encode_response(response);
    CHECK(decode_response(text) == response);
    const auto with = [&](const std::string& clock) {
        std::string changed = text;
        changed.insert(1, "\"clock\":" + clock + ",");
        return decode_response(changed).error().detail;
    };
    CHECK(with("7").starts_with("/clock:"));
    CHECK(with(R"({"boot":1,"up_min":2})").starts_with("/clock"));
    CHECK(with(R"({"boot":-1,"up_min":2,"trusted":true})").starts_with("/clock/boot:"));
    CHECK(with(R"({"boot":1,"up_min":2147483648,"trusted":true})").starts_with("/clock/up_min:"));
    CHECK(with(R"({"boot":1,"up_min":2,"trusted":1})").starts_with("/clock/trusted:"));
}

TEST_CASE("a whole UTC hour is a whole hour of the county, also where the clocks change") {
    setenv("TZ", "Europe/Helsinki", 1);
    tzset();
    for (const char* day : {"2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"}) {
        int last = -1;
        int hours = 0;
        for (int minute = 0; minute < 24 * 60; minute += 7) {
            const UtcSeconds moment = at(day) + std::chrono::minutes(minute);
            const UtcSeconds hour = floor_to_hour(moment);
            const std::time_t seconds = hour.time_since_epoch().count();
            std::tm local{};
            REQUIRE(localtime_r(&seconds, &local) != nullptr);
            CHECK(local.tm_min == 0);
            CHECK(local.tm_sec == 0);
            CHECK(moment - hour < std::chrono::hours(1));
            if (local.tm_hour != last) ++hours;
            last = local.tm_hour;
        }
        CHECK(hours >= 23);
    }
}
