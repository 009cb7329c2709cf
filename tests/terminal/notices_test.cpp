// "You said – we did": the file beside the outbox.
#include "kiosk/main/notices.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::kiosk;

namespace {

std::string file_of(const std::string& notices) {
    return R"({"format":1,"notices":[)" + notices + "]}";
}

std::string complaint(const std::string& text) {
    const auto parsed = parse_notices(text, "n");
    return parsed ? "" : parsed.error().detail;
}

const std::string kOne = R"({"fi":"Lisäsimme tuoleja.","sv":"Fler stolar.","en":"More chairs."})";

}  // namespace

TEST_CASE("notices arrive in every language and in their order") {
    const auto parsed = parse_notices(file_of(kOne + R"(,{"fi":"a","sv":"b","en":"c"})"), "n");
    REQUIRE(parsed);
    REQUIRE(parsed->size() == 2);
    CHECK(parsed->at(0) == flow::Notice{"Lisäsimme tuoleja.", "Fler stolar.", "More chairs."});
    CHECK(parsed->at(1) == flow::Notice{"a", "b", "c"});
    CHECK(parse_notices(file_of(""), "n")->empty());
}

TEST_CASE("a faulty notice is refused with its place") {
    CHECK_FALSE(complaint("{").empty());
    CHECK(complaint(R"({"notices":[]})").find("n: /format: ") == 0);
    CHECK(complaint(R"({"format":2,"notices":[]})").find("n: /format: ") == 0);
    CHECK(complaint(file_of(R"({"fi":"a","sv":"b"})")).find("n: /notices/0/en: ") == 0);
    CHECK(complaint(file_of(R"({"fi":"","sv":"b","en":"c"})")).find("n: /notices/0/fi: ") == 0);
    CHECK(complaint(file_of(R"({"fi":1,"sv":"b","en":"c"})")).find("n: /notices/0/fi: ") == 0);
    CHECK(complaint(file_of(R"({"fi":")" + std::string(kMaxNoticeCharacters + 1, 'a') +
                            R"(","sv":"b","en":"c"})"))
              .find("n: /notices/0/fi: ") == 0);
    std::string many = kOne;
    for (std::size_t i = 0; i < kMaxNotices; ++i) many += "," + kOne;
    CHECK(complaint(file_of(many)).find("n: /notices: ") == 0);
}

TEST_CASE("no file means no notices, and a huge one is refused") {
    const test::TempDir dir;
    CHECK(load_notices(dir.path())->empty());
    const auto file = dir.path() / "notices.json";
    std::ofstream(file) << file_of(kOne);
    CHECK(load_notices(dir.path())->size() == 1);
    std::ofstream(file) << std::string(kMaxNoticesBytes + 1, ' ');
    CHECK_FALSE(load_notices(dir.path()));
}
