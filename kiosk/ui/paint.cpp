#include "kiosk/ui/paint.hpp"

#include <algorithm>
#include <cmath>

#include "kiosk/ui/masks.hpp"

namespace kaiku::ui::paint {

namespace {

void plain_rect(ImDrawList& list, float x, float y, float w, float h, ImU32 fill) {
    if (w <= 0 || h <= 0) return;
    list.PrimReserve(6, 4);
    list.PrimRect({x, y}, {x + w, y + h}, fill);
}

void quad(ImDrawList& list, const ImFontAtlas& atlas, const ImFontAtlasCustomRect& rect,
          ImVec2 offset, ImVec2 size, ImVec2 at, ImU32 fill) {
    const ImVec2 from{(static_cast<float>(rect.X) + offset.x) * atlas.TexUvScale.x,
                      (static_cast<float>(rect.Y) + offset.y) * atlas.TexUvScale.y};
    const ImVec2 to{from.x + size.x * atlas.TexUvScale.x, from.y + size.y * atlas.TexUvScale.y};
    list.PrimReserve(6, 4);
    list.PrimRectUV(at, {at.x + size.x, at.y + size.y}, from, to, fill);
}

float distance_to_segment(ImVec2 p, ImVec2 a, ImVec2 b) {
    const ImVec2 d{b.x - a.x, b.y - a.y};
    const float length = d.x * d.x + d.y * d.y;
    float t = length > 0 ? ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length : 0.0F;
    t = std::clamp(t, 0.0F, 1.0F);
    return std::hypot(p.x - a.x - t * d.x, p.y - a.y - t * d.y);
}

/// Draws a shape given as signed distance (negative inside) over a pixel box, in horizontal runs.
template <class Distance>
void runs(ImDrawList& list, float left, float top, float right, float bottom, Rgb ink,
          Distance distance) {
    for (float y = std::floor(top); y < bottom; y += 1) {
        float start = std::floor(left);
        unsigned current = 0;
        for (float x = start; x <= right + 1; x += 1) {
            const float part = std::clamp(0.5F - distance(ImVec2{x + 0.5F, y + 0.5F}), 0.0F, 1.0F);
            const auto alpha = static_cast<unsigned>(std::lround(part * 15.0F)) * 17U;
            if (alpha == current) continue;
            if (current > 0) plain_rect(list, start, y, x - start, 1, colour(ink, current));
            start = x;
            current = alpha;
        }
        if (current > 0) plain_rect(list, start, y, right + 1 - start, 1, colour(ink, current));
    }
}

}  // namespace

void mask(ImDrawList& list, const ImFontAtlas& atlas, const ImFontAtlasCustomRect& rect, ImVec2 at,
          Rgb fill) {
    quad(list, atlas, rect, {0, 0},
         {static_cast<float>(rect.Width), static_cast<float>(rect.Height)}, at, colour(fill));
}

void rounded_rect(ImDrawList& list, const ImFontAtlas& atlas, const Pixels& box, float radius,
                  Rgb fill) {
    const ImU32 solid = colour(fill);
    const float r = std::min({std::round(radius), std::floor(box.w / 2), std::floor(box.h / 2)});
    const ImFontAtlasCustomRect* disc = disc_mask(atlas, static_cast<int>(r));
    if (r < 1 || disc == nullptr) return plain_rect(list, box.x, box.y, box.w, box.h, solid);
    plain_rect(list, box.x, box.y + r, box.w, box.h - 2 * r, solid);
    plain_rect(list, box.x + r, box.y, box.w - 2 * r, r, solid);
    plain_rect(list, box.x + r, box.y + box.h - r, box.w - 2 * r, r, solid);
    const float right = box.x + box.w - r;
    const float bottom = box.y + box.h - r;
    quad(list, atlas, *disc, {0, 0}, {r, r}, {box.x, box.y}, solid);
    quad(list, atlas, *disc, {r, 0}, {r, r}, {right, box.y}, solid);
    quad(list, atlas, *disc, {0, r}, {r, r}, {box.x, bottom}, solid);
    quad(list, atlas, *disc, {r, r}, {r, r}, {right, bottom}, solid);
}

void stroke(ImDrawList& list, std::span<const ImVec2> points, float thickness, Rgb ink,
            bool closed) {
    if (points.empty()) return;
    ImVec2 low = points.front();
    ImVec2 high = low;
    for (const ImVec2 point : points) {
        low = {std::min(low.x, point.x), std::min(low.y, point.y)};
        high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
    const float half = thickness / 2;
    const float around = half + 1;
    runs(list, low.x - around, low.y - around, high.x + around, high.y + around, ink,
         [&](ImVec2 pixel) {
             float nearest = 1e9F;
             for (std::size_t i = 1; i < points.size(); ++i) {
                 nearest = std::min(nearest, distance_to_segment(pixel, points[i - 1], points[i]));
             }
             if (closed) {
                 nearest =
                     std::min(nearest, distance_to_segment(pixel, points.back(), points.front()));
             }
             return nearest - half;
         });
}

void oval(ImDrawList& list, ImVec2 centre, float across, float down, Rgb fill) {
    if (across <= 0 || down <= 0) return;
    runs(list, centre.x - across - 1, centre.y - down - 1, centre.x + across + 1,
         centre.y + down + 1, fill, [&](ImVec2 pixel) {
             // First-order distance: the implicit function over the length of its gradient.
             const ImVec2 unit{(pixel.x - centre.x) / across, (pixel.y - centre.y) / down};
             const float reach = std::hypot(unit.x, unit.y);
             if (reach < 1e-3F) return -std::min(across, down);
             return reach * (reach - 1) / std::hypot(unit.x / across, unit.y / down);
         });
}

void disc(ImDrawList& list, ImVec2 centre, float radius, Rgb fill) {
    runs(list, centre.x - radius - 1, centre.y - radius - 1, centre.x + radius + 1,
         centre.y + radius + 1, fill,
         [&](ImVec2 pixel) { return std::hypot(pixel.x - centre.x, pixel.y - centre.y) - radius; });
}

}  // namespace kaiku::ui::paint
