#include "kiosk/ui/icons.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "kiosk/ui/paint.hpp"

namespace kaiku::ui {

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
        paint::stroke(list_, placed, thickness, ink_, closed);
    }

  private:
    ImDrawList& list_;
    ImVec2 centre_;
    float size_;
    Rgb ink_;
};

void draw_sliders(const Pen& pen) {
    for (const auto& [y, knob] :
         {std::pair{-0.65F, 0.4F}, std::pair{0.0F, -0.4F}, std::pair{0.65F, 0.15F}}) {
        pen.line<2>({{{-0.9F, y}, {0.9F, y}}}, 0.11F);
        pen.line<2>({{{knob, y - 0.25F}, {knob, y + 0.25F}}}, 0.17F);
    }
}

void draw_contrast(ImDrawList& list, ImVec2 centre, float size, Rgb fg) {
    const float radius = size * 0.48F;
    std::array<ImVec2, 33> circle;
    for (std::size_t i = 0; i < circle.size(); ++i) {
        const float angle = std::numbers::pi_v<float> * static_cast<float>(i) / 16.0F;
        circle[i] = {centre.x + radius * std::sin(angle), centre.y - radius * std::cos(angle)};
    }
    paint::stroke(list, circle, std::max(2.0F, size * 0.1F), fg);
    // The left half filled, row by row.
    for (float y = -radius; y < radius; y += 1) {
        const float half = std::sqrt(std::max(0.0F, radius * radius - y * y));
        list.AddRectFilled({std::round(centre.x - half), std::round(centre.y + y)},
                           {std::round(centre.x), std::round(centre.y + y) + 1}, paint::colour(fg));
    }
}

/// A loudspeaker with its waves, a minus or a plus.
void draw_speaker(const Pen& pen, Icon icon) {
    pen.line<6>({{{-0.95F, -0.32F},
                  {-0.6F, -0.32F},
                  {-0.1F, -0.78F},
                  {-0.1F, 0.78F},
                  {-0.6F, 0.32F},
                  {-0.95F, 0.32F}}},
                0.11F, true);
    if (icon == Icon::speech) {
        pen.line<3>({{{0.28F, -0.35F}, {0.42F, 0}, {0.28F, 0.35F}}}, 0.11F);
        pen.line<3>({{{0.62F, -0.7F}, {0.88F, 0}, {0.62F, 0.7F}}}, 0.11F);
        return;
    }
    pen.line<2>({{{0.3F, 0}, {1.0F, 0}}}, 0.12F);
    if (icon == Icon::louder) pen.line<2>({{{0.65F, -0.35F}, {0.65F, 0.35F}}}, 0.12F);
}

void draw_handset(const Pen& pen) {
    pen.line<4>({{{-0.55F, -1}, {0.55F, -1}, {0.55F, 1}, {-0.55F, 1}}}, 0.13F, true);
    pen.line<2>({{{-0.12F, 0.66F}, {0.12F, 0.66F}}}, 0.13F);
}

void draw_box(const Pen& pen, bool ticked) {
    pen.line<4>({{{-0.9F, -0.9F}, {0.9F, -0.9F}, {0.9F, 0.9F}, {-0.9F, 0.9F}}}, 0.11F, true);
    if (ticked) {
        pen.line<3>({{{-0.48F, 0.05F}, {-0.1F, 0.42F}, {0.5F, -0.4F}}}, 0.17F);
    }
}

void draw_shift(const Pen& pen, bool on) {
    if (on) {
        pen.line<3>({{{-0.6F, -0.15F}, {0, -0.75F}, {0.6F, -0.15F}}}, 0.26F);
        pen.line<2>({{{0, -0.5F}, {0, 0.65F}}}, 0.42F);
    }
    pen.line<7>({{{0, -1},
                  {0.95F, 0},
                  {0.42F, 0},
                  {0.42F, 0.85F},
                  {-0.42F, 0.85F},
                  {-0.42F, 0},
                  {-0.95F, 0}}},
                0.11F, true);
}

/// What steers the voice.
void draw_voice(const Pen& pen, Icon icon) {
    if (icon == Icon::repeat) {
        pen.line<8>({{{0.75F, -0.35F},
                      {0.35F, -0.75F},
                      {-0.25F, -0.8F},
                      {-0.75F, -0.4F},
                      {-0.85F, 0.2F},
                      {-0.45F, 0.75F},
                      {0.2F, 0.85F},
                      {0.75F, 0.45F}}});
        pen.line<3>({{{0.85F, -0.95F}, {0.8F, -0.3F}, {0.15F, -0.35F}}});
    } else if (icon == Icon::pause) {
        pen.line<2>({{{-0.38F, -0.65F}, {-0.38F, 0.65F}}}, 0.2F);
        pen.line<2>({{{0.38F, -0.65F}, {0.38F, 0.65F}}}, 0.2F);
    } else if (icon == Icon::go_on) {
        pen.line<3>({{{-0.5F, -0.75F}, {0.75F, 0}, {-0.5F, 0.75F}}}, 0.13F, true);
    } else if (icon == Icon::slower) {
        pen.line<3>({{{-0.1F, -0.6F}, {-0.7F, 0}, {-0.1F, 0.6F}}}, 0.14F);
        pen.line<3>({{{0.7F, -0.6F}, {0.1F, 0}, {0.7F, 0.6F}}}, 0.14F);
    } else if (icon == Icon::faster) {
        pen.line<3>({{{-0.7F, -0.6F}, {-0.1F, 0}, {-0.7F, 0.6F}}}, 0.14F);
        pen.line<3>({{{0.1F, -0.6F}, {0.7F, 0}, {0.1F, 0.6F}}}, 0.14F);
    } else {
        draw_speaker(pen, icon);
    }
}

void draw_send(const Pen& pen) {
    pen.line<2>({{{-0.8F, 0}, {0.75F, 0}}}, 0.14F);
    pen.line<3>({{{0.15F, -0.6F}, {0.8F, 0}, {0.15F, 0.6F}}}, 0.14F);
}

void draw_cross(const Pen& pen) {
    pen.line<2>({{{-0.6F, -0.6F}, {0.6F, 0.6F}}}, 0.14F);
    pen.line<2>({{{-0.6F, 0.6F}, {0.6F, -0.6F}}}, 0.14F);
}

void draw_lock(const Pen& pen) {
    pen.line<4>({{{-0.7F, -0.1F}, {0.7F, -0.1F}, {0.7F, 0.85F}, {-0.7F, 0.85F}}}, 0.12F, true);
    pen.line<4>({{{-0.42F, -0.1F}, {-0.42F, -0.8F}, {0.42F, -0.8F}, {0.42F, -0.1F}}}, 0.12F);
}

}  // namespace

void draw_icon(const Canvas& canvas, Icon icon, ImVec2 centre, float size, Rgb fg) {
    ImDrawList& list = canvas.list();
    const Pen pen(list, centre, size, fg);
    switch (icon) {
        case Icon::none:
            break;
        case Icon::check:
            pen.line<3>({{{-0.75F, 0.05F}, {-0.2F, 0.6F}, {0.8F, -0.55F}}}, 0.17F);
            break;
        case Icon::box_off:
        case Icon::box_on:
            draw_box(pen, icon == Icon::box_on);
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
            draw_shift(pen, icon == Icon::shift_on);
            break;
        case Icon::chevron_left:
            pen.line<3>({{{0.35F, -0.75F}, {-0.4F, 0}, {0.35F, 0.75F}}}, 0.14F);
            break;
        case Icon::chevron_down:
            pen.line<3>({{{-0.75F, -0.35F}, {0, 0.4F}, {0.75F, -0.35F}}}, 0.14F);
            break;
        case Icon::contrast:
            draw_contrast(list, centre, size, fg);
            break;
        case Icon::speech:
        case Icon::repeat:
        case Icon::pause:
        case Icon::go_on:
        case Icon::slower:
        case Icon::faster:
        case Icon::quieter:
        case Icon::louder:
            draw_voice(pen, icon);
            break;
        case Icon::lower:
            pen.line<2>({{{0, -0.9F}, {0, 0.35F}}}, 0.13F);
            pen.line<3>({{{-0.55F, -0.2F}, {0, 0.35F}, {0.55F, -0.2F}}}, 0.13F);
            pen.line<2>({{{-0.85F, 0.85F}, {0.85F, 0.85F}}}, 0.13F);
            break;
        case Icon::tools:
            draw_sliders(pen);
            break;
        case Icon::send:
            draw_send(pen);
            break;
        case Icon::lock:
            draw_lock(pen);
            break;
        case Icon::space:
            pen.line<4>({{{-1.0F, 0.1F}, {-1.0F, 0.5F}, {1.0F, 0.5F}, {1.0F, 0.1F}}}, 0.13F);
            break;
        case Icon::phone:
            draw_handset(pen);
            break;
        case Icon::clear:
            draw_cross(pen);
            break;
    }
}

}  // namespace kaiku::ui
