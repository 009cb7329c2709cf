#include "survey/instrument.hpp"

#include "tests/support/catch.hpp"
#include "tests/survey/instrument_fixture.hpp"

using namespace kaiku;
using namespace kaiku::survey;
using nlohmann::json;

TEST_CASE("every field of an instrument arrives") {
    const auto loaded = load_instrument(test::filled(test::full_instrument()).dump(), "full.json");
    if (!loaded) FAIL(loaded.error().detail);
    CHECK(loaded->id == "full-1");
    CHECK(loaded->version == 3);
    CHECK(loaded->source == "test");
    CHECK(loaded->variant_of == "full-0");
    CHECK(loaded->read_aloud);
    CHECK(loaded->questions.at(1).picture == Picture::owl);
    CHECK_FALSE(loaded->questions.at(2).picture);
    CHECK(loaded->title.in(Language::sv) == "Rubrik");
    CHECK(loaded->title.verified_in(Language::fi));
    CHECK(loaded->respondents ==
          std::vector<RespondentKind>(kRespondentKinds.begin(), kRespondentKinds.end()));
    CHECK(loaded->agreement[4].in(Language::en) == "Title");
    REQUIRE(loaded->questions.size() == 6);
    const Question& nps = loaded->questions[0];
    CHECK(nps.kind == QuestionKind::nps);
    CHECK(nps.hint.has_value());
    CHECK(nps.low.has_value());
    CHECK(nps.high.has_value());
    CHECK_FALSE(nps.ask_if);
    CHECK(loaded->questions[1].cant_say);
    CHECK_FALSE(loaded->questions[2].cant_say);
    REQUIRE(loaded->questions[2].ask_if);
    CHECK(loaded->questions[2].ask_if->question == "nps");
    CHECK(loaded->questions[2].ask_if->comparison == Condition::Comparison::less_equal);
    CHECK(loaded->questions[2].ask_if->value == 6);
    CHECK(loaded->questions[3].options[1].key == "car");
    CHECK(loaded->questions[3].ask_if->comparison == Condition::Comparison::not_equal);
    CHECK(loaded->questions[4].max_characters == 2000);
    CHECK(loaded->questions[4].ask_if->comparison == Condition::Comparison::greater_equal);
    CHECK(loaded->questions[5].ask_if->comparison == Condition::Comparison::equal);
    CHECK(loaded->find("way") == &loaded->questions[3]);
    CHECK(loaded->find("none") == nullptr);
    CHECK(loaded->fully_verified());
}

TEST_CASE("one unverified wording anywhere makes an instrument unverified") {
    const json full = test::filled(test::full_instrument());
    for (const char* pointer :
         {"/title/fi", "/agreement/3/sv", "/questions/0/text/en", "/questions/0/hint/fi",
          "/questions/0/low/fi", "/questions/0/high/fi", "/questions/3/options/1/text/sv"}) {
        json changed = full;
        changed[json::json_pointer(std::string(pointer) + "/verified")] = false;
        const auto loaded = load_instrument(changed.dump(), "x");
        REQUIRE(loaded);
        CHECK_FALSE(loaded->fully_verified());
    }
}

TEST_CASE("labels of faces that are never shown need no verifying") {
    json changed = test::filled(test::full_instrument());
    changed["questions"] = json::array({changed["questions"][0]});
    changed["agreement"]["1"]["fi"]["verified"] = false;
    const auto loaded = load_instrument(changed.dump(), "x");
    REQUIRE(loaded);
    CHECK(loaded->fully_verified());
    changed.erase("agreement");
    CHECK(load_instrument(changed.dump(), "x"));
}

TEST_CASE("errors name the file, the place and the cure") {
    json changed = test::filled(test::full_instrument());
    changed["questions"][1]["text"]["sv"].erase("text");
    const auto loaded = load_instrument(changed.dump(), "assets/instruments/full.json");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error() ==
          Error{Errc::invalid,
                "assets/instruments/full.json: /questions/1/text/sv/text: is missing; add it"});
}

TEST_CASE("what cannot be parsed as an instrument is refused by kind") {
    struct Bad {
        std::string text;
        Errc code;
        std::string what;
    };
    const std::string full = test::filled(test::full_instrument()).dump();
    const std::vector<Bad> table{
        {"", Errc::malformed, "x: /: is not JSON"},
        {"{", Errc::malformed, "x: /: is not JSON"},
        {full + "x", Errc::malformed, "x: /: is not JSON"},
        {"[1,]", Errc::malformed, "x: /: is not JSON"},
        {"{\"format\":1e999}", Errc::malformed, "x: /: holds a number"},
        {"{\"format\":NaN}", Errc::malformed, "x: /: is not JSON"},
        {"\xFF", Errc::malformed, "x: /: is not UTF-8"},
        {"{\"id\":\"\xC3\"}", Errc::malformed, "x: /: is not UTF-8"},
        {std::string(kMaxInstrumentBytes + 1, ' '), Errc::too_large, "x: /: has 262145 bytes"},
        {std::string(10'000'000, 'x'), Errc::too_large, "x: /: has 10000000 bytes"},
        {std::string(100'000, '['), Errc::malformed, "x: /: is nested"},
        {"{\"a\":{\"b\":[{\"c\":1,\"c\":2}]}}", Errc::malformed, "x: /a/b/0/c: stands twice"},
        {"{\"format\":1,\"format\":1}", Errc::malformed, "x: /format: stands twice"},
        {"null", Errc::invalid, "x: /: must be an object"},
        {"[]", Errc::invalid, "x: /: must be an object"},
        {"\"\"", Errc::invalid, "x: /: must be an object"},
        {"{\"format\":2}", Errc::unsupported, "x: /format: is newer than 1; update Kaiku"},
        {"{\"format\":18446744073709551615}", Errc::unsupported, "x: /format: is newer"},
    };
    for (const Bad& bad : table) {
        const auto loaded = load_instrument(bad.text, "x");
        REQUIRE_FALSE(loaded);
        CHECK(to_string(loaded.error().code) == to_string(bad.code));
        CHECK_THAT(loaded.error().detail, Catch::StartsWith(bad.what) && Catch::Contains("; "));
    }
}

TEST_CASE("the shipped instruments hold what their owners agreed on") {
    const auto quick =
        load_instrument(test::read_source_file("assets/instruments/quick-nps.json"), "quick-nps");
    if (!quick) FAIL(quick.error().detail);
    CHECK(quick->id == "quick-nps");
    REQUIRE(quick->questions.size() == 2);
    CHECK(quick->questions[0].key == "nps");
    CHECK(quick->questions[0].text.verified_in(Language::fi));
    CHECK_FALSE(quick->questions[0].text.verified_in(Language::sv));
    CHECK(quick->questions[1].key == "text");
    REQUIRE(quick->questions[1].hint);
    for (const Language language : kLanguages) {
        const std::string& hint = quick->questions[1].hint->in(language);
        CHECK_THAT(hint, Catch::Contains("116117") && Catch::Contains("112"));
    }

    const auto national = load_instrument(
        test::read_source_file("assets/instruments/national-adult.json"), "national-adult");
    if (!national) FAIL(national.error().detail);
    std::vector<std::string> keys;
    for (const Question& question : national->questions) keys.push_back(question.key);
    CHECK(keys == std::vector<std::string>{"nps", "help", "decided_together", "safe",
                                           "understandable", "easy", "own_language", "text"});
    CHECK(national->find("help")->text.in(Language::sv) == "Jag fick hjälp när jag behövde den");
    CHECK(national->find("help")->text.verified_in(Language::sv));
    CHECK_FALSE(national->find("help")->text.verified_in(Language::fi));
    CHECK(national->agreement[0].in(Language::fi) == "Täysin eri mieltä");
    CHECK(national->agreement[4].in(Language::fi) == "Täysin samaa mieltä");
    CHECK_FALSE(national->fully_verified());
}

TEST_CASE("kinds of questions have names of their own") {
    CHECK(to_string(QuestionKind::open_text) == "open_text");
    CHECK(to_string(QuestionKind::contact) == "contact");
    CHECK(to_string(static_cast<QuestionKind>(9)) == "unknown");
}
