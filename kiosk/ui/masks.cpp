#include "kiosk/ui/masks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace kaiku::ui {

namespace {

constexpr double kMaxRadiusMm = 8.5;

double scale(const Panel& panel) {
    return std::max(panel.width_px / panel.width_mm, panel.height_px / panel.height_mm);
}

/// Writes coverage(distance from the centre) over a square of `side` pixels.
template <class Coverage>
void paint(unsigned char* pixels, int stride, const ImFontAtlasCustomRect& rect, int side,
           Coverage coverage) {
    const float centre = static_cast<float>(side) / 2;
    for (int y = 0; y < side; ++y) {
        unsigned char* row = pixels + std::ptrdiff_t{rect.Y + y} * stride + rect.X;
        const float dy = static_cast<float>(y) + 0.5F - centre;
        for (int x = 0; x < side; ++x) {
            const float dx = static_cast<float>(x) + 0.5F - centre;
            const float part = std::clamp(coverage(std::sqrt(dx * dx + dy * dy)), 0.0F, 1.0F);
            row[x] = static_cast<unsigned char>(std::lround(part * 255.0F));
        }
    }
}

}  // namespace

int max_disc_radius(const Panel& panel) noexcept {
    return static_cast<int>(std::ceil(kMaxRadiusMm * scale(panel)));
}

int face_px(const Panel& panel, float diameter_mm) noexcept {
    const double px_per_mm = panel.height_px / panel.height_mm;
    return 2 * static_cast<int>(std::round(static_cast<double>(diameter_mm) * px_per_mm / 2));
}

void reserve_masks(ImFontAtlas& atlas, const Panel& panel) {
    for (int radius = 1; radius <= max_disc_radius(panel); ++radius) {
        atlas.AddCustomRectRegular(2 * radius, 2 * radius);
    }
    for (const float diameter : kFaceDiameters) {
        const int side = face_px(panel, diameter);
        atlas.AddCustomRectRegular(side, side);
    }
}

void paint_masks(ImFontAtlas& atlas, const Panel& panel) {
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
    for (int radius = 1; radius <= max_disc_radius(panel); ++radius) {
        const auto outer = static_cast<float>(radius);
        paint(pixels, width, *disc_mask(atlas, radius), 2 * radius,
              [outer](float distance) { return outer + 0.5F - distance; });
    }
    for (std::size_t i = 0; i < kFaceDiameters.size(); ++i) {
        const int side = face_px(panel, kFaceDiameters[i]);
        const auto outer = static_cast<float>(side) / 2 - 0.5F;
        const float weight = std::max(2.0F, static_cast<float>(side) * kFaceWeight);
        paint(pixels, width, *ring_mask(atlas, panel, i), side, [outer, weight](float distance) {
            return std::min(outer + 0.5F - distance, distance - (outer - weight - 0.5F));
        });
    }
}

const ImFontAtlasCustomRect* disc_mask(const ImFontAtlas& atlas, int radius) noexcept {
    return radius >= 1 && radius <= atlas.CustomRects.Size ? &atlas.CustomRects[radius - 1]
                                                           : nullptr;
}

const ImFontAtlasCustomRect* ring_mask(const ImFontAtlas& atlas, const Panel& panel,
                                       std::size_t diameter) noexcept {
    return &atlas.CustomRects[max_disc_radius(panel) + static_cast<int>(diameter)];
}

}  // namespace kaiku::ui
