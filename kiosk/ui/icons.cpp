#include "kiosk/ui/icons.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "kiosk/ui/paint.hpp"

namespace kaiku::ui {

namespace paint {

namespace {

constexpr float kPi = std::numbers::pi_v<float>;

int segments_for(float radius) { return std::clamp(static_cast<int>(radius / 3.0F), 4, 24); }

/// A quarter disc from `from` (radians), solid to half a pixel inside the radius and fading to half
/// a pixel outside: straight edges stay hard and meet their neighbours without a seam.
void quarter(ImDrawList& list, ImVec2 centre, float radius, float from, ImU32 solid) {
    const int steps = segments_for(radius);
    const ImU32 clear = solid & ~IM_COL32_A_MASK;
    const float inside = std::max(0.0F, radius - 0.5F);
    const float outside = radius + 0.5F;
    list.PrimReserve(steps * 9, 1 + (steps + 1) * 2);
    const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
    const auto base = static_cast<ImDrawIdx>(list._VtxCurrentIdx);
    list.PrimWriteVtx(centre, uv, solid);
    for (int i = 0; i <= steps; ++i) {
        const float angle = from + kPi / 2 * static_cast<float>(i) / static_cast<float>(steps);
        const float c = std::cos(angle);
        const float s = std::sin(angle);
        list.PrimWriteVtx({centre.x + c * inside, centre.y + s * inside}, uv, solid);
        list.PrimWriteVtx({centre.x + c * outside, centre.y + s * outside}, uv, clear);
    }
    for (int i = 0; i < steps; ++i) {
        const auto at = [&](int offset) {
            return static_cast<ImDrawIdx>(base + 1 + 2 * i + offset);
        };
        for (const ImDrawIdx index :
             {base, at(0), at(2), at(0), at(1), at(3), at(0), at(3), at(2)}) {
            list.PrimWriteIdx(index);
        }
    }
}

void plain_rect(ImDrawList& list, float x, float y, float w, float h, ImU32 fill) {
    if (w <= 0 || h <= 0) return;
    list.PrimReserve(6, 4);
    list.PrimRect({x, y}, {x + w, y + h}, fill);
}

}  // namespace

void rounded_rect(ImDrawList& list, const Pixels& box, float radius, Rgb fill) {
    const ImU32 solid = colour(fill);
    const float r = std::min({std::round(radius), std::floor(box.w / 2), std::floor(box.h / 2)});
    if (r < 1) return plain_rect(list, box.x, box.y, box.w, box.h, solid);
    plain_rect(list, box.x, box.y + r, box.w, box.h - 2 * r, solid);
    plain_rect(list, box.x + r, box.y, box.w - 2 * r, r, solid);
    plain_rect(list, box.x + r, box.y + box.h - r, box.w - 2 * r, r, solid);
    quarter(list, {box.x + r, box.y + r}, r, kPi, solid);
    quarter(list, {box.x + box.w - r, box.y + r}, r, kPi * 1.5F, solid);
    quarter(list, {box.x + box.w - r, box.y + box.h - r}, r, 0, solid);
    quarter(list, {box.x + r, box.y + box.h - r}, r, kPi / 2, solid);
}

void disc(ImDrawList& list, ImVec2 centre, float radius, Rgb fill) {
    for (int i = 0; i < 4; ++i) {
        quarter(list, centre, radius, kPi / 2 * static_cast<float>(i), colour(fill));
    }
}

void stroke(ImDrawList& list, const ImVec2* points, int count, float thickness, Rgb ink) {
    list.AddPolyline(points, count, colour(ink), ImDrawFlags_None, thickness);
    disc(list, points[0], thickness / 2, ink);
    disc(list, points[count - 1], thickness / 2, ink);
}

}  // namespace paint

namespace {

class Pen {
  public:
    Pen(ImDrawList& list, ImVec2 centre, float size, Rgb ink)
        : list_(list), centre_(centre), size_(size), ink_(ink) {}

    /// Points in units of half the icon's size.
    template <std::size_t N>
    void line(const std::array<ImVec2, N>& points, float weight = 0.13F,
              bool closed = false) const {
        std::array<ImVec2, N> placed;
        for (std::size_t i = 0; i < N; ++i) {
            placed[i] = {centre_.x + points[i].x * size_ / 2, centre_.y + points[i].y * size_ / 2};
        }
        const float thickness = std::max(2.0F, size_ * weight);
        if (closed) {
            list_.AddPolyline(placed.data(), static_cast<int>(N), paint::colour(ink_),
                              ImDrawFlags_Closed, thickness);
        } else {
            paint::stroke(list_, placed.data(), static_cast<int>(N), thickness, ink_);
        }
    }

  private:
    ImDrawList& list_;
    ImVec2 centre_;
    float size_;
    Rgb ink_;
};

void draw_contrast(ImDrawList& list, ImVec2 centre, float size, Rgb fg, Rgb bg) {
    const float radius = size * 0.5F;
    paint::disc(list, centre, radius, fg);
    const float inside = radius - std::max(2.0F, size * 0.1F);
    // Right half empty.
    list.PushClipRect({centre.x, centre.y - radius}, {centre.x + radius + 1, centre.y + radius},
                      true);
    paint::disc(list, centre, inside, bg);
    list.PopClipRect();
}

}  // namespace

void draw_icon(const Canvas& canvas, Icon icon, ImVec2 centre, float size, Rgb fg, Rgb bg) {
    ImDrawList& list = canvas.list();
    const Pen pen(list, centre, size, fg);
    switch (icon) {
        case Icon::none:
            break;
        case Icon::check:
            pen.line<3>({{{-0.75F, 0.05F}, {-0.2F, 0.6F}, {0.8F, -0.55F}}}, 0.17F);
            break;
        case Icon::backspace:
            pen.line<5>(
                {{{-1.1F, 0}, {-0.45F, -0.72F}, {1.05F, -0.72F}, {1.05F, 0.72F}, {-0.45F, 0.72F}}},
                0.11F, true);
            pen.line<2>({{{-0.02F, -0.3F}, {0.56F, 0.3F}}}, 0.11F);
            pen.line<2>({{{-0.02F, 0.3F}, {0.56F, -0.3F}}}, 0.11F);
            break;
        case Icon::shift:
        case Icon::shift_on:
            if (icon == Icon::shift_on) {
                const float half = size / 2;
                list.AddTriangleFilled({centre.x - 0.9F * half, centre.y},
                                       {centre.x, centre.y - half},
                                       {centre.x + 0.9F * half, centre.y}, paint::colour(fg));
                list.AddRectFilled({centre.x - 0.4F * half, centre.y},
                                   {centre.x + 0.4F * half, centre.y + 0.85F * half},
                                   paint::colour(fg));
            }
            pen.line<7>({{{0, -1},
                          {0.95F, 0},
                          {0.42F, 0},
                          {0.42F, 0.85F},
                          {-0.42F, 0.85F},
                          {-0.42F, 0},
                          {-0.95F, 0}}},
                        0.11F, true);
            break;
        case Icon::chevron_left:
            pen.line<3>({{{0.35F, -0.75F}, {-0.4F, 0}, {0.35F, 0.75F}}}, 0.14F);
            break;
        case Icon::chevron_down:
            pen.line<3>({{{-0.75F, -0.35F}, {0, 0.4F}, {0.75F, -0.35F}}}, 0.14F);
            break;
        case Icon::contrast:
            draw_contrast(list, centre, size, fg, bg);
            break;
        case Icon::send:
            pen.line<2>({{{-0.8F, 0}, {0.75F, 0}}}, 0.14F);
            pen.line<3>({{{0.15F, -0.6F}, {0.8F, 0}, {0.15F, 0.6F}}}, 0.14F);
            break;
        case Icon::clear:
            pen.line<2>({{{-0.6F, -0.6F}, {0.6F, 0.6F}}}, 0.14F);
            pen.line<2>({{{-0.6F, 0.6F}, {0.6F, -0.6F}}}, 0.14F);
            break;
    }
}

}  // namespace kaiku::ui
