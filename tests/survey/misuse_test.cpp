// The misuse rule as properties over random visits.
#include "survey/misuse.hpp"

#include <algorithm>
#include <random>

#include "tests/support/catch.hpp"

using namespace kaiku::survey;
using namespace std::chrono_literals;

namespace {

using Random = std::mt19937;
using Flags = std::set<std::string>;

int pick(Random& random, int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
}

/// NPS and `statements` statements "s0", "s1" …
Instrument instrument_of(std::size_t statements) {
    Instrument instrument;
    Question nps;
    nps.key = "nps";
    nps.kind = QuestionKind::nps;
    instrument.questions.push_back(nps);
    for (std::size_t i = 0; i < statements; ++i) {
        Question statement;
        statement.key = "s" + std::to_string(i);
        statement.kind = QuestionKind::statement;
        instrument.questions.push_back(statement);
    }
    return instrument;
}

Answers random_answers(Random& random, const Instrument& instrument) {
    Answers answers;
    for (const Question& question : instrument.questions) {
        if (pick(random, 0, 4) == 0) continue;
        if (question.kind == QuestionKind::nps) answers.nps = pick(random, 0, 10);
        if (question.kind == QuestionKind::statement)
            answers.statements[question.key] = pick(random, 1, 5);
    }
    return answers;
}

/// The same with the scale turned round.
Answers mirrored(Answers answers) {
    if (answers.nps) answers.nps = 10 - *answers.nps;
    for (auto& [key, value] : answers.statements) value = 6 - value;
    return answers;
}

Answers rated(std::initializer_list<int> values) {
    Answers answers;
    int place = 0;
    for (const int value : values) answers.statements["s" + std::to_string(place++)] = value;
    return answers;
}

const RecentResponses kAlone{{.at = 0ms, .extreme = 0}};

}  // namespace

TEST_CASE("the rule is symmetric: a turned scale gives the same flags") {
    Random random(7);
    for (int round = 0; round < 2000; ++round) {
        const Instrument instrument = instrument_of(static_cast<std::size_t>(pick(random, 0, 8)));
        const Answers answers = random_answers(random, instrument);
        CHECK(judge(instrument, answers, {}, kAlone) ==
              judge(instrument, mirrored(answers), {}, kAlone));
        CHECK(extreme_of(instrument, answers) == -extreme_of(instrument, mirrored(answers)));
    }
}

TEST_CASE("more signs never take a flag away") {
    Random random(8);
    for (int round = 0; round < 2000; ++round) {
        const Instrument instrument = instrument_of(6);
        const Answers answers = random_answers(random, instrument);
        const Flags calm = judge(instrument, answers, {}, kAlone).flags;
        const VisitSigns signs{pick(random, 0, 3), pick(random, 0, 1) == 1};
        const Flags more = judge(instrument, answers, signs, kAlone).flags;
        CHECK(std::includes(more.begin(), more.end(), calm.begin(), calm.end()));
        CHECK(more.contains("quick") == (signs.quick_answers > 0));
        CHECK(more.contains("closed") == signs.outside_hours);
    }
}

TEST_CASE("a burst is exactly five responses within two minutes, whatever came before") {
    Random random(9);
    const Instrument instrument = instrument_of(1);
    for (int round = 0; round < 500; ++round) {
        RecentResponses recent;
        std::vector<std::chrono::milliseconds> times;
        std::chrono::milliseconds now{0};
        for (int i = 0; i < 12; ++i) {
            now += std::chrono::milliseconds(pick(random, 0, 60'000));
            times.push_back(now);
            recent = remember(std::move(recent), {.at = now, .extreme = 0});
            const bool close = times.size() >= 5 && now - times[times.size() - 5] <= 2min;
            CHECK(judge(instrument, {}, {}, recent).flags.contains("burst") == close);
            CHECK(recent.size() <= 5);
        }
    }
}

TEST_CASE("four extremes in turn are flagged, and anything between them breaks the turn") {
    const Instrument instrument = instrument_of(6);
    const auto flags = [&](std::initializer_list<int> values) {
        return judge(instrument, rated(values), {}, kAlone).flags;
    };
    CHECK(flags({5, 1, 5, 1}) == Flags{"extremes"});
    CHECK(flags({2, 1, 5, 1, 5, 3}) == Flags{"extremes"});
    CHECK(flags({5, 1, 5}).empty());
    CHECK(flags({5, 1, 3, 5, 1}).empty());
    CHECK(flags({5, 1, 1, 5, 1}).empty());
    CHECK(flags({1, 1, 1, 1, 1}).empty());
    CHECK(flags({5, 5, 5, 5, 5}).empty());
}

TEST_CASE("alternating visits count only while they are close to each other") {
    const Instrument instrument = instrument_of(1);
    const auto flags = [&](std::chrono::milliseconds apart) {
        RecentResponses recent;
        for (int i = 0; i < 4; ++i)
            recent = remember(std::move(recent), {.at = apart * i, .extreme = i % 2 ? 1 : -1});
        return judge(instrument, {}, {}, recent).flags;
    };
    CHECK(flags(200s) == Flags{"extremes"});
    CHECK(flags(201s).empty());
}

TEST_CASE("opening hours hold from their first minute to before their last") {
    OpeningWeek week;
    week[0] = OpenHours{480, 960};
    week[6] = OpenHours{0, 24 * 60};
    CHECK_FALSE(is_open(week, 479));
    CHECK(is_open(week, 480));
    CHECK(is_open(week, 959));
    CHECK_FALSE(is_open(week, 960));
    CHECK_FALSE(is_open(week, 24 * 60 + 500));
    CHECK(is_open(week, 6 * 24 * 60));
    CHECK(is_open(week, 7 * 24 * 60 - 1));
}

TEST_CASE("every verdict names the rule that made it") {
    CHECK(judge(instrument_of(1), {}, {}, kAlone).rule == kMisuseRule);
}
