#include "tests/ui/flashing.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>

namespace kaiku::test {

namespace {

using namespace std::chrono_literals;

constexpr double kDelta = 0.1;         ///< of relative luminance
constexpr double kBright = 0.8;        ///< between two brighter ones nothing counts
constexpr std::size_t kAreaPart = 20;  ///< of the panel

/// WCAG's relative luminance of an 8-bit channel before weighting.
const std::array<double, 256>& linear() {
    static const auto kTable = [] {
        std::array<double, 256> table{};
        for (std::size_t i = 0; i < table.size(); ++i) {
            const double c = static_cast<double>(i) / 255;
            table.at(i) = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
        }
        return table;
    }();
    return kTable;
}

double luminance(const std::uint8_t* rgba) {
    return 0.2126 * linear()[rgba[0]] + 0.7152 * linear()[rgba[1]] + 0.0722 * linear()[rgba[2]];
}

/// Mean luminance of each tile.
FlashWatch::Tiles tiles_of(const platform::Picture& picture) {
    FlashWatch::Tiles tiles{};
    FlashWatch::Tiles pixels{};
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t tile = y * FlashWatch::kRows / height * FlashWatch::kColumns +
                                     x * FlashWatch::kColumns / width;
            tiles.at(tile) += luminance(&picture.rgba[(y * width + x) * 4]);
            pixels.at(tile) += 1;
        }
    }
    for (std::size_t i = 0; i < tiles.size(); ++i) tiles.at(i) /= pixels.at(i);
    return tiles;
}

/// The most of these within any half-open second.
int most_in_a_second(const std::vector<flow::Instant>& moments) {
    int most = 0;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        const auto in = std::count_if(moments.begin(), moments.end(), [&](flow::Instant each) {
            return each >= moments[i] && each < moments[i] + 1s;
        });
        most = std::max(most, static_cast<int>(in));
    }
    return most;
}

}  // namespace

void FlashWatch::see(flow::Instant at, const platform::Picture& picture) {
    const bool first = last_.empty();
    const bool same = picture.rgba == last_;
    if (!first && !same) changes_.push_back(at);
    last_ = picture.rgba;
    if (same) return;
    const Tiles after = tiles_of(picture);
    for (std::size_t i = 0; i < after.size() && !first; ++i) {
        const double before = tiles_.at(i);
        const bool counts =
            std::abs(after.at(i) - before) >= kDelta && std::min(before, after.at(i)) < kBright;
        const Turn turn{at, after.at(i) > before};
        auto& turns = turns_.at(i);
        if (counts && (turns.empty() || turns.back().brighter != turn.brighter)) {
            turns.push_back(turn);
        }
    }
    tiles_ = after;
}

int FlashWatch::changes_per_second() const { return most_in_a_second(changes_); }

int FlashWatch::flashes_per_second() const {
    std::vector<int> flashes;
    for (const auto& turns : turns_) {
        std::vector<flow::Instant> whole;  // where the second half of a pair is
        for (std::size_t i = 1; i < turns.size(); i += 2) whole.push_back(turns[i].at);
        flashes.push_back(most_in_a_second(whole));
    }
    std::ranges::sort(flashes, std::greater{});
    return flashes.at(flashes.size() / kAreaPart - 1);
}

}  // namespace kaiku::test
