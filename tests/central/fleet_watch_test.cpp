// Which devices need somebody, and how often somebody is told.
#include "central/fleet/alert_book.hpp"
#include "central/fleet/watch.hpp"
#include "sync/device_config.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central::fleet {
namespace {

using namespace std::chrono_literals;
using survey::UtcSeconds;

/// A Monday, 00:00. In these tests the county lives in UTC.
const UtcSeconds kMonday = survey::parse_rfc3339("2026-11-23T00:00:00Z").value();

int minute_of(UtcSeconds time) {
    constexpr auto kWeek = std::chrono::minutes(7 * 24 * 60);
    const auto since = std::chrono::floor<std::chrono::minutes>(time - kMonday) % kWeek;
    return static_cast<int>(((since + kWeek) % kWeek).count());
}

DeviceState device() {
    DeviceState state;
    state.id = "d1";
    state.unit = "desk";
    state.opening = sync::opening_week_from("mon-fri 08:00-16:00").value();
    state.heard_at = kMonday + 12h;
    state.last.version = "0.3.0";
    state.last.free_mb = 5000;
    state.daily_mean.fill(20.0);
    return state;
}

std::vector<AlertKind> kinds(const std::vector<Finding>& findings) {
    std::vector<AlertKind> all;
    for (const auto& each : findings) all.push_back(each.kind);
    return all;
}

std::vector<AlertKind> found(const DeviceState& state, UtcSeconds now,
                             const AlertRules& rules = {}) {
    return kinds(judge(state, rules, now, minute_of));
}

using Kinds = std::vector<AlertKind>;

Finding full_disk(const std::string& id) { return {id, AlertKind::full, "desk", "3 MB free"}; }

}  // namespace

TEST_CASE("a device is silent after an hour of its opening hours, and never while it is closed") {
    const DeviceState state = device();
    CHECK(found(state, kMonday + 12h + 55min).empty());
    CHECK(found(state, kMonday + 13h) == Kinds{AlertKind::silent});
    // Switched off when the house closes, and a little late on the next morning.
    DeviceState evening = device();
    evening.heard_at = kMonday + 15h + 50min;
    CHECK(found(evening, kMonday + 24h + 7h + 59min).empty());
    CHECK(found(evening, kMonday + 24h + 8h + 45min).empty());
    CHECK(found(evening, kMonday + 24h + 8h + 50min) == Kinds{AlertKind::silent});
    // Friday to Monday is no silence.
    evening.heard_at = kMonday + 4 * 24h + 15h + 30min;
    CHECK(found(evening, kMonday + 6 * 24h + 12h).empty());
    CHECK(found(evening, kMonday + 7 * 24h + 8h + 25min).empty());
}

TEST_CASE("a device that was never heard is of an earlier version and not found") {
    DeviceState state = device();
    state.heard_at.reset();
    state.last.free_mb = 0;
    CHECK(found(state, kMonday + 5 * 24h).empty());
}

TEST_CASE("expected answers are the device's own mean of the weekday, spread over its hours") {
    DeviceState state = device();
    state.daily_mean.at(0) = 16.0;  // Monday: 2 an hour
    state.daily_mean.at(1) = 8.0;   // Tuesday: 1 an hour
    const auto expected = expected_answers(state, kMonday + 14h, kMonday + 24h + 12h, minute_of);
    REQUIRE(expected);
    CHECK(*expected == Approx(2 * 2 + 4 * 1));
    state.daily_mean.at(1).reset();
    CHECK_FALSE(expected_answers(state, kMonday + 14h, kMonday + 24h + 12h, minute_of));
    CHECK(expected_answers(state, kMonday + 14h, kMonday + 24h + 7h, minute_of));
}

TEST_CASE("no answers is told when a Poisson process of the own rate would be so rare") {
    DeviceState state = device();
    state.last.last_answer = kMonday + 9h;  // by 10:00 at the latest
    state.daily_mean.fill(20.0);            // 2.5 an hour: e^-13.8 = 1e-6 takes 5.53 hours
    state.heard_at = kMonday + 15h + 30min;
    CHECK(found(state, kMonday + 15h + 30min).empty());
    state.heard_at = kMonday + 15h + 35min;
    CHECK(found(state, kMonday + 15h + 35min) == Kinds{AlertKind::no_answers});
    // A quiet one takes as many expected answers, which are days.
    state.daily_mean.fill(3.0);
    state.heard_at = kMonday + 3 * 24h + 15h;
    CHECK(found(state, *state.heard_at).empty());
    state.heard_at = kMonday + 4 * 24h + 16h;
    CHECK(found(state, *state.heard_at) == Kinds{AlertKind::no_answers});
    // Without three weeks of its own nothing is normal.
    state.daily_mean.fill(std::nullopt);
    CHECK(found(state, *state.heard_at).empty());
    // One that is off is silent, and that says it all.
    state.daily_mean.fill(20.0);
    CHECK(found(state, *state.heard_at + 3 * 24h + 23h) == Kinds{AlertKind::silent});
}

TEST_CASE("a device that fills or runs old software is found whatever the hour") {
    const UtcSeconds night = kMonday + 3h;
    DeviceState state = device();
    state.heard_at = night;
    state.last.free_mb = 199;
    CHECK(found(state, night) == Kinds{AlertKind::full});
    state.last.free_mb = 200;
    state.last.waiting = 2001;
    CHECK(found(state, night) == Kinds{AlertKind::full});
    state.last.waiting = 2000;
    AlertRules rules;
    rules.min_version = "0.3.1";
    CHECK(found(state, night, rules) == Kinds{AlertKind::old_software});
    rules.min_version = "0.3.0";
    CHECK(found(state, night, rules).empty());
}

TEST_CASE("versions compare by their numbers") {
    CHECK(is_older("0.2.10", "0.10.2"));
    CHECK(is_older("0.3", "0.3.1"));
    CHECK_FALSE(is_older("0.3.0", "0.3"));
    CHECK_FALSE(is_older("1.0.0", "0.99.99"));
    CHECK(is_older("", "0.1"));
}

TEST_CASE("an alert is told once, when it has lasted, and its end too") {
    const std::vector<Finding> bad{full_disk("d1")};
    Look first = look({}, bad, kMonday, {});
    CHECK_FALSE(first.message);
    Look second = look(first.book, bad, kMonday + 10min, {});
    REQUIRE(second.message);
    REQUIRE(second.message->notices.size() == 1);
    CHECK(second.message->notices[0].device == "d1");
    CHECK_FALSE(second.message->notices[0].over);
    Look third = look(second.book, bad, kMonday + 24h, {});
    CHECK_FALSE(third.message);
    Look fourth = look(third.book, {}, kMonday + 25h, {});
    CHECK_FALSE(fourth.message);
    Look fifth = look(fourth.book, {}, kMonday + 25h + 10min, {});
    REQUIRE(fifth.message);
    CHECK(fifth.message->notices.at(0).over);
    CHECK(fifth.book.open.empty());
    CHECK_FALSE(look(fifth.book, {}, kMonday + 30h, {}).message);
}

TEST_CASE("what comes and goes at once is never told, and flapping is told once") {
    AlertBook book;
    for (int n = 0; n < 20; ++n) {
        const auto now = kMonday + n * 5min;
        Look next =
            look(book, n % 2 == 0 ? std::vector{full_disk("d1")} : std::vector<Finding>{}, now, {});
        CHECK_FALSE(next.message);
        book = next.book;
    }
    book = look(book, {full_disk("d1")}, kMonday + 2h, {}).book;
    book = look(book, {full_disk("d1")}, kMonday + 2h + 10min, {}).book;
    for (int n = 0; n < 20; ++n) {
        const auto now = kMonday + 3h + n * 5min;
        Look next =
            look(book, n % 2 == 0 ? std::vector{full_disk("d1")} : std::vector<Finding>{}, now, {});
        CHECK_FALSE(next.message);
        book = next.book;
    }
}

TEST_CASE("however much happens, one message in a quarter of an hour tells it all") {
    std::vector<Finding> many;
    for (int n = 0; n < 500; ++n) many.push_back(full_disk("d" + std::to_string(n)));
    AlertBook book;
    std::size_t messages = 0;
    std::size_t told = 0;
    for (int minute = 0; minute <= 120; ++minute) {
        // One more device every minute.
        many.push_back(full_disk("late" + std::to_string(minute)));
        Look next = look(book, many, kMonday + minute * 1min, {});
        if (next.message) {
            ++messages;
            CHECK(next.message->notices.size() <= 50);
            told += next.message->notices.size() + next.message->more;
        }
        book = next.book;
    }
    CHECK(messages == 8);
    CHECK(told == 500 + 106);  // up to the last message's ten minutes of settling
}

TEST_CASE("what is owed is bounded, and nothing of it goes uncounted") {
    const Notice notice{"d1", AlertKind::full, "x", "3 MB free", kMonday, false};
    const Message three{{notice, notice, notice}, 2};
    const Message all = joined(three, three, 4);
    CHECK(all.notices.size() == 4);
    CHECK(all.more == 6);
    CHECK(joined({}, three, 50) == three);
}

TEST_CASE("the book survives a restart as it was") {
    AlertBook book =
        look({}, {full_disk("d1"), {"d2", AlertKind::silent, "x", "ä"}}, kMonday, {}).book;
    book = look(book, {full_disk("d1")}, kMonday + 10min, {}).book;
    book = look(book, {}, kMonday + 12min, {}).book;
    book.owed["mail"] = {{{"d1", AlertKind::full, "x", "3 MB free", kMonday, true}}, 7};
    CHECK(decode_book(encode_book(book)).value() == book);
    CHECK(decode_book(encode_book({})).value() == AlertBook{});
    CHECK(decode_book("{}").error().code == Errc::corrupt);
    // One of before anything was owed.
    CHECK(decode_book(R"({"open":[],"told_at":null,"claimed_until":null})").value() == AlertBook{});
    CHECK(decode_book("").error().code == Errc::corrupt);
}

}  // namespace kaiku::central::fleet
