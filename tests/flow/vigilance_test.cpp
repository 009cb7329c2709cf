// Signs of play: what the terminal notices, and that nothing is ever dropped for it.
#include "kiosk/flow/vigilance.hpp"

#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;

namespace {

using Flags = std::set<std::string>;

/// Scores, skips the rest and is thanked; `reads` passes before the score.
survey::Response visit(test::Visitor& visitor, int score, std::chrono::milliseconds reads) {
    visitor.starts();
    visitor.inputs.now += reads;
    visitor.does(event::Scored{score});
    while (visitor.state.screen == Screen::question) visitor.next();
    visitor.is_saved().does(event::Finished{});
    return visitor.saves.back();
}

}  // namespace

TEST_CASE("whoever reads before answering is not flagged") {
    test::Visitor visitor;
    const survey::Response response = visit(visitor, 9, 3s);
    CHECK(response.misuse.flags.empty());
    CHECK(response.misuse.rule == survey::kMisuseRule);
}

TEST_CASE("an answer within 400 ms of its screen is flagged as quick and kept") {
    test::Visitor visitor;
    CHECK(visit(visitor, 9, 399ms).misuse.flags == Flags{"quick"});
    CHECK(visit(visitor, 9, 400ms).misuse.flags.empty());
    CHECK(visitor.saves.size() == 2);
}

TEST_CASE("five responses within two minutes are a burst, also over the wipes between them") {
    test::Visitor visitor;
    for (int i = 0; i < 4; ++i) CHECK(visit(visitor, 7, 20s).misuse.flags.empty());
    CHECK(visit(visitor, 7, 20s).misuse.flags == Flags{"burst"});
    visitor.waits(10min);
    CHECK(visit(visitor, 7, 20s).misuse.flags.empty());
}

TEST_CASE("visitors that give only lowest and only highest answers in turn are flagged") {
    test::Visitor visitor;
    for (const int score : {10, 0, 10}) CHECK(visit(visitor, score, 60s).misuse.flags.empty());
    CHECK(visit(visitor, 0, 60s).misuse.flags == Flags{"extremes"});
    CHECK(visit(visitor, 0, 60s).misuse.flags.empty());
}

TEST_CASE("an answer outside the opening hours is flagged as closed") {
    test::Visitor visitor;
    survey::OpeningWeek week;
    week[0] = survey::OpenHours{8 * 60, 16 * 60};
    visitor.setup.opening = week;
    visitor.inputs.local_minute = 8 * 60;
    CHECK(visit(visitor, 8, 5s).misuse.flags.empty());
    visitor.inputs.local_minute = 16 * 60;
    CHECK(visit(visitor, 8, 60s).misuse.flags == Flags{"closed"});
    visitor.inputs.local_minute = 24 * 60 + 9 * 60;  // Tuesday is closed
    CHECK(visit(visitor, 8, 60s).misuse.flags == Flags{"closed"});
    visitor.inputs.local_minute.reset();  // no clock to judge by
    CHECK(visit(visitor, 8, 60s).misuse.flags.empty());
}

TEST_CASE("trying again to save is not a second response to the rule") {
    test::Visitor visitor;
    visitor.starts();
    while (visitor.state.screen == Screen::question) visitor.next();
    for (int i = 0; i < 6; ++i) {
        visitor.does(event::SaveFailed{visitor.saves.back().id}).does(event::SaveRetried{});
    }
    CHECK(visitor.saves.back().misuse.flags.empty());
    CHECK(visitor.state.recent.size() == 1);
}

TEST_CASE("signs of one visitor are gone for the next") {
    test::Visitor visitor;
    visitor.starts().does(event::Scored{1});
    CHECK(visitor.state.signs.quick_answers == 1);
    visitor.waits(5min);
    CHECK(visitor.state.signs == survey::VisitSigns{});
    CHECK_FALSE(visitor.state.verdict);
}
