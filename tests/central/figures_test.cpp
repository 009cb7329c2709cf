#include "central/results/figures.hpp"

#include <nlohmann/json.hpp>

#include "central/results/report.hpp"
#include "central/store/memory_store.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

Tally tally(std::int64_t promoters, std::int64_t detractors) {
    Tally made;
    made.responses = promoters + detractors;
    made.nps = {promoters, 0, detractors};
    made.statements["help"].by_value = {detractors, 0, 0, 0, promoters};
    return made;
}

/// county > (clinic > (desk, ward)), hospital
UnitTree tree(const std::optional<std::string>& root = std::nullopt) {
    const auto built = UnitTree::build({{"clinic", "C", "C", "county", ""},
                                        {"county", "K", "K", "", ""},
                                        {"desk", "D", "D", "clinic", ""},
                                        {"hospital", "H", "H", "county", ""},
                                        {"ward", "W", "W", "clinic", ""}},
                                       root);
    REQUIRE(built);
    return *built;
}

GroupKey unit(const char* code) { return {code, std::nullopt, std::nullopt}; }

constexpr Split kByUnit{.unit = true};

}  // namespace

TEST_CASE("a few answers of a unit's own are not to be had by taking its children from it") {
    MemoryStore store;
    REQUIRE(store.add_unit({"tk1", "A", "A", "", ""}));
    REQUIRE(store.add_unit({"tk2", "B", "B", "tk1", ""}));
    REQUIRE(store.add_unit({"tk3", "C", "C", "tk1", ""}));
    const auto shown_with = [&](std::uint32_t own) {
        std::vector<Submission> all;
        for (std::uint32_t number = 0; number < 20 + own; ++number) {
            survey::Response response = sample::response(number);
            response.unit = number < 9 ? "tk2" : number < 20 ? "tk3" : "tk1";
            response.answered_at = sample::time("2026-05-10T10:00:00Z");
            all.push_back({response, "", ""});
        }
        REQUIRE(store.put(all));
        ReportQuestion question;
        question.period = parse_period("2026-05-01", "2026-05-31").value();
        question.split.unit = true;
        const auto report = make_report(store, question);
        REQUIRE(report);
        std::map<std::string, bool> shown;
        for (const ReportGroup& group : report->groups) {
            shown[*group.key.unit] = !group.now.suppressed;
        }
        return shown;
    };
    // 23 − 9 − 11 would be three visitors of tk1: the smaller child gives way.
    CHECK(shown_with(3) ==
          std::map<std::string, bool>{{"tk1", true}, {"tk2", false}, {"tk3", true}});
    // Enough of them: everything stands.
    CHECK(shown_with(6) ==
          std::map<std::string, bool>{{"tk1", true}, {"tk2", true}, {"tk3", true}});
}

TEST_CASE("a parent unit's figures include its children's") {
    const Tallies tallies{{{"desk", "kiosk", "fi"}, tally(10, 0)},
                          {{"ward", "kiosk", "fi"}, tally(0, 10)},
                          {{"clinic", "sms", "sv"}, tally(20, 0)}};
    const FigureTable table = make_figures(tallies, tree(), kByUnit, 5);
    CHECK(table.total.n == 40);
    REQUIRE(table.groups.size() == 4);
    CHECK(table.groups.at(unit("county")).n == 40);
    CHECK(table.groups.at(unit("clinic")).n == 40);
    CHECK(table.groups.at(unit("clinic")).nps.value().value == 50.0);
    CHECK(table.groups.at(unit("desk")).nps.value().value == 100.0);
    CHECK(table.total.channels == std::map<std::string, std::int64_t>{{"kiosk", 20}, {"sms", 20}});
    const auto help = table.total.statements.at("help");
    CHECK(help.value().agree_pct == 75.0);
}

TEST_CASE("a report of one unit holds it and everything below it") {
    const Tallies tallies{{{"desk", "kiosk", "fi"}, tally(10, 0)},
                          {{"hospital", "kiosk", "fi"}, tally(7, 0)}};
    const FigureTable table = make_figures(tallies, tree("clinic"), kByUnit, 5);
    CHECK(table.total.n == 10);
    CHECK_FALSE(table.groups.contains(unit("county")));
    CHECK_FALSE(UnitTree::build({}, "nowhere"));
}

TEST_CASE("small groups are held back together with a second one") {
    const Tallies tallies{{{"desk", "kiosk", "fi"}, tally(4, 0)},
                          {{"desk", "sms", "fi"}, tally(6, 0)},
                          {{"desk", "web", "fi"}, tally(30, 0)}};
    const FigureTable table = make_figures(tallies, tree(), {.channel = true}, 5);
    const auto of = [&](const char* channel) {
        return table.groups.at({std::nullopt, channel, std::nullopt});
    };
    CHECK(of("kiosk").suppressed);
    CHECK_FALSE(of("kiosk").nps);
    CHECK_FALSE(of("kiosk").statements.at("help"));
    CHECK(of("sms").suppressed);
    CHECK_FALSE(of("web").suppressed);
    CHECK(of("web").nps);
    CHECK_FALSE(table.total.suppressed);
}

TEST_CASE("a held-back unit cannot be added up from its children") {
    // hospital is small, so clinic is held back beside it; desk and ward add up to clinic.
    const Tallies tallies{{{"desk", "kiosk", "fi"}, tally(20, 0)},
                          {{"ward", "kiosk", "fi"}, tally(10, 0)},
                          {{"hospital", "kiosk", "fi"}, tally(3, 0)}};
    const FigureTable table = make_figures(tallies, tree(), kByUnit, 5);
    CHECK(table.groups.at(unit("hospital")).suppressed);
    CHECK(table.groups.at(unit("clinic")).suppressed);
    CHECK(table.groups.at(unit("ward")).suppressed);
    CHECK(table.groups.at(unit("desk")).suppressed);
    CHECK_FALSE(table.groups.at(unit("county")).suppressed);
}

TEST_CASE("everything is held back when the total itself is small") {
    const Tallies tallies{{{"desk", "kiosk", "fi"}, tally(4, 0)}};
    const FigureTable table = make_figures(tallies, tree(), kByUnit, 5);
    CHECK(table.total.suppressed);
    for (const auto& [key, figures] : table.groups) {
        CHECK(figures.suppressed);
        CHECK_FALSE(figures.nps);
    }
}

TEST_CASE("a question that few answered is held back on its own") {
    Tally many = tally(20, 0);
    many.nps = {2, 0, 1};
    const FigureTable table = make_figures({{{"desk", "kiosk", "fi"}, many}}, tree(), kByUnit, 5);
    CHECK_FALSE(table.total.suppressed);
    CHECK(table.total.nps_suppressed);
    CHECK_FALSE(table.total.nps);
    CHECK(table.total.statements.at("help"));
}

TEST_CASE("no answers are no figures, and nothing is held back") {
    const FigureTable table = make_figures({}, tree(), kByUnit, 5);
    CHECK(table.total.n == 0);
    CHECK_FALSE(table.total.suppressed);
    CHECK_FALSE(table.total.nps);
    CHECK(table.groups.empty());
}

TEST_CASE("the period before whole months is as many months, of other days as many days") {
    const auto before = [](const char* from, const char* to) {
        const Period period = parse_period(from, to).value().before();
        return format_day(period.from) + " " + format_day(period.to);
    };
    CHECK(before("2026-10-01", "2026-10-31") == "2026-09-01 2026-09-30");
    CHECK(before("2026-03-01", "2026-03-31") == "2026-02-01 2026-02-28");
    CHECK(before("2028-03-01", "2028-03-31") == "2028-02-01 2028-02-29");
    CHECK(before("2026-01-01", "2026-03-31") == "2025-10-01 2025-12-31");
    CHECK(before("2026-01-01", "2026-12-31") == "2025-01-01 2025-12-31");
    CHECK(before("2026-10-01", "2026-10-30") == "2026-09-01 2026-09-30");
    CHECK(before("2026-10-02", "2026-10-31") == "2026-09-02 2026-10-01");
    CHECK(before("2026-11-22", "2026-11-22") == "2026-11-21 2026-11-21");
}

TEST_CASE("the report compares with the period of the same length before") {
    MemoryStore store;
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    std::vector<Submission> all;
    for (std::uint32_t number = 0; number < 200; ++number) {
        survey::Response response = sample::response(number);
        const bool earlier = number < 100;
        response.answered_at =
            sample::time(earlier ? "2026-11-10T10:00:00Z" : "2026-11-20T10:00:00Z");
        response.answers.nps = earlier ? 0 : 10;
        all.push_back({response, "", ""});
    }
    REQUIRE(store.put(all));
    ReportQuestion question;
    question.period = parse_period("2026-11-15", "2026-11-22").value();
    const auto report = make_report(store, question);
    REQUIRE(report);
    CHECK(report->period.before() == parse_period("2026-11-07", "2026-11-14").value());
    CHECK(report->total.now.n == 100);
    CHECK(report->total.before.n == 100);
    REQUIRE(report->total.change);
    CHECK(report->total.change->value == 200.0);
    CHECK(report->total.change->beyond_chance);
    const auto document = nlohmann::json::parse(report_json(*report));
    CHECK(document["total"]["change"]["value"] == 200.0);
    CHECK(document["total"]["unit"].is_null());
    CHECK(document["groups"].empty());
}

}  // namespace kaiku::central
