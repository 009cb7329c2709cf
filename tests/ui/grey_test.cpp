// Told apart without colour: what a colour-blind visitor sees is judged on the grey picture alone.
#include <cmath>
#include <filesystem>

#include "kiosk/platform/picture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

/// Ink of a widget's upper part, where its sign is drawn and no word: how far each pixel is from
/// the widget's own background, in grey (Rec. 709 weights), 0 to 1, on a grid of 40 × 40.
std::vector<double> ink_of(const platform::Picture& picture, const ui::Widget& widget) {
    constexpr int kGrid = 40;
    const double width = static_cast<double>(widget.w);
    const double height = static_cast<double>(widget.h);
    const double side = width * 0.52;
    const double left = static_cast<double>(widget.x) + (width - side) / 2;
    const double top = static_cast<double>(widget.y) + height * 0.3 - side / 2;
    const auto grey = [&](double x, double y) {
        const auto pixel = static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                           static_cast<std::size_t>(x);
        const auto channel = [&](std::size_t c) { return picture.rgba[pixel * 4 + c] / 255.0; };
        return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
    };
    std::vector<double> ink;
    for (int row = 0; row < kGrid; ++row) {
        for (int column = 0; column < kGrid; ++column) {
            ink.push_back(
                grey(left + side * (column + 0.5) / kGrid, top + side * (row + 0.5) / kGrid));
        }
    }
    const double paper = grey(left + side * 0.5, static_cast<double>(widget.y) + height * 0.03);
    for (double& each : ink) each = std::abs(each - paper) > 0.35 ? 1.0 : 0.0;
    return ink;
}

/// Share of the grid where two shapes differ, of where either has ink.
double unlike(const std::vector<double>& one, const std::vector<double>& other) {
    double differ = 0;
    double either = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        differ += std::abs(one[i] - other[i]);
        either += std::max(one[i], other[i]);
    }
    return either == 0 ? 0 : differ / either;
}

platform::Picture picture_of(test::Stage& stage, const flow::State& state) {
    const test::TempDir dir;
    stage.draw(state);
    REQUIRE(stage.display().screenshot(dir.path() / "grey.png"));
    auto picture = platform::read_png(dir.path() / "grey.png");
    REQUIRE(picture);
    return std::move(*picture);
}

}  // namespace

TEST_CASE("the five faces differ in shape on a grey picture, in every theme") {
    test::Stage stage("national-adult", test::panel_named("10in-1280x800"));
    flow::State state;
    state.screen = flow::Screen::question;
    state.question = 1;
    for (const flow::Theme theme :
         {flow::Theme::standard, flow::Theme::contrast_dark, flow::Theme::contrast_light}) {
        state.theme = theme;
        const platform::Picture picture = picture_of(stage, state);
        std::vector<std::vector<double>> faces;
        for (int value = 1; value <= 5; ++value) {
            const auto* face = stage.recorder().find("statement.help." + std::to_string(value));
            REQUIRE(face != nullptr);
            faces.push_back(ink_of(picture, *face));
        }
        for (std::size_t i = 0; i < faces.size(); ++i) {
            for (std::size_t j = i + 1; j < faces.size(); ++j) {
                INFO("theme " << static_cast<int>(theme) << ", faces " << i + 1 << " and "
                              << j + 1);
                CHECK(unlike(faces[i], faces[j]) > 0.3);
            }
            CHECK(unlike(faces[i], faces[i]) == 0);
        }
    }
}

TEST_CASE("what is chosen differs from what is not on a grey picture, in every theme") {
    test::Stage stage("national-adult", test::panel_named("10in-1280x800"));
    for (const flow::Theme theme :
         {flow::Theme::standard, flow::Theme::contrast_dark, flow::Theme::contrast_light}) {
        flow::State state;
        state.screen = flow::Screen::question;
        state.theme = theme;
        const platform::Picture before = picture_of(stage, state);
        state.answers.nps = 7;
        const platform::Picture after = picture_of(stage, state);
        const ui::Widget* chosen = stage.recorder().find("nps.7");
        REQUIRE(chosen != nullptr);
        const auto centre_of = [&](const platform::Picture& picture) {
            const auto x = static_cast<std::size_t>(chosen->x + chosen->w * 0.2F);
            const auto y = static_cast<std::size_t>(chosen->y + chosen->h * 0.2F);
            const std::size_t at = (y * static_cast<std::size_t>(picture.width) + x) * 4;
            return (0.2126 * picture.rgba[at] + 0.7152 * picture.rgba[at + 1] +
                    0.0722 * picture.rgba[at + 2]) /
                   255.0;
        };
        INFO("theme " << static_cast<int>(theme));
        CHECK(std::abs(centre_of(before) - centre_of(after)) > 0.4);
    }
}
