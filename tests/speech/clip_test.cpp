#include "kiosk/speech/clip.hpp"

#include "tests/support/catch.hpp"

using namespace kaiku::speech;

TEST_CASE("a widget's lines are sentences of their own, without blank ones") {
    CHECK(sentences("Kysymys\n 0 – en \n\n10 – kyllä\n") ==
          std::vector<std::string>{"Kysymys", "0 – en", "10 – kyllä"});
    CHECK(sentences("").empty());
    CHECK(sentences(" \n ").empty());
}

TEST_CASE("a clip's name is the FNV-1a hash that the build script computes too") {
    CHECK(clip_name("") == "cbf29ce484222325");
    CHECK(clip_name("a") == "af63dc4c8601ec8c");
    CHECK(clip_name("foobar") == "85944171f73967e8");
    CHECK(clip_name("ä") != clip_name("a"));
}
