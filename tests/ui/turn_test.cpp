#include "kiosk/platform/turn.hpp"

#include <array>
#include <vector>

#include "tests/support/catch.hpp"

using namespace kaiku::platform;

namespace {

/// 1 2 3
/// 4 5 6
const std::vector<std::uint32_t> kPicture{1, 2, 3, 4, 5, 6};

std::vector<std::uint32_t> turned(Degrees degrees, int stride) {
    const int rows = lies_across(degrees) ? 3 : 2;
    std::vector<std::uint32_t> glass(static_cast<std::size_t>(stride * rows));
    turn_picture(kPicture, 3, 2, glass, stride, degrees);
    return glass;
}

}  // namespace

TEST_CASE("a picture is turned clockwise onto the glass") {
    CHECK(turned(0, 3) == kPicture);
    CHECK(turned(90, 2) == std::vector<std::uint32_t>{4, 1, 5, 2, 6, 3});
    CHECK(turned(180, 3) == std::vector<std::uint32_t>{6, 5, 4, 3, 2, 1});
    CHECK(turned(270, 2) == std::vector<std::uint32_t>{3, 6, 2, 5, 1, 4});
}

TEST_CASE("what lies beside the picture in the glass's memory stays untouched") {
    CHECK(turned(90, 3) == std::vector<std::uint32_t>{4, 1, 0, 5, 2, 0, 6, 3, 0});
}

TEST_CASE("a touch finds the very pixel of the picture that shows under it") {
    constexpr int kWidth = 3;
    for (const Degrees degrees : {0, 90, 180, 270}) {
        const int glass_w = lies_across(degrees) ? 2 : 3;
        const int glass_h = lies_across(degrees) ? 3 : 2;
        const auto glass = turned(degrees, glass_w);
        for (int y = 0; y < glass_h; ++y) {
            for (int x = 0; x < glass_w; ++x) {
                const Spot spot =
                    touched_spot({static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F},
                                 static_cast<float>(glass_w), static_cast<float>(glass_h), degrees);
                const auto place =
                    static_cast<std::size_t>(spot.y) * kWidth + static_cast<std::size_t>(spot.x);
                INFO(degrees << " degrees, " << x << ',' << y);
                CHECK(kPicture.at(place) == glass.at(static_cast<std::size_t>(y * glass_w + x)));
            }
        }
    }
}
