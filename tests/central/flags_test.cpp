// What a misuse rule flagged: stored, counted with and without, and kept through the migration.
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

#include "central/results/report.hpp"
#include "central/store/memory_store.hpp"
#include "central/store/sqlite_store.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace kaiku::central {
namespace {

std::unique_ptr<Store> open(const std::filesystem::path& file) {
    SqliteOptions options;
    options.path = file;
    auto store = open_sqlite_store(options);
    REQUIRE(store);
    return std::move(*store);
}

/// Ten answers of one unit; every third is flagged.
void fill(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    std::vector<Submission> all;
    for (std::uint32_t number = 0; number < 10; ++number) {
        survey::Response response = sample::response(number);
        if (number % 3 == 0) response.misuse = {{"burst", "quick"}, 1};
        response.answers.nps = number % 3 == 0 ? 0 : 10;
        all.push_back({std::move(response), "c", "2026-11-22"});
    }
    REQUIRE(store.put(all));
}

void flags_contract(Store& store) {
    fill(store);
    const auto counted = store.tally({});
    REQUIRE(counted);
    CHECK(counted->begin()->second.responses == 10);
    CHECK(counted->begin()->second.flagged == 4);
    Selection calm;
    calm.with_flagged = false;
    const auto rest = store.tally(calm);
    REQUIRE(rest);
    CHECK(rest->begin()->second.responses == 6);
    CHECK(rest->begin()->second.flagged == 0);
    CHECK(rest->begin()->second.nps == survey::NpsCounts{6, 0, 0});
    int flagged = 0;
    REQUIRE(store.visit({}, [&](const survey::Response& response) {
        if (response.misuse == survey::Verdict{{"burst", "quick"}, 1}) ++flagged;
        return true;
    }));
    CHECK(flagged == 4);
}

Report report_of(Store& store, bool with_flagged) {
    ReportQuestion question;
    const auto period = parse_period("2026-11-22", "2026-11-22");
    REQUIRE(period);
    question.period = *period;
    question.with_flagged = with_flagged;
    auto report = make_report(store, question);
    REQUIRE(report);
    return std::move(*report);
}

}  // namespace

TEST_CASE("flags are stored and counted, and left out where that is asked") {
    SECTION("in memory") {
        MemoryStore store;
        flags_contract(store);
    }
    SECTION("in SQLite") {
        const test::TempDir dir;
        const auto store = open(dir.path() / "central.db");
        flags_contract(*store);
    }
}

TEST_CASE("a report counts flagged answers unless told otherwise, and says how many there are") {
    MemoryStore store;
    fill(store);
    const Report all = report_of(store, true);
    CHECK(all.total.now.n == 10);
    CHECK(all.flagged == 4);
    CHECK(report_json(all).find("\"flagged\": 4") != std::string::npos);
    const Report calm = report_of(store, false);
    CHECK(calm.total.now.n == 6);
    CHECK(calm.flagged == 4);
    CHECK(report_json(calm).find("\"without_flagged\": true") != std::string::npos);
}

}  // namespace kaiku::central
