// Replays the fuzzers' corpus in every build; a property that does not hold aborts.
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/fuzz/properties.hpp"
#include "tests/support/catch.hpp"

namespace {

std::size_t replay(const std::string& name, const std::function<void(std::string_view)>& check) {
    const std::filesystem::path folder =
        std::filesystem::path(KAIKU_SOURCE_DIR) / "tests/fuzz/corpus" / name;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::stringstream content;
        content << file.rdbuf();
        INFO(entry.path().string());
        check(content.str());
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("every kept input of the instrument fuzzer holds its properties") {
    CHECK(replay("instrument", kaiku::fuzz::check_instrument) >= 4);
}

TEST_CASE("every kept input of the wire fuzzer holds its properties") {
    CHECK(replay("wire", kaiku::fuzz::check_wire) >= 4);
}

TEST_CASE("every kept input of the message fuzzer holds its properties") {
    CHECK(replay("message", kaiku::fuzz::check_message) >= 10);
}

TEST_CASE("every kept input of the sealed fuzzer holds its properties") {
    CHECK(replay("sealed", kaiku::fuzz::check_sealed) >= 4);
}

TEST_CASE("every kept input of the scan fuzzer holds its properties") {
    CHECK(replay("scan", kaiku::fuzz::check_scan) >= 6);
}

TEST_CASE("every kept input of the masking fuzzer holds its properties") {
    CHECK(replay("masking", kaiku::fuzz::check_masking) >= 4);
}

TEST_CASE("every kept input of the http fuzzer holds its properties") {
    CHECK(replay("http", kaiku::fuzz::check_http) >= 10);
}

TEST_CASE("every kept configuration of a terminal holds its properties") {
    CHECK(replay("config", kaiku::fuzz::check_config) >= 5);
}

TEST_CASE("every kept script of a terminal holds its properties") {
    CHECK(replay("script", kaiku::fuzz::check_script) >= 4);
}
