#include "survey/respondent_flow.hpp"

#include <random>

#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::survey;

namespace {

Question question(std::string key, QuestionKind kind, std::optional<Condition> ask_if = {}) {
    Question made;
    made.key = std::move(key);
    made.kind = kind;
    made.ask_if = std::move(ask_if);
    return made;
}

using Compare = Condition::Comparison;

/// nps → help (always) → why (if nps ≤ 6) → worse (if why ≤ 2) → way (if help ≠ 3) → text → contact
Instrument branching() {
    Instrument made;
    made.questions.push_back(question("nps", QuestionKind::nps));
    made.questions.push_back(question("help", QuestionKind::statement));
    made.questions.back().cant_say = true;
    made.questions.push_back(
        question("why", QuestionKind::statement, Condition{"nps", Compare::less_equal, 6}));
    made.questions.push_back(
        question("worse", QuestionKind::statement, Condition{"why", Compare::less_equal, 2}));
    made.questions.push_back(
        question("way", QuestionKind::choice, Condition{"help", Compare::not_equal, 3}));
    made.questions.back().options = {{"bus", {}}, {"car", {}}};
    made.questions.push_back(
        question("text", QuestionKind::open_text, Condition{"nps", Compare::greater_equal, 0}));
    made.questions.back().max_characters = 10;
    made.questions.push_back(
        question("contact", QuestionKind::contact, Condition{"nps", Compare::equal, 0}));
    return made;
}

}  // namespace

TEST_CASE("conditions compare as they say") {
    CHECK(Condition{"a", Compare::less_equal, 6}.holds(6));
    CHECK_FALSE(Condition{"a", Compare::less_equal, 6}.holds(7));
    CHECK(Condition{"a", Compare::greater_equal, 6}.holds(6));
    CHECK_FALSE(Condition{"a", Compare::greater_equal, 6}.holds(5));
    CHECK(Condition{"a", Compare::equal, 6}.holds(6));
    CHECK_FALSE(Condition{"a", Compare::equal, 6}.holds(5));
    CHECK(Condition{"a", Compare::not_equal, 6}.holds(5));
    CHECK_FALSE(Condition{"a", Compare::not_equal, 6}.holds(6));
    CHECK_FALSE(Condition{"a", static_cast<Compare>(9), 6}.holds(6));
}

TEST_CASE("a question is asked only if the answer it depends on fits") {
    const Instrument instrument = branching();
    Answers answers;
    CHECK(is_asked(instrument, 0, answers));
    CHECK_FALSE(is_asked(instrument, 2, answers));  // nps is not answered
    answers.nps = 3;
    CHECK(is_asked(instrument, 2, answers));
    answers.nps = 9;
    CHECK_FALSE(is_asked(instrument, 2, answers));
}

TEST_CASE("a chained condition holds only if its question is itself asked") {
    const Instrument instrument = branching();
    Answers answers;
    answers.nps = 3;
    answers.statements["why"] = 1;
    CHECK(is_asked(instrument, 3, answers));
    answers.nps = 10;  // went back and changed it
    CHECK_FALSE(is_asked(instrument, 3, answers));
}

TEST_CASE("skipped and can't say satisfy no condition, not even unequal") {
    const Instrument instrument = branching();
    Answers answers;
    CHECK_FALSE(is_asked(instrument, 4, answers));
    answers.cant_say["help"] = true;
    CHECK_FALSE(is_asked(instrument, 4, answers));
    answers.statements["help"] = 4;
    CHECK_FALSE(is_asked(instrument, 4, answers));
    answers.cant_say.clear();
    CHECK(is_asked(instrument, 4, answers));
}

TEST_CASE("a condition on a question that is later, missing or no number never holds") {
    Instrument instrument;
    instrument.questions.push_back(
        question("a", QuestionKind::statement, Condition{"b", Compare::not_equal, 9}));
    instrument.questions.push_back(question("b", QuestionKind::statement));
    instrument.questions.push_back(
        question("c", QuestionKind::statement, Condition{"none", Compare::not_equal, 9}));
    instrument.questions.push_back(question("d", QuestionKind::choice));
    instrument.questions.push_back(
        question("e", QuestionKind::statement, Condition{"d", Compare::not_equal, 9}));
    Answers answers;
    answers.statements = {{"b", 1}};
    answers.choices = {{"d", "x"}};
    CHECK_FALSE(is_asked(instrument, 0, answers));
    CHECK_FALSE(is_asked(instrument, 2, answers));
    CHECK_FALSE(is_asked(instrument, 4, answers));
    CHECK(first_question(instrument, answers) == 1U);
}

TEST_CASE("next and previous walk over what is not asked") {
    const Instrument instrument = branching();
    Answers answers;
    answers.nps = 9;
    CHECK(first_question(instrument, answers) == 0U);
    CHECK(next_question(instrument, 0, answers) == 1U);
    CHECK(next_question(instrument, 1, answers) == 5U);
    CHECK_FALSE(next_question(instrument, 5, answers));
    CHECK(previous_question(instrument, 5, answers) == 1U);
    CHECK_FALSE(previous_question(instrument, 0, answers));
    CHECK(previous_question(instrument, 99, answers) == 5U);
}

TEST_CASE("progress counts the questions asked with these answers") {
    const Instrument instrument = branching();
    Answers answers;
    answers.nps = 9;
    CHECK(progress_at(instrument, 0, answers) == Progress{1, 3});
    CHECK(progress_at(instrument, 5, answers) == Progress{3, 3});
    answers.nps = 0;
    CHECK(progress_at(instrument, 6, answers) == Progress{5, 5});
}

TEST_CASE("an instrument of nothing asks nothing") {
    CHECK_FALSE(first_question({}, {}));
    CHECK_FALSE(next_question({}, 0, {}));
    CHECK(progress_at({}, 0, {}) == Progress{0, 0});
}

TEST_CASE("walking forward and back visits the same questions") {
    const Instrument instrument = branching();
    std::mt19937 random(13);
    for (int round = 0; round < 2000; ++round) {
        Answers answers;
        if (random() % 4 != 0) answers.nps = static_cast<int>(random() % 11);
        for (const char* key : {"help", "why", "worse"})
            if (random() % 3 != 0) answers.statements[key] = static_cast<int>(1 + random() % 5);
        std::vector<std::size_t> forward;
        for (auto at = first_question(instrument, answers); at;
             at = next_question(instrument, *at, answers)) {
            forward.push_back(*at);
            CHECK(progress_at(instrument, *at, answers).place == forward.size());
        }
        std::vector<std::size_t> back;
        for (auto at = previous_question(instrument, instrument.questions.size(), answers); at;
             at = previous_question(instrument, *at, answers))
            back.insert(back.begin(), *at);
        CHECK(forward == back);
        CHECK(prune_unasked(instrument, prune_unasked(instrument, answers)) ==
              prune_unasked(instrument, answers));
    }
}

TEST_CASE("answers to questions that are not asked in the end are forgotten") {
    const Instrument instrument = branching();
    Answers answers;
    answers.nps = 10;
    answers.statements = {{"help", 3}, {"why", 1}, {"worse", 1}};
    answers.choices = {{"way", "bus"}};
    answers.text = "hei";
    const Answers pruned = prune_unasked(instrument, answers);
    CHECK(pruned.nps == 10);
    CHECK(pruned.statements == std::map<std::string, int>{{"help", 3}});
    CHECK(pruned.choices.empty());
    CHECK(pruned.text == "hei");
    answers.nps.reset();
    CHECK(prune_unasked(instrument, answers).text.empty());
}

TEST_CASE("a hidden first question loses its answer too") {
    Instrument instrument;
    instrument.questions.push_back(question("help", QuestionKind::statement));
    instrument.questions.push_back(
        question("nps", QuestionKind::nps, Condition{"help", Compare::equal, 5}));
    Answers answers;
    answers.nps = 7;
    CHECK_FALSE(prune_unasked(instrument, answers).nps);
}

TEST_CASE("answers that fit their instrument pass") {
    Answers answers;
    CHECK(check_answers(branching(), answers));
    answers.nps = 0;
    answers.statements = {{"why", 5}};
    answers.cant_say = {{"help", true}};
    answers.choices = {{"way", "car"}};
    answers.text = "ääääääääää";
    CHECK(check_answers(branching(), answers));
}

TEST_CASE("answers that do not fit their instrument are refused by key") {
    struct Bad {
        Answers answers;
        std::string key;
    };
    const auto with_nps = [](int nps) {
        Answers made;
        made.nps = nps;
        return made;
    };
    const auto with_text = [](std::string text) {
        Answers made;
        made.text = std::move(text);
        return made;
    };
    const auto with = [](std::map<std::string, int> statements,
                         std::map<std::string, bool> cant_say = {},
                         std::map<std::string, std::string> choices = {}) {
        Answers made;
        made.statements = std::move(statements);
        made.cant_say = std::move(cant_say);
        made.choices = std::move(choices);
        return made;
    };
    const std::vector<Bad> table{
        {with_nps(11), "nps"},
        {with_nps(-1), "nps"},
        {with({{"help", 0}}), "help"},
        {with({{"help", 6}}), "help"},
        {with({{"none", 1}}), "none"},
        {with({{"way", 1}}), "way"},
        {with({}, {{"why", true}}), "why"},
        {with({}, {{"help", false}}), "help"},
        {with({{"help", 1}}, {{"help", true}}), "help"},
        {with({}, {}, {{"way", "train"}}), "way"},
        {with({}, {}, {{"help", "bus"}}), "help"},
        {with_text("12345678901"), "text"},
        {with_text("\xFF"), "text"},
    };
    for (const Bad& bad : table) {
        const auto status = check_answers(branching(), bad.answers);
        REQUIRE_FALSE(status);
        CHECK_THAT(status.error().detail, Catch::StartsWith(bad.key + ": "));
    }
    const auto no_nps = check_answers({}, with_nps(3));
    REQUIRE_FALSE(no_nps);
    const auto no_text = check_answers({}, with_text("x"));
    REQUIRE_FALSE(no_text);
    CHECK(no_text.error().code == Errc::invalid);
}
