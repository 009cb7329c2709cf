#include "survey/response.hpp"

#include <random>
#include <set>

#include "survey/result.hpp"
#include "survey/words.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku::survey;

TEST_CASE("every word of the wire is read back as itself") {
    for (const Language value : kLanguages) CHECK(language_from(to_string(value)) == value);
    for (const Channel value : kChannels) CHECK(channel_from(to_string(value)) == value);
    for (const RespondentKind value : kRespondentKinds)
        CHECK(respondent_kind_from(to_string(value)) == value);
    CHECK(to_string(Channel::staff_device) == "staff-device");
    CHECK_FALSE(language_from("FI"));
    CHECK_FALSE(channel_from("staff_device"));
    CHECK_FALSE(respondent_kind_from(""));
}

TEST_CASE("a value outside the closed sets is named unknown rather than read as another") {
    CHECK(to_string(static_cast<Language>(99)) == "unknown");
    CHECK(to_string(static_cast<Channel>(99)) == "unknown");
    CHECK(to_string(static_cast<RespondentKind>(99)) == "unknown");
}

TEST_CASE("every error code has a name of its own") {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(kaiku::Errc::unauthorized); ++i)
        names.insert(to_string(static_cast<kaiku::Errc>(i)));
    CHECK(names.size() == 12);
    CHECK_FALSE(names.contains("unknown"));
    CHECK(to_string(static_cast<kaiku::Errc>(99)) == "unknown");
}

TEST_CASE("ids made from random bytes are version 4 UUIDs") {
    std::mt19937 random(1);
    for (int round = 0; round < 1000; ++round) {
        std::array<std::uint8_t, 16> bytes{};
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        const ResponseId id = ResponseId::from_random(bytes);
        const auto parsed = ResponseId::parse(id.text());
        REQUIRE(parsed);
        CHECK(*parsed == id);
    }
    const std::array<std::uint8_t, 16> zero{};
    CHECK(ResponseId::from_random(zero).text() == "00000000-0000-4000-8000-000000000000");
}

TEST_CASE("an id in capitals is stored in small letters") {
    const auto id = ResponseId::parse("ABCDEF01-2345-4678-9ABC-DEF012345678");
    REQUIRE(id);
    CHECK(id->text() == "abcdef01-2345-4678-9abc-def012345678");
}

TEST_CASE("what is no version 4 UUID is no id") {
    const std::string text = GENERATE(values<std::string>(
        {"", "x", "abcdef01-2345-1678-9abc-def012345678", "abcdef01-2345-4678-7abc-def012345678",
         "abcdef01-2345-4678-9abc-def01234567", "abcdef01-2345-4678-9abc-def0123456789",
         "abcdef01+2345-4678-9abc-def012345678", "gbcdef01-2345-4678-9abc-def012345678",
         "{abcdef01-2345-4678-9abc-def0123456}"}));
    CHECK_FALSE(ResponseId::parse(text));
}

TEST_CASE("times are written and read as RFC 3339") {
    using namespace std::chrono;
    const UtcSeconds time = sys_days{2026y / 11 / 22} + 14h + 5min + 6s;
    CHECK(format_rfc3339(time) == "2026-11-22T14:05:06Z");
    CHECK(format_rfc3339(floor_to_hour(time)) == "2026-11-22T14:00:00Z");
    CHECK(parse_rfc3339("2026-11-22T14:05:06Z") == time);
    CHECK(parse_rfc3339("2026-11-22t14:05:06.999z") == time);
    CHECK(parse_rfc3339("2026-11-22T16:05:06+02:00") == time);
    CHECK(parse_rfc3339("2026-11-22T08:35:06-05:30") == time);
    CHECK(parse_rfc3339("2026-11-22T14:05:60Z") == time + 53s);
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z") == sys_days{2024y / 2 / 29});
}

TEST_CASE("times survive writing and reading") {
    std::mt19937 random(2);
    std::uniform_int_distribution<std::int64_t> seconds(946684800, 7258118399);  // 2000–2199
    for (int round = 0; round < 2000; ++round) {
        const UtcSeconds time{std::chrono::seconds{seconds(random)}};
        CHECK(parse_rfc3339(format_rfc3339(time)) == time);
    }
}

TEST_CASE("what is no RFC 3339 time of our centuries is no time") {
    const std::string text = GENERATE(values<std::string>({"",
                                                           "2026",
                                                           "2026-11-22",
                                                           "2026-11-22T14:05Z",
                                                           "2026-11-22T14:05:06",
                                                           "26-11-22T14:05:06Z",
                                                           "2026-13-22T14:05:06Z",
                                                           "2026-02-29T14:05:06Z",
                                                           "2026-11-22T24:05:06Z",
                                                           "2026-11-22T14:60:06Z",
                                                           "2026-11-22T14:05:61Z",
                                                           "2026-11-22T14:05:06.Z",
                                                           "2026-11-22T14:05:06+2:00",
                                                           "2026-11-22T14:05:06+24:00",
                                                           "2026-11-22T14:05:06+02:60",
                                                           "2026-11-22T14:05:06 Z",
                                                           "2026-11-22T14:05:06ZZ",
                                                           "1999-12-31T23:59:59Z",
                                                           "2200-01-01T00:00:00Z",
                                                           "2000-01-01T00:00:00+01:00",
                                                           "x026-11-22T14:05:06Z",
                                                           "2026/11/22T14:05:06Z",
                                                           "2026-11-22T14:05:06*02:00"}));
    CHECK_FALSE(parse_rfc3339(text));
}
