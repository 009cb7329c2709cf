#include "kiosk/main/script.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::kiosk;

Result<std::vector<ScriptLine>> load(const std::string& text) {
    const test::TempDir dir;
    const auto file = dir.path() / "visit.jsonl";
    std::ofstream(file, std::ios::binary) << text;
    return load_script(file);
}

}  // namespace

TEST_CASE("a script's lines keep their numbers past comments and blank lines") {
    const auto lines = load(
        "# a visit\n\n{\"tap\":\"start.fi\"}\r\n{\"type\":\"Öitä\"}\n"
        "{\"expect\":\"thanks\"}\n{\"advance_s\":1.5}\n"
        "{\"screenshot\":\"a.png\"}");
    REQUIRE(lines);
    REQUIRE(lines->size() == 5);
    CHECK((*lines)[0].number == 3);
    CHECK(std::get<line::Tap>((*lines)[0].action).id == "start.fi");
    CHECK(std::get<line::Type>((*lines)[1].action).text == U"Öitä");
    CHECK(std::get<line::Expect>((*lines)[2].action).what == "thanks");
    CHECK(std::get<line::Advance>((*lines)[3].action).ahead == std::chrono::milliseconds{1500});
    CHECK(std::get<line::Screenshot>((*lines)[4].action).file == "a.png");
}

TEST_CASE("a bad script is refused with file and line") {
    const std::vector<std::string> bad{"tap start",
                                       "{\"tap\":1}",
                                       "{\"press\":\"a\"}",
                                       "{\"tap\":\"a\",\"type\":\"b\"}",
                                       "{\"tap\":\"a\",\"tap\":\"b\"}",
                                       "{}",
                                       "[]",
                                       "{\"advance_s\":-1}",
                                       "{\"advance_s\":1e300}",
                                       "{\"advance_s\":\"1\"}",
                                       "{\"screenshot\":\"../a.png\"}",
                                       "{\"screenshot\":\"/a.png\"}",
                                       "{\"screenshot\":\"\"}",
                                       "{\"type\":\"\xff\"}",
                                       std::string(100, '[')};
    for (const std::string& text : bad) {
        INFO(text);
        const auto lines = load("{\"tap\":\"start.fi\"}\n" + text + "\n");
        REQUIRE_FALSE(lines);
        CHECK(lines.error().detail.find("visit.jsonl:2: ") != std::string::npos);
    }
    CHECK_FALSE(load("{\"type\":\"" + std::string(70'000, 'a') + "\"}"));
    for (const char* no_file : {"/nowhere/visit.jsonl", "/", "/dev/zero"}) {
        INFO(no_file);
        CHECK_FALSE(load_script(no_file));
    }
}
