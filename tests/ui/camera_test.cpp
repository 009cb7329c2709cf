// Codes in pictures. No real camera: still pictures stand in for it.
#include "kiosk/platform/camera.hpp"

#include "kiosk/platform/picture.hpp"
#include "kiosk/ui/qr.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace std::chrono_literals;

namespace {

constexpr const char* kLink = "https://palaute.example.fi/s/NEUVOLA";

/// A code on grey paper, as a camera might see it. `damaged` paints over a third of it.
platform::Picture photograph(bool damaged) {
    const auto code = ui::make_qr(kLink);
    REQUIRE(code);
    constexpr int kScale = 5;
    const int side = (code->size + 2 * ui::kQuietModules) * kScale;
    platform::Picture picture{side, side, {}};
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int column = x / kScale - ui::kQuietModules;
            const int row = y / kScale - ui::kQuietModules;
            const bool inside = column >= 0 && row >= 0 && column < code->size && row < code->size;
            bool dark = inside && code->is_dark(column, row);
            if (damaged && row > code->size / 3 && row < code->size * 2 / 3) dark = false;
            const std::uint8_t shade = dark ? 40 : 190;
            picture.rgba.insert(picture.rgba.end(), {shade, shade, shade, 255});
        }
    }
    return picture;
}

std::optional<std::string> seen_in(const platform::Picture& picture) {
    test::TempDir folder;
    const auto file = folder.path() / "frame.png";
    REQUIRE(platform::write_png(picture, file));
    auto frames = platform::open_frames(file);
    REQUIRE(frames);
    const auto frame = (*frames)->next(1ms);
    REQUIRE(frame);
    REQUIRE(*frame);
    auto finder = platform::open_code_finder();
    if (!finder) FAIL(finder.error().detail);
    return (*finder)->find(**frame);
}

}  // namespace

TEST_CASE("a code in a picture is read") { CHECK(seen_in(photograph(false)) == kLink); }

TEST_CASE("a damaged code and an empty picture give nothing") {
    CHECK_FALSE(seen_in(photograph(true)));
    platform::Picture empty{320, 240, {}};
    empty.rgba.assign(std::size_t{320} * 240 * 4, 200);
    CHECK_FALSE(seen_in(empty));
}

TEST_CASE("what is no camera says so") {
    test::TempDir folder;
    CHECK(platform::open_frames("/nowhere/video0").error().detail.find("/nowhere/video0") == 0);
    CHECK_FALSE(platform::open_frames("/dev/null"));
    CHECK_FALSE(platform::open_frames(folder.path() / "missing.png"));
}
