#include "central/results/period.hpp"

#include "sync/local_day.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

std::string start_text(const char* day) {
    return survey::format_rfc3339(start_of(parse_day(day).value()));
}

}  // namespace

TEST_CASE("days are the county's days, also where the clocks change") {
    REQUIRE(sync::set_time_zone("Europe/Helsinki"));
    CHECK(start_text("2026-01-01") == "2025-12-31T22:00:00Z");
    CHECK(start_text("2026-03-29") == "2026-03-28T22:00:00Z");
    CHECK(start_text("2026-03-30") == "2026-03-29T21:00:00Z");
    CHECK(start_text("2026-10-25") == "2026-10-24T21:00:00Z");
    CHECK(start_text("2026-10-26") == "2026-10-25T22:00:00Z");
    CHECK(format_day(day_of(sample::time("2026-11-21T22:00:00Z"))) == "2026-11-22");
    CHECK(format_day(day_of(sample::time("2026-11-21T21:59:59Z"))) == "2026-11-21");
}

TEST_CASE("days that do not exist, and periods that run backwards, are refused") {
    for (const char* wrong : {"", "2026-2-3", "2026-02-30", "2026-13-01", "26-01-01", "2026-11-2x",
                              "2026-11-22T", "-026-11-22", "1999-12-31", "2026/11/22"}) {
        CHECK_FALSE(parse_day(wrong));
    }
    CHECK(parse_day("2028-02-29"));
    CHECK(parse_period("2026-11-22", "2026-11-22").value().length().count() == 1);
    CHECK_FALSE(parse_period("2026-11-23", "2026-11-22"));
}

TEST_CASE("a zone that the system does not know is refused") {
    for (const char* wrong : {"", "Europe/Nowhere", "/etc/passwd", "../../etc/passwd"}) {
        CHECK_FALSE(sync::set_time_zone(wrong));
    }
    CHECK(sync::set_time_zone("Europe/Helsinki"));
}

}  // namespace kaiku::central
