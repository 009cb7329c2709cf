#include "kiosk/ui/faces.hpp"

#include <array>
#include <cmath>

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

void open_mouth(ImDrawList& list, ImVec2 centre, float radius, float weight, Rgb ink) {
    const auto lower = curve(centre, radius, 0.5F, 0.18F, 0.66F);
    std::array<ImVec2, 17> mouth = lower;
    list.AddPolyline(mouth.data(), static_cast<int>(mouth.size()), paint::colour(ink),
                     ImDrawFlags_Closed, weight);
    paint::disc(list, mouth.front(), weight / 2, ink);
    paint::disc(list, mouth.back(), weight / 2, ink);
}

void brows(ImDrawList& list, ImVec2 centre, float radius, float weight, Rgb ink) {
    for (const float side : {-1.0F, 1.0F}) {
        const std::array<ImVec2, 2> brow{
            ImVec2{centre.x + side * radius * 0.5F, centre.y - radius * 0.34F},
            ImVec2{centre.x + side * radius * 0.2F, centre.y - radius * 0.5F}};
        paint::stroke(list, brow.data(), 2, weight, ink);
    }
}

}  // namespace

void draw_face(ImDrawList& list, int value, ImVec2 centre, float diameter, Rgb ink, Rgb behind) {
    const float radius = diameter / 2;
    const float weight = std::max(2.0F, std::round(diameter * 0.052F));
    paint::disc(list, centre, radius, ink);
    paint::disc(list, centre, radius - weight, behind);
    for (const float side : {-1.0F, 1.0F}) {
        paint::disc(list, {centre.x + side * radius * 0.32F, centre.y - radius * 0.17F},
                    radius * 0.105F, ink);
    }
    const auto mouth = [&](float half, float edge, float middle) {
        const auto points = curve(centre, radius, half, edge, middle);
        paint::stroke(list, points.data(), static_cast<int>(points.size()), weight, ink);
    };
    switch (value) {
        case 1:
            brows(list, centre, radius, weight, ink);
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
            open_mouth(list, centre, radius, weight, ink);
            break;
    }
}

}  // namespace kaiku::ui
