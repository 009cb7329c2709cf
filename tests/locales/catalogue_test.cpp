#include "locales/catalogue.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/catch.hpp"

using kaiku::Errc;
using kaiku::locales::Catalogue;
using kaiku::locales::kAllKeys;
using kaiku::locales::Key;
using kaiku::survey::Language;
namespace fs = std::filesystem;

namespace {

const fs::path kShipped = KAIKU_LOCALE_DIR;

/// A folder of its own that goes away with the test.
class Scratch {
  public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "kaiku-words-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const fs::path& path() const { return path_; }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }

  private:
    fs::path path_;
};

std::string shipped_bytes() {
    std::ifstream file(kShipped / "fi.mo", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("every shipped catalogue loads and says every sentence") {
    for (const Language language : kaiku::survey::kLanguages) {
        const auto catalogue = Catalogue::load(kShipped, language);
        REQUIRE(catalogue.has_value());
        CHECK(catalogue->language() == language);
        for (const Key key : kAllKeys) CHECK_FALSE((*catalogue)[key].empty());
    }
}

TEST_CASE("three languages say it in three ways") {
    const auto fi = Catalogue::load(kShipped, Language::fi);
    const auto sv = Catalogue::load(kShipped, Language::sv);
    const auto en = Catalogue::load(kShipped, Language::en);
    REQUIRE((fi && sv && en));
    CHECK((*fi)[Key::nav_next] == "Seuraava");
    CHECK((*fi)[Key::nav_next] != (*sv)[Key::nav_next]);
    CHECK((*sv)[Key::nav_next] != (*en)[Key::nav_next]);
}

TEST_CASE("format puts values where the placeholders are") {
    const auto en = Catalogue::load(kShipped, Language::en);
    REQUIRE(en);
    const std::string text =
        en->format(Key::attract_lead_few, {{"count", "Four"}, {"seconds", "60"}});
    CHECK(text.find("Four") != std::string::npos);
    CHECK(text.find("60") != std::string::npos);
    CHECK(text.find('{') == std::string::npos);
}

TEST_CASE("a missing catalogue is named with its cure") {
    const Scratch scratch;
    const auto catalogue = Catalogue::load(scratch.path(), Language::sv);
    REQUIRE_FALSE(catalogue.has_value());
    CHECK(catalogue.error().code == Errc::not_found);
    CHECK(catalogue.error().detail.find("sv.mo") != std::string::npos);
}

TEST_CASE("a catalogue that is no catalogue is refused, not half understood") {
    const Scratch scratch;
    const std::string whole = shipped_bytes();
    REQUIRE(whole.size() > 100);
    const std::string cases[] = {"",
                                 "not a catalogue",
                                 std::string(4096, '\0'),
                                 std::string(4096, '\xff'),
                                 whole.substr(0, 40),
                                 whole.substr(0, whole.size() / 2)};
    for (const std::string& bytes : cases) {
        scratch.write("fi.mo", bytes);
        const auto catalogue = Catalogue::load(scratch.path(), Language::fi);
        REQUIRE_FALSE(catalogue.has_value());
        CHECK(catalogue.error().detail.find("fi.mo") != std::string::npos);
    }
}

TEST_CASE("a catalogue from before a sentence was added is refused with its key") {
    const Scratch scratch;
    std::string bytes = shipped_bytes();
    const auto at = bytes.find("nav.next");
    REQUIRE(at != std::string::npos);
    bytes.replace(at, 8, "nav.gone");
    scratch.write("fi.mo", bytes);
    const auto catalogue = Catalogue::load(scratch.path(), Language::fi);
    REQUIRE_FALSE(catalogue.has_value());
    CHECK(catalogue.error().detail.find("nav.next") != std::string::npos);
}
