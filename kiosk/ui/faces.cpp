#include "kiosk/ui/faces.hpp"

#include <array>
#include <cmath>

#include "kiosk/ui/masks.hpp"
#include "kiosk/ui/paint.hpp"

namespace kaiku::ui {

namespace {

/// Points of a mouth in units of the radius: a parabola from (−half, edge) to (half, edge) whose
/// middle lies at `middle`.
std::array<ImVec2, 17> curve(ImVec2 centre, float radius, float half, float edge, float middle) {
    std::array<ImVec2, 17> points;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const float t = static_cast<float>(i) / 8.0F - 1.0F;
        points[i] = {centre.x + radius * half * t,
                     centre.y + radius * (middle + (edge - middle) * t * t)};
    }
    return points;
}

void brows(ImDrawList& list, ImVec2 centre, float radius, float weight, Rgb ink) {
    for (const float side : {-1.0F, 1.0F}) {
        const std::array<ImVec2, 2> brow{
            ImVec2{centre.x + side * radius * 0.5F, centre.y - radius * 0.34F},
            ImVec2{centre.x + side * radius * 0.2F, centre.y - radius * 0.5F}};
        paint::stroke(list, brow, weight, ink);
    }
}

}  // namespace

void draw_face(const Canvas& canvas, int value, ImVec2 centre, float room, Rgb ink) {
    const Panel& panel = canvas.model.panel;
    std::size_t size = 0;
    while (size + 1 < kFaceDiameters.size() &&
           static_cast<float>(face_px(panel, kFaceDiameters[size])) > room) {
        ++size;
    }
    ImDrawList& list = canvas.list();
    const ImFontAtlas& atlas = *canvas.model.fonts.body->ContainerAtlas;
    const auto side = static_cast<float>(face_px(panel, kFaceDiameters[size]));
    const float radius = side / 2;
    const float weight = std::max(2.0F, side * kFaceWeight);
    const ImVec2 corner{std::round(centre.x - radius), std::round(centre.y - radius)};
    const ImVec2 middle{corner.x + radius, corner.y + radius};
    paint::mask(list, atlas, *ring_mask(atlas, panel, size), corner, ink);
    for (const float eye : {-1.0F, 1.0F}) {
        paint::disc(list, {middle.x + eye * radius * 0.32F, middle.y - radius * 0.17F},
                    radius * 0.105F, ink);
    }
    const auto mouth = [&](float half, float edge, float bend, bool open = false) {
        paint::stroke(list, curve(middle, radius, half, edge, bend), weight, ink, open);
    };
    switch (value) {
        case 1:
            brows(list, middle, radius, weight, ink);
            mouth(0.46F, 0.56F, 0.22F);
            break;
        case 2:
            mouth(0.4F, 0.46F, 0.3F);
            break;
        case 3:
            mouth(0.38F, 0.36F, 0.36F);
            break;
        case 4:
            mouth(0.4F, 0.28F, 0.46F);
            break;
        default:
            mouth(0.5F, 0.2F, 0.62F, true);
            break;
    }
}

}  // namespace kaiku::ui
