// Every screen as a picture. KAIKU_UPDATE_GOLDEN=1 writes them anew (tests/ui/update_golden.sh).
#include <cstdlib>
#include <filesystem>

#include "kiosk/platform/picture.hpp"
#include "tests/support/catch.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

namespace fs = std::filesystem;

/// A channel may differ by this much (another FreeType), and this share of pixels by more.
constexpr int kChannelTolerance = 24;
constexpr double kPixelTolerance = 0.001;

struct Difference {
    std::size_t pixels = 0;
    int x = -1;
    int y = -1;
    platform::Picture marked;
};

Difference compare(const platform::Picture& wanted, const platform::Picture& got) {
    Difference result{0, -1, -1, got};
    for (std::size_t pixel = 0; pixel * 4 < got.rgba.size(); ++pixel) {
        int most = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            most = std::max(most, std::abs(wanted.rgba[pixel * 4 + c] - got.rgba[pixel * 4 + c]));
        }
        const bool differs = most > kChannelTolerance;
        for (std::size_t c = 0; c < 3; ++c) {
            const int faded = 200 + got.rgba[pixel * 4 + c] / 5;
            const int shown = differs ? (c == 0 ? 220 : 0) : faded;
            result.marked.rgba[pixel * 4 + c] = static_cast<std::uint8_t>(shown);
        }
        if (!differs) continue;
        if (result.pixels++ == 0) {
            result.x = static_cast<int>(pixel) % got.width;
            result.y = static_cast<int>(pixel) / got.width;
        }
    }
    return result;
}

/// Statements differ by their texts alone: one of them is kept in its chosen state too. These
/// panels show no question on two pages; the night is checked by its contrasts.
bool kept(const std::string& name) {
    if (name.ends_with(".more") || name == "attract.night") return false;
    return !name.starts_with("statement.") || !name.ends_with(".chosen") ||
           name.starts_with("statement.help");
}

void check_picture(test::Stage& stage, const fs::path& golden, const fs::path& actual) {
    fs::create_directories(actual.parent_path());
    REQUIRE(stage.display().screenshot(actual));
    if (std::getenv("KAIKU_UPDATE_GOLDEN") != nullptr) {
        fs::create_directories(golden.parent_path());
        fs::copy_file(actual, golden, fs::copy_options::overwrite_existing);
        return;
    }
    INFO("golden " << golden << ", actual " << actual);
    const auto wanted = platform::read_png(golden);
    const auto got = platform::read_png(actual);
    REQUIRE(wanted);
    REQUIRE(got);
    REQUIRE(wanted->rgba.size() == got->rgba.size());
    REQUIRE(wanted->width == got->width);
    const Difference difference = compare(*wanted, *got);
    const std::size_t pixels = got->rgba.size() / 4;
    const auto all = static_cast<double>(pixels);
    const fs::path marked = fs::path(actual).replace_extension(".diff.png");
    fs::remove(marked);
    if (static_cast<double>(difference.pixels) <= all * kPixelTolerance) return;
    REQUIRE(platform::write_png(difference.marked, marked));
    INFO(difference.pixels << " pixels differ, the first at " << difference.x << ',' << difference.y
                           << "; see " << marked);
    CHECK(difference.pixels == 0);
}

}  // namespace

TEST_CASE("every screen looks as it was last approved") {
    for (const std::string instrument : {"quick-nps", "national-adult"}) {
        test::Stage stage(instrument, test::panel_named("10in-1280x800"));
        for (const bool portrait : {false, true}) {
            stage.set_panel(test::panel_named(portrait ? "10in-800x1280" : "10in-1280x800"));
            for (const auto& appearance : stage.appearances()) {
                if (!kept(appearance.name)) continue;
                for (const survey::Language language : survey::kLanguages) {
                    flow::State state = appearance.state;
                    state.language = language;
                    stage.draw(state);
                    const std::string name = instrument + "/" + appearance.name + "-" +
                                             std::string(survey::to_string(language)) +
                                             (portrait ? "-portrait.png" : "-landscape.png");
                    check_picture(stage, fs::path(KAIKU_SOURCE_DIR) / "tests/ui/golden" / name,
                                  fs::path(KAIKU_BIN_DIR).parent_path() / "golden" / name);
                }
            }
        }
    }
}

TEST_CASE("the same screen drawn twice gives the same bytes") {
    const auto picture = [](const fs::path& file) {
        test::Stage stage("national-adult", test::panel_named("10in-1280x800"));
        flow::State state;
        state.screen = flow::Screen::question;
        state.question = 1;
        stage.draw(state);
        REQUIRE(stage.display().screenshot(file));
        const auto read = platform::read_png(file);
        REQUIRE(read);
        return read->rgba;
    };
    const fs::path folder = fs::path(KAIKU_BIN_DIR).parent_path() / "golden";
    fs::create_directories(folder);
    CHECK(picture(folder / "first.png") == picture(folder / "second.png"));
}
