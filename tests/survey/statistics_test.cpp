#include "survey/statistics.hpp"

#include <cmath>
#include <random>

#include "survey/student_t.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku::survey;

namespace {

NpsCounts counts(std::int64_t promoters, std::int64_t passives, std::int64_t detractors) {
    return {promoters, passives, detractors};
}

}  // namespace

TEST_CASE("answers 0–6 are detractors, 7–8 passives, 9–10 promoters") {
    NpsCounts all;
    for (int score = 0; score <= 10; ++score) all.add(score);
    CHECK(all == counts(2, 2, 7));
    all.merge(counts(1, 2, 3));
    CHECK(all == counts(3, 4, 10));
    CHECK(all.n() == 17);
}

TEST_CASE("NPS and its interval have their published values") {
    struct Golden {
        NpsCounts counts;
        double value, low, high;
    };
    // Computed apart from this code, with p = (promoters + ¾)/(n + 3), d = (detractors + ¾)/(n +
    // 3).
    const Golden golden = GENERATE(values<Golden>({
        {{20, 6, 4}, 53.3333333, 23.467537, 73.502160},
        {{67, 21, 12}, 55.0, 39.791343, 67.004774},
        {{345, 95, 60}, 57.0, 50.560741, 62.759338},
        {{1, 0, 0}, 100.0, -48.498649, 98.498649},
        {{0, 0, 5}, -100.0, -100.0, -17.491453},
        {{0, 4, 0}, 0.0, -34.292226, 34.292226},
    }));
    const auto nps = nps_of(golden.counts);
    REQUIRE(nps);
    CHECK(nps->value == Approx(golden.value).margin(1e-6));
    CHECK(nps->interval.low == Approx(golden.low).margin(1e-5));
    CHECK(nps->interval.high == Approx(golden.high).margin(1e-5));
    CHECK(nps->counts == golden.counts);
}

TEST_CASE("there is no NPS of nobody") {
    CHECK_FALSE(nps_of({}));
    CHECK_FALSE(change_of({}, counts(1, 1, 1)));
    CHECK_FALSE(change_of(counts(1, 1, 1), {}));
}

TEST_CASE("the NPS interval covers the true value about 95 times of 100") {
    std::mt19937 random(3);
    std::discrete_distribution<int> kind({60, 25, 15});
    int covered = 0;
    constexpr int kRounds = 4000;
    for (int round = 0; round < kRounds; ++round) {
        NpsCounts sample;
        for (int i = 0; i < 40; ++i) {
            const int drawn = kind(random);
            sample.add(drawn == 0 ? 10 : drawn == 1 ? 8 : 2);
        }
        const auto nps = nps_of(sample);
        REQUIRE(nps);
        if (nps->interval.low <= 45 && 45 <= nps->interval.high) ++covered;
    }
    CHECK(covered > kRounds * 0.935);
    CHECK(covered < kRounds * 0.97);
}

TEST_CASE("Student's t has its published 97.5 % points") {
    struct Known {
        std::int64_t degrees;
        double value;
    };
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, and further digits from R's qt().
    const Known known = GENERATE(values<Known>({{1, 12.70620473617471},
                                                {2, 4.302652729749462},
                                                {3, 3.182446305284263},
                                                {4, 2.776445105197799},
                                                {5, 2.570581835636314},
                                                {9, 2.262157162798205},
                                                {10, 2.228138851986273},
                                                {29, 2.045229642132703},
                                                {30, 2.042272456301238},
                                                {60, 2.000297822014261},
                                                {100, 1.983971518523552},
                                                {1000, 1.962339080732085}}));
    CHECK(student_t_975(known.degrees) == Approx(known.value).epsilon(1e-9));
}

TEST_CASE("Student's t falls steadily towards the normal quantile, also where the method changes") {
    for (std::int64_t degrees = 1; degrees < 400; ++degrees)
        CHECK(student_t_975(degrees) > student_t_975(degrees + 1));
    const double step = student_t_975(200) - student_t_975(201);
    CHECK(step == Approx(student_t_975(199) - student_t_975(200)).epsilon(0.02));
    CHECK(student_t_975(1'000'000'000'000) == Approx(kZ975).epsilon(1e-11));
}

TEST_CASE("a statement's mean, share and intervals are those of the formulas") {
    StatementCounts answers;
    for (const int value : {5, 5, 4, 4, 4, 3, 2, 5, 1, 4}) answers.add(value);
    CHECK(answers.n() == 10);
    const auto figures = statement_of(answers);
    REQUIRE(figures);
    CHECK(figures->n == 10);
    CHECK(figures->mean == Approx(3.7));
    // Sample standard deviation √(16.1/9), t(9) = 2.26216.
    REQUIRE(figures->mean_interval);
    CHECK(figures->mean_interval->low == Approx(3.7 - 0.956785).margin(1e-4));
    CHECK(figures->mean_interval->high == Approx(3.7 + 0.956785).margin(1e-4));
    CHECK(figures->agree_pct == Approx(70));
    // Wilson, 7 of 10.
    CHECK(figures->agree_interval.low == Approx(39.677815).margin(1e-3));
    CHECK(figures->agree_interval.high == Approx(89.220873).margin(1e-3));
}

TEST_CASE("a single answer to a statement has a mean but no interval of it") {
    StatementCounts one;
    CHECK_FALSE(statement_of(one));
    one.add(5);
    const auto figures = statement_of(one);
    REQUIRE(figures);
    CHECK(figures->mean == 5);
    CHECK_FALSE(figures->mean_interval);
    CHECK(figures->agree_interval.low == Approx(20.6549).margin(1e-3));
    CHECK(figures->agree_interval.high == 100);
}

TEST_CASE("intervals of a statement stay on its scale") {
    StatementCounts answers;
    answers.by_value = {1, 0, 0, 0, 1};
    const auto figures = statement_of(answers);
    REQUIRE(figures);
    REQUIRE(figures->mean_interval);
    CHECK(*figures->mean_interval == Interval{1, 5});
    StatementCounts none;
    none.by_value = {9, 0, 0, 0, 0};
    const auto low = statement_of(none);
    REQUIRE(low);
    CHECK(low->agree_interval.low == 0);
    CHECK(*low->mean_interval == Interval{1, 1});
}

TEST_CASE("statement counts of two parts add up") {
    StatementCounts a;
    a.add(1);
    StatementCounts b;
    b.add(1);
    b.add(5);
    a.merge(b);
    CHECK(a.by_value == std::array<std::int64_t, 5>{2, 0, 0, 0, 1});
}

TEST_CASE("a change of NPS is beyond chance only if its interval leaves out zero") {
    const auto small = change_of(counts(20, 6, 4), counts(18, 6, 6));
    REQUIRE(small);
    CHECK(small->value == Approx(53.33333 - 40).margin(1e-4));
    CHECK(small->interval.low < 0);
    CHECK_FALSE(small->beyond_chance);
    const auto rise = change_of(counts(345, 95, 60), counts(200, 150, 150));
    REQUIRE(rise);
    CHECK(rise->value == Approx(47));
    // Centre 46.71968, half-width 1.96·√(0.000968420 + 0.001369634).
    CHECK(rise->interval.low == Approx(37.2426).margin(1e-3));
    CHECK(rise->interval.high == Approx(56.1968).margin(1e-3));
    CHECK(rise->beyond_chance);
    const auto fall = change_of(counts(200, 150, 150), counts(345, 95, 60));
    REQUIRE(fall);
    CHECK(fall->beyond_chance);
    CHECK(fall->interval.low == Approx(-rise->interval.high));
    CHECK(fall->value == Approx(-47));
}

TEST_CASE("small cells are hidden, and one more where the total would give them away") {
    std::vector<Cell> cells{{"a", 3, false}, {"a", 20, false}, {"a", 50, false}, {"b", 2, false},
                            {"b", 4, false}, {"b", 60, false}, {"c", 10, false}, {"c", 0, false},
                            {"d", 1, false}, {"e", 4, false},  {"e", 0, false},  {"e", 30, false},
                            {"f", 9, false}, {"f", 0, false}};
    suppress_small_cells(cells, 10);
    std::vector<bool> hidden;
    for (const Cell& cell : cells) hidden.push_back(cell.suppressed);
    CHECK(hidden == std::vector<bool>{true, true, false, true, true, false, false, false, true,
                                      true, false, true, true, true});
}

TEST_CASE("no hidden cell can be worked out from its group's total") {
    std::mt19937 random(4);
    for (int round = 0; round < 2000; ++round) {
        std::vector<Cell> cells(2 + random() % 6);
        for (Cell& cell : cells) cell.n = static_cast<std::int64_t>(random() % 30);
        suppress_small_cells(cells, 5);
        std::size_t hidden = 0;
        for (const Cell& cell : cells) {
            hidden += cell.suppressed ? 1 : 0;
            if (cell.n > 0 && cell.n < 5) CHECK(cell.suppressed);
        }
        CHECK(hidden != 1);
    }
}

TEST_CASE("nothing is hidden without a minimum") {
    std::vector<Cell> cells{{"a", 1, false}, {"a", 2, false}};
    suppress_small_cells(cells, 0);
    CHECK_FALSE(cells[0].suppressed);
    CHECK_FALSE(cells[1].suppressed);
}

TEST_CASE("a value falls in the last band that begins at or below it") {
    const BandScale scale{"clinic", {{-100, "poor"}, {0, "fair"}, {50, "good"}, {70, "top"}}, 70.0};
    CHECK(band_of(scale, -100)->key == "poor");
    CHECK(band_of(scale, -0.01)->key == "poor");
    CHECK(band_of(scale, 0)->key == "fair");
    CHECK(band_of(scale, 69.999)->key == "good");
    CHECK(band_of(scale, 100)->key == "top");
    CHECK(band_of({}, 10) == nullptr);
    CHECK(band_of({"x", {{50, "good"}}, {}}, 49) == nullptr);
    CHECK(band_of(scale, std::nan("")) == nullptr);
}
