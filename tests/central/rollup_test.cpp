// Rollups count what the answers say, whatever happened meanwhile.
#include "central/store/rollup.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <random>
#include <thread>

#include "central/store/day.hpp"
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"

namespace kaiku::central {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

using Random = std::mt19937;

int up_to(Random& random, int most) { return std::uniform_int_distribution<int>(0, most)(random); }

survey::Response random_response(Random& random, std::uint32_t number) {
    survey::Response response = sample::response(number, up_to(random, 1) == 0 ? "a" : "b");
    response.answers = {};
    if (up_to(random, 9) > 0) response.answers.nps = up_to(random, 10);
    for (const char* key : {"help", "safe", "heard"}) {
        if (up_to(random, 1) == 0) response.answers.statements[key] = up_to(random, 4) + 1;
    }
    response.channel = up_to(random, 1) == 0 ? survey::Channel::kiosk : survey::Channel::web;
    response.language = up_to(random, 2) == 0 ? survey::Language::sv : survey::Language::fi;
    response.assisted = up_to(random, 4) == 0;
    response.version = 1 + up_to(random, 1);
    if (up_to(random, 5) == 0) response.misuse.flags.insert("quick");
    // Three years of hours, the ends of days, months and years among them.
    response.answered_at =
        sample::time("2025-01-01T00:00:00Z") + std::chrono::hours(up_to(random, 3 * 365 * 24));
    return response;
}

survey::UtcSeconds random_moment(Random& random) {
    const sys_days day = sys_days(std::chrono::year(2024) / 11 / 1) + days(up_to(random, 1300));
    switch (up_to(random, 3)) {
        case 0:
            return start_of(std::chrono::year_month_day(day).year() / 1 / 1);
        case 1:
            return start_of(std::chrono::year_month_day(day).year() /
                            std::chrono::year_month_day(day).month() / 1);
        case 2:
            return start_of(day);
        default:
            return start_of(day) + std::chrono::seconds(up_to(random, 86399));
    }
}

Selection random_selection(Random& random) {
    Selection selection;
    if (up_to(random, 5) > 0) selection.from = random_moment(random);
    if (up_to(random, 5) > 0) selection.to = random_moment(random);
    if (up_to(random, 1) == 0) selection.units = std::set<std::string>{"b"};
    selection.with_flagged = up_to(random, 1) == 0;
    if (up_to(random, 3) == 0) selection.version = 2;
    if (up_to(random, 3) == 0) selection.instrument = "quick-nps";
    if (up_to(random, 3) == 0) selection.respondent = "adult";
    return selection;
}

void add_units(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    REQUIRE(store.add_unit({"b", "B", "B", "a", ""}));
}

std::vector<Submission> random_answers(Random& random, std::uint32_t first, std::uint32_t count) {
    std::vector<Submission> answers;
    for (std::uint32_t i = 0; i < count; ++i) {
        answers.push_back({random_response(random, first + i), "", "2026-11-22"});
    }
    return answers;
}

std::int64_t days_in(const RollupRange& range) {
    std::int64_t held = 0;
    for (sys_days day = std::chrono::year(2019) / 1 / 1; day < std::chrono::year(2032) / 1 / 1;
         day += days(1)) {
        const std::chrono::year_month_day date(day);
        const auto year = static_cast<int>(date.year());
        const auto month = year * 100 + static_cast<int>(static_cast<unsigned>(date.month()));
        const auto number = month * 100 + static_cast<int>(static_cast<unsigned>(date.day()));
        const int start = range.level == RollupLevel::day     ? number
                          : range.level == RollupLevel::month ? month
                                                              : year;
        held += start >= range.from && start < range.to ? 1 : 0;
    }
    return held;
}

}  // namespace

TEST_CASE("ranges hold each day of a period once, in at most five pieces") {
    Random random(1);
    for (int round = 0; round < 300; ++round) {
        const sys_days from = sys_days(std::chrono::year(2020) / 1 / 1) + days(up_to(random, 1500));
        const sys_days to = from + days(up_to(random, up_to(random, 1) == 0 ? 60 : 2000));
        const auto ranges = cover(from, to);
        REQUIRE(ranges.size() <= 5);
        std::int64_t held = 0;
        for (const RollupRange& range : ranges) held += days_in(range);
        REQUIRE(held == (to - from).count());
    }
    CHECK(cover(std::chrono::year(2026) / 1 / 1, std::chrono::year(2027) / 1 / 1) ==
          std::vector{RollupRange{RollupLevel::year, 2026, 2027}});
    CHECK(cover(std::chrono::year(2026) / 3 / 1, std::chrono::year(2026) / 5 / 1) ==
          std::vector{RollupRange{RollupLevel::month, 202603, 202605}});
    CHECK(cover(std::chrono::year(2026) / 3 / 1, std::chrono::year(2026) / 3 / 1).empty());
}

TEST_CASE("counts and slices read as they were written, and nothing else is read") {
    Random random(2);
    RollupCounts sum;
    for (std::uint32_t i = 0; i < 500; ++i) {
        const survey::Response response = random_response(random, i);
        Rollups rollups;
        count_response(rollups, response);
        REQUIRE(rollups.size() == 3);
        for (const auto& [key, counts] : rollups) {
            REQUIRE(decode_counts(encode_counts(counts)) == counts);
            sum.merge(counts);
        }
        const auto slice = parse_slice(slice_of(response));
        REQUIRE(slice);
        CHECK(slice->flagged == !response.misuse.flags.empty());
        CHECK(slice->key.instrument == InstrumentVersion{"quick-nps", response.version});
    }
    CHECK(sum.responses == 1500);
    CHECK(decode_counts(encode_counts(sum)) == sum);
    for (const char* bad : {"", "1", "1 2 3 4 5", "1 2 3 4 x ", "1 2 3 4 5 ;key 1 2 3 4 ",
                            "1 2 3 4 5 @24 1 1 1 1 ", "1 2 3 4 5 word ", "-1 2 3 4 5 "}) {
        INFO(bad);
        CHECK_FALSE(decode_counts(bad));
    }
    CHECK_FALSE(parse_slice("kiosk fi"));
}

TEST_CASE("every selection counts the same from rollups as from the answers") {
    in_every_database([](Stores& stores) {
        Random random(3);
        MemoryStore memory;
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        add_units(memory);
        add_units(**store);
        for (std::uint32_t part = 0; part < 4; ++part) {
            const auto answers = random_answers(random, part * 200, 250);  // the last 50 come twice
            CHECK((*store)->put(answers).value() == memory.put(answers).value());
        }
        for (int round = 0; round < 200; ++round) {
            const Selection selection = random_selection(random);
            INFO("from " << selection.from.time_since_epoch().count() << " to "
                         << selection.to.time_since_epoch().count());
            REQUIRE((*store)->tally(selection).value() == memory.tally(selection).value());
        }
        CHECK((*store)->verify({})->empty());
    });
}

TEST_CASE("a rollup that was changed or lost is named, and rebuilding mends it") {
    in_every_database([](Stores& stores) {
        Random random(4);
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        add_units(**store);
        REQUIRE((*store)->put(random_answers(random, 0, 300)));
        const Tallies right = (*store)->tally({}).value();
        REQUIRE(stores.database()->write("damaging", [](sql::Connection& db) -> Status {
            db.execute("DELETE FROM rollups WHERE level = 'm' AND unit = 'a' AND start = 202603");
            db.execute("UPDATE rollups SET counts = 'nonsense' WHERE level = 'y' AND start = 2027");
            db.execute(
                "UPDATE rollups SET counts = '999 0 0 0 0 ' WHERE level = 'd' AND unit = 'b'"
                " AND start BETWEEN 20250600 AND 20250630");
            db.execute(
                "INSERT INTO rollups VALUES ('main', 'd', 'a', 20010101,"
                " 'kiosk fi adult - 1 quick-nps', '1 0 1 0 0 ')");
            return {};
        }));
        const auto differences = (*store)->verify({});
        REQUIRE(differences);
        const auto named = [&](const std::string& level, std::int64_t from, std::int64_t to) {
            return std::any_of(differences->begin(), differences->end(), [&](const auto& one) {
                return one.level == level && one.start >= from && one.start <= to;
            });
        };
        CHECK(named("m", 202603, 202603));
        CHECK(named("y", 2027, 2027));
        CHECK(named("d", 20250600, 20250630));
        CHECK(named("d", 20010101, 20010101));
        CHECK_FALSE(named("m", 202601, 202602));
        std::vector<std::int64_t> months;
        REQUIRE((*store)->rebuild([&](std::int64_t month) { months.push_back(month); }));
        CHECK(months.size() >= 36);
        CHECK((*store)->verify({})->empty());
        CHECK((*store)->tally({}).value() == right);
    });
}

TEST_CASE("rebuilding while answers come in loses and doubles nothing") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        add_units(**store);
        Random first(5);
        REQUIRE((*store)->put(random_answers(first, 0, 200)));
        std::atomic<int> failed = 0;
        std::vector<std::thread> writers;
        for (std::uint32_t writer = 0; writer < 3; ++writer) {
            writers.emplace_back([&, writer] {
                Random random(10 + writer);
                for (std::uint32_t round = 0; round < 20; ++round) {
                    // Each answer comes from two writers.
                    const auto answers = random_answers(random, 1000 + round * 20, 20);
                    if (!(*store)->put(answers)) ++failed;
                }
            });
        }
        for (int round = 0; round < 3; ++round) CHECK((*store)->rebuild({}));
        for (std::thread& writer : writers) writer.join();
        CHECK(failed == 0);
        std::int64_t counted = 0;
        const Tallies tallies = (*store)->tally({}).value();
        for (const auto& [key, tally] : tallies) counted += tally.responses;
        CHECK(counted == 600);
        CHECK((*store)->verify({})->empty());
    });
}

}  // namespace kaiku::central
