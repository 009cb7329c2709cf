// The published schema and the loader must not drift apart: both judge one table of files.
#include <algorithm>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "survey/instrument.hpp"
#include "tests/support/catch.hpp"
#include "tests/survey/instrument_fixture.hpp"

using namespace kaiku;
using namespace kaiku::survey;
using nlohmann::json;

namespace {

bool schema_accepts(const json& instrument) {
    static const json document =
        json::parse(test::read_source_file("docs/schema/instrument-1.schema.json"));
    static const auto schema = [] {
        auto parsed = std::make_unique<valijson::Schema>();
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), *parsed);
        return parsed;
    }();
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    return validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(instrument),
                              nullptr);
}

json changed(const std::string& patch) {
    return test::filled(test::full_instrument()).patch(json::parse(patch));
}

struct Bad {
    std::string patch;    ///< RFC 6902, applied to the full instrument
    std::string pointer;  ///< where the loader finds the fault
};

const char* const kText =
    R"({"fi":{"text":"a","verified":true},"sv":{"text":"a","verified":true},"en":{"text":"a","verified":true}})";

std::string replace(const std::string& path, const std::string& value) {
    return R"([{"op":"replace","path":")" + path + R"(","value":)" + value + "}]";
}
std::string add(const std::string& path, const std::string& value) {
    return R"([{"op":"add","path":")" + path + R"(","value":)" + value + "}]";
}
std::string drop(const std::string& path) {
    return R"([{"op":"remove","path":")" + path + R"("}])";
}
std::string quoted(std::size_t length) { return '"' + std::string(length, 'a') + '"'; }

std::vector<Bad> bad_files() {
    std::vector<Bad> table{
        {replace("/format", "0"), "/format"},
        {replace("/format", "2"), "/format"},
        {replace("/format", "\"1\""), "/format"},
        {replace("/format", "null"), "/format"},
        {replace("/id", "\"Full\""), "/id"},
        {replace("/id", "\"-a\""), "/id"},
        {replace("/id", "\"\""), "/id"},
        {replace("/id", "7"), "/id"},
        {replace("/id", quoted(65)), "/id"},
        {replace("/version", "0"), "/version"},
        {replace("/version", "1000001"), "/version"},
        {replace("/version", "1.5"), "/version"},
        {replace("/version", "\"1\""), "/version"},
        {replace("/source", "\"\""), "/source"},
        {replace("/source", quoted(601)), "/source"},
        {replace("/$schema", "1"), "/$schema"},
        {add("/mood", "1"), "/mood"},
        {replace("/read_aloud", "1"), "/read_aloud"},
        {replace("/read_aloud", "\"yes\""), "/read_aloud"},
        {replace("/variant_of", "\"\""), "/variant_of"},
        {replace("/variant_of", "\"Full\""), "/variant_of"},
        {replace("/variant_of", "true"), "/variant_of"},
        {replace("/variant_of", quoted(65)), "/variant_of"},
        {replace("/questions/1/picture", "\"cat\""), "/questions/1/picture"},
        {replace("/questions/1/picture", "1"), "/questions/1/picture"},
        {add("/questions/0/picture", "\"owl\""), "/questions/0/picture"},
        {add("/questions/5/picture", "\"owl\""), "/questions/5/picture"},
        {replace("/respondents", "[]"), "/respondents"},
        {replace("/respondents", "\"adult\""), "/respondents"},
        {replace("/respondents", "[\"adult\",\"adult\"]"), "/respondents/1"},
        {replace("/respondents", "[\"staff\"]"), "/respondents/0"},
        {replace("/respondents", "[1]"), "/respondents/0"},
        {drop("/title/sv"), "/title/sv"},
        {drop("/title/en"), "/title/en"},
        {drop("/title/fi/verified"), "/title/fi/verified"},
        {add("/title/se", "{\"text\":\"a\",\"verified\":true}"), "/title/se"},
        {replace("/title/fi", "\"a\""), "/title/fi"},
        {replace("/title/fi/text", "\"\""), "/title/fi/text"},
        {replace("/title/fi/text", quoted(601)), "/title/fi/text"},
        {replace("/title/fi/text", "null"), "/title/fi/text"},
        {replace("/title/fi/text", "\" \\n \""), "/title/fi/text"},
        {replace("/title/fi/verified", "1"), "/title/fi/verified"},
        {add("/title/fi/by", "\"THL\""), "/title/fi/by"},
        {drop("/agreement"), "/agreement"},
        {drop("/agreement/5"), "/agreement/5"},
        {add("/agreement/6", kText), "/agreement/…"},
        {replace("/agreement", "[]"), "/agreement"},
        {replace("/questions", "[]"), "/questions"},
        {replace("/questions", "{}"), "/questions"},
        {replace("/questions/0", "7"), "/questions/0"},
        {drop("/questions/0/kind"), "/questions/0/kind"},
        {drop("/questions/0/key"), "/questions/0/key"},
        {drop("/questions/1/text"), "/questions/1/text"},
        {replace("/questions/0/kind", "\"stars\""), "/questions/0/kind"},
        {replace("/questions/0/kind", "null"), "/questions/0/kind"},
        {replace("/questions/0/key", "\"NPS\""), "/questions/0/key"},
        {replace("/questions/0/key", "\"1st\""), "/questions/0/key"},
        {replace("/questions/0/key", quoted(33)), "/questions/0/key"},
        {add("/questions/0/cant_say", "true"), "/questions/0/cant_say"},
        {add("/questions/0/max_characters", "9"), "/questions/0/max_characters"},
        {add("/questions/1/low", kText), "/questions/1/low"},
        {add("/questions/4/options", "[]"), "/questions/4/options"},
        {replace("/questions/1/cant_say", "\"yes\""), "/questions/1/cant_say"},
        {replace("/questions/1/hint", "\"a\""), "/questions/1/hint"},
        {drop("/questions/3/options"), "/questions/3/options"},
        {drop("/questions/3/options/1"), "/questions/3/options"},
        {replace("/questions/3/options", "{}"), "/questions/3/options"},
        {replace("/questions/3/options/0", "\"bus\""), "/questions/3/options/0"},
        {drop("/questions/3/options/0/text"), "/questions/3/options/0/text"},
        {replace("/questions/3/options/0/key", "\"Bus\""), "/questions/3/options/0/key"},
        {add("/questions/3/options/0/value", "1"), "/questions/3/options/0/value"},
        {drop("/questions/4/max_characters"), "/questions/4/max_characters"},
        {replace("/questions/4/max_characters", "0"), "/questions/4/max_characters"},
        {replace("/questions/4/max_characters", "2001"), "/questions/4/max_characters"},
        {replace("/questions/5/max_characters", "501"), "/questions/5/max_characters"},
        {replace("/questions/2/ask_if", "true"), "/questions/2/ask_if"},
        {drop("/questions/2/ask_if/is"), "/questions/2/ask_if/is"},
        {drop("/questions/2/ask_if/value"), "/questions/2/ask_if/value"},
        {replace("/questions/2/ask_if/is", "\"<\""), "/questions/2/ask_if/is"},
        {replace("/questions/2/ask_if/is", "\"==\""), "/questions/2/ask_if/is"},
        {replace("/questions/2/ask_if/is", "1"), "/questions/2/ask_if/is"},
        {replace("/questions/2/ask_if/value", "11"), "/questions/2/ask_if/value"},
        {replace("/questions/2/ask_if/value", "-1"), "/questions/2/ask_if/value"},
        {replace("/questions/2/ask_if/value", "\"6\""), "/questions/2/ask_if/value"},
        {replace("/questions/2/ask_if/question", "\"N\""), "/questions/2/ask_if/question"},
        {add("/questions/2/ask_if/and", "{}"), "/questions/2/ask_if/and"},
    };
    for (const char* field :
         {"format", "id", "version", "source", "title", "respondents", "questions"})
        table.push_back({drop("/" + std::string(field)), "/" + std::string(field)});
    return table;
}

/// Rules that JSON Schema draft 7 cannot express, or counts differently: the loader alone refuses.
std::vector<Bad> exceptions() {
    return {
        {replace("/questions/1/key", "\"nps\""), "/questions/1/key"},
        {replace("/questions/3/options/1/key", "\"bus\""), "/questions/3/options/1/key"},
        {add("/questions/1", std::string(R"({"key":"nps2","kind":"nps","text":)") + kText + "}"),
         "/questions/1/kind"},
        {add("/questions/-",
             std::string(R"({"key":"more","kind":"open_text","max_characters":9,)") + R"("text":)" +
                 kText + "}"),
         "/questions/6/kind"},
        {add("/questions/-", std::string(R"({"key":"more","kind":"contact","max_characters":9,)") +
                                 R"("text":)" + kText + "}"),
         "/questions/6/kind"},
        {replace("/questions/2/ask_if/question", "\"way\""), "/questions/2/ask_if/question"},
        {replace("/questions/2/ask_if/question", "\"why\""), "/questions/2/ask_if/question"},
        {replace("/questions/2/ask_if/question", "\"none\""), "/questions/2/ask_if/question"},
        {replace("/questions/4/ask_if/question", "\"way\""), "/questions/4/ask_if/question"},
        {replace("/questions/3/ask_if/value", "6"), "/questions/3/ask_if/value"},
        {replace("/questions/3/ask_if/value", "0"), "/questions/3/ask_if/value"},
        {replace("/variant_of", "\"full-1\""), "/variant_of"},
        {replace("/title/fi/text", "\"a\\u0007\""), "/title/fi/text"},
        {replace("/title/fi/text", "\"a\\tb\""), "/title/fi/text"},
        {replace("/title/fi/text", "\"a\\u202Eb\""), "/title/fi/text"},
        {replace("/title/fi/text", "\"\\u200B\""), "/title/fi/text"},
        {replace("/title/fi/text", "\"a\\n\\n\\nb\""), "/title/fi/text"},
        {replace(
             "/title/fi/text", "\"" +
                                   [] {
                                       std::string wide;
                                       for (int i = 0; i < 301; ++i) wide += "ä";
                                       return wide;
                                   }() +
                                   "\""),
         "/title/fi/text"},
    };
}

}  // namespace

TEST_CASE("schema and loader refuse the same files") {
    for (const Bad& bad : bad_files()) {
        const json instrument = changed(bad.patch);
        CAPTURE(bad.patch);
        const auto loaded = load_instrument(instrument.dump(), "x");
        REQUIRE_FALSE(loaded);
        CHECK_THAT(loaded.error().detail, Catch::StartsWith("x: " + bad.pointer + ": "));
        CHECK_FALSE(schema_accepts(instrument));
    }
}

TEST_CASE("the loader alone refuses what the schema cannot express") {
    for (const Bad& bad : exceptions()) {
        const json instrument = changed(bad.patch);
        CAPTURE(bad.patch);
        const auto loaded = load_instrument(instrument.dump(), "x");
        REQUIRE_FALSE(loaded);
        CHECK_THAT(loaded.error().detail, Catch::StartsWith("x: " + bad.pointer + ": "));
        CHECK(schema_accepts(instrument));
    }
}

TEST_CASE("schema and loader accept the same files") {
    const std::vector<std::string> patches{
        "[]",
        drop("/$schema"),
        drop("/variant_of"),
        drop("/read_aloud"),
        replace("/read_aloud", "false"),
        drop("/questions/1/picture"),
        add("/questions/3/picture", "\"sun\""),
        add("/questions/4/picture", "\"balloon\""),
        drop("/questions/0/hint"),
        drop("/questions/0/low"),
        drop("/questions/1/cant_say"),
        drop("/questions/2/ask_if"),
        replace("/id", quoted(64)),
        replace("/version", "1000000"),
        replace("/respondents", "[\"child\"]"),
        replace("/title/fi/text", quoted(600)),
        replace("/questions/2/ask_if/value", "10"),
        replace("/questions/5/max_characters", "500"),
        replace("/questions/5/key", quoted(32)),
        replace("/title/en/text", "\"å\\n\""),
    };
    for (const std::string& patch : patches) {
        const json instrument = changed(patch);
        CAPTURE(patch);
        const auto loaded = load_instrument(instrument.dump(), "x");
        if (!loaded) FAIL_CHECK(loaded.error().detail);
        CHECK(schema_accepts(instrument));
    }
}

TEST_CASE("an instrument without statements needs no labels, in schema and loader") {
    json instrument = test::filled(test::full_instrument());
    instrument["questions"] = json::array({instrument["questions"][0]});
    instrument.erase("agreement");
    CHECK(load_instrument(instrument.dump(), "x"));
    CHECK(schema_accepts(instrument));
}

TEST_CASE("limits of counts hold in schema and loader") {
    json many = test::filled(test::full_instrument());
    const json statement = many["questions"][1];
    const json option = many["questions"][3]["options"][0];
    for (std::size_t i = many["questions"].size(); i < kMaxQuestions; ++i) {
        many["questions"].push_back(statement);
        many["questions"].back()["key"] = "q" + std::to_string(i);
    }
    json& options = many["questions"][3]["options"];
    for (std::size_t i = options.size(); i < kMaxChoiceOptions; ++i) {
        options.push_back(option);
        options.back()["key"] = "o" + std::to_string(i);
    }
    CHECK(load_instrument(many.dump(), "x"));
    CHECK(schema_accepts(many));
    json more_options = many;
    more_options["questions"][3]["options"].push_back(option);
    CHECK_FALSE(load_instrument(more_options.dump(), "x"));
    CHECK_FALSE(schema_accepts(more_options));
    many["questions"].push_back(statement);
    CHECK_FALSE(load_instrument(many.dump(), "x"));
    CHECK_FALSE(schema_accepts(many));
}

TEST_CASE("the shipped files pass schema and loader") {
    const std::string name =
        GENERATE(values<std::string>({"quick-nps", "quick-nps-plain", "national-adult",
                                      "national-adult-plain", "child", "relative"}));
    const std::string text = test::read_source_file("assets/instruments/" + name + ".json");
    const auto loaded = load_instrument(text, name);
    if (!loaded) FAIL(loaded.error().detail);
    CHECK(loaded->id == name);
    CHECK(schema_accepts(json::parse(text)));
}

TEST_CASE("a plain-language variant asks the same questions as its original") {
    for (const std::string name : {"quick-nps-plain", "national-adult-plain"}) {
        CAPTURE(name);
        const auto plain =
            load_instrument(test::read_source_file("assets/instruments/" + name + ".json"), name);
        REQUIRE(plain);
        const auto original = load_instrument(
            test::read_source_file("assets/instruments/" + plain->variant_of + ".json"), name);
        REQUIRE(original);
        CHECK(plain->respondents == original->respondents);
        REQUIRE(plain->questions.size() == original->questions.size());
        for (std::size_t i = 0; i < plain->questions.size(); ++i) {
            const Question& one = plain->questions[i];
            const Question& other = original->questions[i];
            CHECK(one.key == other.key);
            CHECK(one.kind == other.kind);
            CHECK(one.cant_say == other.cant_say);
            CHECK(one.max_characters == other.max_characters);
        }
    }
}

TEST_CASE(
    "the child's instrument is read aloud, has no score, and says one short sentence a screen") {
    const auto child =
        load_instrument(test::read_source_file("assets/instruments/child.json"), "child");
    REQUIRE(child);
    CHECK(child->read_aloud);
    CHECK(child->respondents == std::vector{RespondentKind::child});
    for (const Question& question : child->questions) {
        CAPTURE(question.key);
        CHECK(question.kind != QuestionKind::nps);
        CHECK(question.picture);
        for (const Language language : kLanguages) {
            const std::string& sentence = question.text.in(language);
            CHECK(std::count(sentence.begin(), sentence.end(), ' ') <= 7);
            CHECK(sentence.find_first_of(".?") == sentence.size() - 1);
        }
    }
}
