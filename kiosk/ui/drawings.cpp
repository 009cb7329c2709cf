#include "kiosk/ui/drawings.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "kiosk/ui/paint.hpp"

namespace kaiku::ui {

namespace {

/// Draws in a square whose middle is 0 and whose edges are −1 and 1.
class Pencil {
  public:
    Pencil(const Canvas& canvas, ImVec2 centre, float half)
        : list_(canvas.list()),
          colours_(canvas.colours),
          centre_(centre),
          half_(half),
          weight_(std::max(2.0F, half * 0.075F)) {}

    void spot(ImVec2 at, float radius) const {
        paint::disc(list_, place(at), radius * half_, colours_.ink);
    }
    /// An oval with an outline.
    void oval(ImVec2 at, float across, float down, Rgb inside) const {
        paint::oval(list_, place(at), across * half_, down * half_, colours_.ink);
        paint::oval(list_, place(at), across * half_ - weight_, down * half_ - weight_, inside);
    }
    template <std::size_t N>
    void line(const std::array<ImVec2, N>& points, bool closed = false) const {
        std::array<ImVec2, N> placed;
        std::transform(points.begin(), points.end(), placed.begin(),
                       [this](ImVec2 point) { return place(point); });
        paint::stroke(list_, placed, weight_, colours_.ink, closed);
    }
    /// A smile: a shallow arch around `at`.
    void smile(ImVec2 at, float half_width) const {
        std::array<ImVec2, 9> arch;
        for (std::size_t i = 0; i < arch.size(); ++i) {
            const float t = static_cast<float>(i) / 4.0F - 1.0F;
            arch[i] = {at.x + half_width * t, at.y - 0.35F * half_width * t * t};
        }
        line(arch);
    }
    /// A filled block with whole pixels, no outline.
    void block(ImVec2 from, ImVec2 to, Rgb fill) const {
        const ImVec2 low = place(from);
        const ImVec2 high = place(to);
        list_.AddRectFilled({std::round(low.x), std::round(low.y)},
                            {std::round(high.x), std::round(high.y)}, paint::colour(fill));
    }
    const Palette& colours() const { return colours_; }

  private:
    ImVec2 place(ImVec2 at) const { return {centre_.x + at.x * half_, centre_.y + at.y * half_}; }

    ImDrawList& list_;
    const Palette& colours_;
    ImVec2 centre_;
    float half_;
    float weight_;
};

void draw_bear(const Pencil& pencil) {
    const Palette& colours = pencil.colours();
    for (const float side : {-1.0F, 1.0F}) {
        pencil.oval({side * 0.6F, -0.58F}, 0.3F, 0.3F, colours.warm);
        pencil.oval({side * 0.6F, -0.58F}, 0.13F, 0.13F, colours.ink);
    }
    pencil.oval({0, 0.1F}, 0.82F, 0.78F, colours.warm);
    pencil.oval({0, 0.4F}, 0.37F, 0.3F, colours.card);
    for (const float side : {-1.0F, 1.0F}) pencil.spot({side * 0.33F, -0.06F}, 0.08F);
    pencil.oval({0, 0.28F}, 0.13F, 0.09F, colours.ink);
    pencil.smile({0, 0.52F}, 0.18F);
}

void draw_rabbit(const Pencil& pencil) {
    const Palette& colours = pencil.colours();
    for (const float side : {-1.0F, 1.0F}) {
        pencil.oval({side * 0.3F, -0.52F}, 0.19F, 0.46F, colours.tint);
        pencil.oval({side * 0.3F, -0.48F}, 0.1F, 0.28F, colours.card);
    }
    pencil.oval({0, 0.32F}, 0.66F, 0.6F, colours.tint);
    for (const float side : {-1.0F, 1.0F}) {
        pencil.spot({side * 0.25F, 0.2F}, 0.07F);
        pencil.line<2>({{{side * 0.34F, 0.46F}, {side * 0.82F, 0.4F}}});
        pencil.line<2>({{{side * 0.34F, 0.54F}, {side * 0.8F, 0.6F}}});
    }
    pencil.oval({0, 0.4F}, 0.09F, 0.065F, colours.ink);
    pencil.smile({0, 0.62F}, 0.15F);
}

void draw_owl(const Pencil& pencil) {
    const Palette& colours = pencil.colours();
    for (const float side : {-1.0F, 1.0F}) {
        pencil.line<2>({{{side * 0.36F, -0.7F}, {side * 0.58F, -0.95F}}});
        pencil.line<2>({{{side * 0.58F, -0.95F}, {side * 0.6F, -0.5F}}});
        pencil.line<2>({{{side * 0.22F, 0.84F}, {side * 0.22F, 0.96F}}});
    }
    pencil.oval({0, 0.06F}, 0.68F, 0.82F, colours.warm);
    for (const float side : {-1.0F, 1.0F}) {
        pencil.oval({side * 0.29F, -0.24F}, 0.3F, 0.3F, colours.card);
        pencil.spot({side * 0.25F, -0.22F}, 0.1F);
    }
    pencil.line<3>({{{-0.09F, 0.0F}, {0, 0.16F}, {0.09F, 0.0F}}}, true);
    pencil.smile({-0.26F, 0.4F}, 0.11F);
    pencil.smile({0.26F, 0.4F}, 0.11F);
    pencil.smile({0, 0.6F}, 0.11F);
}

void draw_house(const Pencil& pencil) {
    const Palette& colours = pencil.colours();
    pencil.block({-0.62F, -0.15F}, {0.62F, 0.85F}, colours.warm);
    pencil.line<4>({{{-0.64F, -0.15F}, {-0.64F, 0.86F}, {0.64F, 0.86F}, {0.64F, -0.15F}}});
    pencil.line<3>({{{-0.88F, 0.02F}, {0, -0.8F}, {0.88F, 0.02F}}});
    pencil.line<2>({{{0.42F, -0.42F}, {0.42F, -0.78F}}});
    pencil.line<2>({{{0.58F, -0.28F}, {0.58F, -0.78F}}});
    pencil.line<2>({{{0.4F, -0.78F}, {0.6F, -0.78F}}});
    pencil.block({-0.4F, 0.3F}, {-0.04F, 0.85F}, colours.tint);
    pencil.line<4>({{{-0.4F, 0.86F}, {-0.4F, 0.3F}, {-0.04F, 0.3F}, {-0.04F, 0.86F}}});
    pencil.spot({-0.12F, 0.6F}, 0.035F);
    pencil.block({0.14F, 0.22F}, {0.46F, 0.54F}, colours.card);
    pencil.line<4>({{{0.14F, 0.22F}, {0.46F, 0.22F}, {0.46F, 0.54F}, {0.14F, 0.54F}}}, true);
    pencil.line<2>({{{0.3F, 0.22F}, {0.3F, 0.54F}}});
    pencil.line<2>({{{0.14F, 0.38F}, {0.46F, 0.38F}}});
}

void draw_sun(const Pencil& pencil) {
    for (int ray = 0; ray < 12; ++ray) {
        const float angle = std::numbers::pi_v<float> * static_cast<float>(ray) / 6.0F;
        const ImVec2 way{std::cos(angle), std::sin(angle)};
        const float far = ray % 2 == 0 ? 0.96F : 0.84F;
        pencil.line<2>({{{way.x * 0.68F, way.y * 0.68F}, {way.x * far, way.y * far}}});
    }
    pencil.oval({0, 0}, 0.52F, 0.52F, pencil.colours().warm);
    for (const float side : {-1.0F, 1.0F}) pencil.spot({side * 0.19F, -0.1F}, 0.065F);
    pencil.smile({0, 0.24F}, 0.24F);
}

void draw_balloon(const Pencil& pencil) {
    const Palette& colours = pencil.colours();
    pencil.line<5>({{{0.4F, 0.2F}, {0.34F, 0.42F}, {0.4F, 0.6F}, {0.3F, 0.8F}, {0.34F, 0.95F}}});
    pencil.oval({0.42F, -0.14F}, 0.34F, 0.4F, colours.tint);
    pencil.line<5>(
        {{{-0.28F, 0.3F}, {-0.2F, 0.48F}, {-0.28F, 0.64F}, {-0.16F, 0.8F}, {-0.2F, 0.95F}}});
    pencil.oval({-0.28F, -0.34F}, 0.5F, 0.6F, colours.warm);
    pencil.line<3>({{{-0.36F, 0.36F}, {-0.28F, 0.26F}, {-0.2F, 0.36F}}}, true);
}

}  // namespace

void draw_picture(const Canvas& canvas, survey::Picture picture, const Box& box) {
    const Pixels place = canvas.px(box);
    const Pencil pencil(canvas, {place.x + place.w / 2, place.y + place.h / 2},
                        std::min(place.w, place.h) / 2);
    switch (picture) {
        case survey::Picture::bear:
            return draw_bear(pencil);
        case survey::Picture::rabbit:
            return draw_rabbit(pencil);
        case survey::Picture::owl:
            return draw_owl(pencil);
        case survey::Picture::house:
            return draw_house(pencil);
        case survey::Picture::sun:
            return draw_sun(pencil);
        case survey::Picture::balloon:
            return draw_balloon(pencil);
    }
}

void place_picture(Canvas& canvas, const survey::Question& question, Box& title, const Box& body,
                   float answers_y, float title_w) {
    if (!question.picture) return;
    const float room = answers_y - body.y - 3.0F;
    const float beside = body.w - title_w - 5.0F;
    const float above = room - title.h - 2.0F;
    if (above >= 20.0F) {  // upright panels: above the sentence
        const float side = std::min({above, kPictureMost, body.w});
        const float top = body.y + (above - side) / 2;
        draw_picture(canvas, *question.picture, {body.x, top, side, side});
        title.y = top + side + 2.0F;
        return;
    }
    const float side = std::min({room, beside, kPictureMost});
    if (side < kPictureLeast) return;
    draw_picture(canvas, *question.picture, {body.x, body.y, side, side});
    title.x += side + 5.0F;
    title.w -= side + 5.0F;
    title.y = body.y + std::max(0.0F, (side - title.h) / 2);
}

}  // namespace kaiku::ui
