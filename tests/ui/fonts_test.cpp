#include "kiosk/platform/fonts.hpp"

#include "kiosk/platform/display.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;

TEST_CASE("without Inter the terminal is set in DejaVu Sans") {
    const auto files = platform::find_fonts("/nowhere");
    REQUIRE(files);
    CHECK(files->regular.filename() == "DejaVuSans.ttf");
    platform::DisplayOptions options;
    options.headless = true;
    options.font_dir = "/nowhere";
    options.glyphs = "Hyvää päivää";
    CHECK(platform::Display::open(options));
}

TEST_CASE("without any font the error names the package to install") {
    const auto files = platform::find_fonts("/nowhere", "/nowhere/else");
    REQUIRE_FALSE(files);
    CHECK(files.error().code == Errc::not_found);
    CHECK(files.error().detail.find("install the package fonts-inter") != std::string::npos);
}
