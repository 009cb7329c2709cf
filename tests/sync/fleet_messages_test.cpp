// What device and central tell each other beside answers: signs of life and configurations.
#include "sync/device_config.hpp"
#include "sync/heartbeat.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::sync {
namespace {

Heartbeat heartbeat() {
    Heartbeat beat;
    beat.version = "0.3.0";
    beat.free_mb = 5120;
    beat.clock = survey::parse_rfc3339("2026-11-23T09:41:07Z").value();
    beat.waiting = 4;
    beat.last_answer = survey::parse_rfc3339("2026-11-23T09:00:00Z").value();
    beat.errors = {{"network", 3}};
    beat.config = "0123456789abcdef";
    return beat;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto place = text.find(what);
    REQUIRE(place != std::string::npos);
    return text.replace(place, what.size(), by);
}

}  // namespace

TEST_CASE("a heartbeat arrives as it was sent, and its last answer as an hour") {
    CHECK(decode_heartbeat(encode_heartbeat(heartbeat())).value() == heartbeat());
    Heartbeat exact = heartbeat();
    exact.last_answer = *exact.last_answer + std::chrono::minutes(17);
    CHECK(decode_heartbeat(encode_heartbeat(exact)).value() == heartbeat());
    exact = heartbeat();
    exact.last_answer.reset();
    exact.config_trouble = std::string(400, 'x');
    CHECK(decode_heartbeat(encode_heartbeat(exact))->config_trouble.size() == 300);
    CHECK_FALSE(decode_heartbeat(encode_heartbeat(exact))->last_answer);
}

TEST_CASE("a heartbeat that is not exactly one is refused with the place") {
    const std::string good = encode_heartbeat(heartbeat());
    const auto refused = [](const std::string& text, const std::string& place) {
        const auto read = decode_heartbeat(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().detail.find(place) != std::string::npos);
    };
    refused(replaced(good, "\"waiting\":4", "\"waiting\":-4"), "/heartbeat/waiting");
    refused(replaced(good, "\"waiting\":4", "\"waiting\":\"4\""), "/heartbeat/waiting");
    refused(replaced(good, "\"waiting\":4", "\"text\":4"), "/heartbeat");
    refused(replaced(good, "\"network\"", "\"free text\""), "/heartbeat/errors");
    refused(replaced(good, "2026-11-23T09:41:07Z", "now"), "/heartbeat/clock");
    refused(replaced(good, "0.3.0", std::string(65, '1')), "/heartbeat/version");
    refused("<html>", "message");
}

TEST_CASE("central's answer to a heartbeat names the configuration to have") {
    CHECK(decode_heard(encode_heard("0123456789abcdef")).value() == "0123456789abcdef");
    CHECK_FALSE(decode_heard(R"({"protocol":1,"heard":{}})"));
}

TEST_CASE("a configuration's values are read, and a wrong one is named with its cure") {
    const DeviceConfig config =
        read_config({{"instrument", "national-adult"},
                     {"first_language", "sv"},
                     {"opening_hours", "mon-thu 08:00-16:00, fri 08:00-14:30"},
                     {"theme", "contrast-light"},
                     {"question_s", "45"},
                     {"max_waiting", "5000"}})
            .value();
    CHECK(config.instrument == "national-adult");
    CHECK(config.first_language == survey::Language::sv);
    REQUIRE(config.opening);
    CHECK(config.opening->at(3) == survey::OpenHours{8 * 60, 16 * 60});
    CHECK(config.opening->at(4) == survey::OpenHours{8 * 60, 14 * 60 + 30});
    CHECK_FALSE(config.opening->at(5));
    CHECK(config.theme == StartTheme::contrast_light);
    CHECK(config.question_s == 45);
    CHECK_FALSE(config.text_s);
    for (const ConfigValues& wrong : {ConfigValues{{"instrument", "/etc/shadow"}},
                                      {{"instrument", "../a"}},
                                      {{"first_language", "de"}},
                                      {{"opening_hours", "mon-fri"}},
                                      {{"opening_hours", "fri-mon 08:00-16:00"}},
                                      {{"opening_hours", "mon 16:00-08:00"}},
                                      {{"opening_hours", "mon 08:00-24:01"}},
                                      {{"theme", "pink"}},
                                      {{"question_s", "19"}},
                                      {{"question_s", "45 s"}},
                                      {{"max_waiting", "99999999999999999999"}},
                                      {{"colour", "x"}}}) {
        const auto read = read_config(wrong);
        INFO(wrong.begin()->first << " = " << wrong.begin()->second);
        REQUIRE_FALSE(read);
        CHECK(read.error().detail.starts_with(wrong.begin()->first));
    }
}

TEST_CASE("always open is open at every minute of the week") {
    const auto week = opening_week_from("always").value();
    CHECK(survey::is_open(week, 0));
    CHECK(survey::is_open(week, 7 * 24 * 60 - 1));
}

TEST_CASE("a configuration's version is that of its values") {
    const ConfigValues values{{"text_s", "60"}, {"theme", "default"}};
    const auto read = decode_config(encode_config(values)).value();
    CHECK(read.values == values);
    CHECK(read.version == config_version(values));
    CHECK(read.version != config_version({{"text_s", "60"}}));
    CHECK(config_version({{"a", "bc"}}) != config_version({{"ab", "c"}}));
    CHECK(config_version({}) == "cbf29ce484222325");  // FNV-1a's offset basis
    CHECK_FALSE(decode_config(replaced(encode_config(values), "\"60\"", "\"61\"")));
    CHECK_FALSE(decode_config(replaced(encode_config(values), "\"60\"", "60")));
    // Keys that this version does not know arrive, and are refused by name.
    const auto newer = decode_config(encode_config({{"brightness", "80"}})).value();
    CHECK(read_config(newer.values).error().detail.starts_with("brightness"));
}

}  // namespace kaiku::sync
