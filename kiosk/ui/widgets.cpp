#include "kiosk/ui/widgets.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kiosk/ui/icons.hpp"
#include "kiosk/ui/paint.hpp"

namespace kaiku::ui {

namespace {

bool contains(const Pixels& box, ImVec2 point) {
    return point.x >= box.x && point.x < box.x + box.w && point.y >= box.y &&
           point.y < box.y + box.h;
}

/// Identity of a widget for pressing: the same id on another question is another widget.
ImGuiID press_id(const flow::State& state, std::string_view id) {
    std::string name(id);
    name += '\x1F';
    name += std::to_string(static_cast<int>(state.screen)) + '.' + std::to_string(state.question);
    if (state.tools_open) name += ".tools";
    if (state.screen == flow::Screen::staff) {
        name += '.' + std::to_string(static_cast<int>(state.staff.page));
    }
    return ImGui::GetID(name.c_str());
}

/// Where ImGui keeps which widget went down; ours owns nothing between frames.
ImGuiID press_slot() { return ImGui::GetID("kaiku.pressed"); }

}  // namespace

Canvas::Canvas(const Model& model_in, Recorder* recorder, Palette palette_in)
    : model(model_in),
      colours(palette_in),
      type(model_in.fonts, model_in.panel),
      recorder_(recorder),
      list_(ImGui::GetBackgroundDrawList()),
      x_scale_(static_cast<float>(model_in.panel.width_px / model_in.panel.width_mm)),
      y_scale_(static_cast<float>(model_in.panel.height_px / model_in.panel.height_mm)),
      top_(model_in.state.lowered && can_lower(model_in.panel)
               ? static_cast<float>(model_in.panel.height_mm / 2)
               : 0.0F),
      height_(static_cast<float>(model_in.panel.height_mm) - top_),
      spoken_in_(model_in.state.language) {}

bool can_lower(const Panel& panel) {
    constexpr double kLeastHeight_mm = 85.9;
    return panel.height_mm / 2 >= kLeastHeight_mm;
}

Pixels Canvas::px(const Box& box) const {
    const float left = std::round(box.x * x_scale_);
    const float top = std::round((box.y + top_) * y_scale_);
    // Edges are rounded, not sizes: a gap then never loses more than a part of a pixel.
    return {left, top, std::round(box.right() * x_scale_) - left,
            std::round((box.bottom() + top_) * y_scale_) - top};
}

void Canvas::rounded(const Pixels& box, float radius_px, Rgb colour) const {
    paint::rounded_rect(*list_, *model.fonts.body->ContainerAtlas, box, radius_px, colour);
}

void Canvas::fill(const Box& box, Rgb colour) const { rounded(px(box), 0, colour); }

void Canvas::framed(const Box& box, float radius_mm, float border_mm, Rgb border,
                    Rgb inside) const {
    const Pixels outer = px(box);
    const float line = std::max(2.0F, std::round(px(border_mm)));
    const float radius = std::min({px(radius_mm), outer.w / 2, outer.h / 2});
    if (border == inside) return rounded(outer, radius, inside);
    rounded(outer, radius, border);
    rounded({outer.x + line, outer.y + line, outer.w - 2 * line, outer.h - 2 * line},
            std::max(0.0F, radius - line), inside);
}

void Canvas::lines(const Pixels& box, const TextBlock& block, Align align, Rgb colour) const {
    ImFont* font = type.font(block.face);
    float y = box.y;
    for (const std::string& line : block.lines) {
        const float width = type.width(block.face, line) * x_scale_;
        float x = box.x;
        if (align == Align::centre) x += (box.w - width) / 2;
        if (align == Align::right) x += box.w - width;
        list_->AddText(font, font->FontSize, {std::round(x), std::round(y)}, paint::colour(colour),
                       line.data(), line.data() + line.size());
        y += font->FontSize;
    }
}

void Canvas::record(std::string_view id, Role role, std::string_view label, const Box& box, Rgb fg,
                    Rgb bg, std::string_view spoken) {
    if (recorder_ == nullptr) return;
    const Pixels place = px(box);
    Widget widget;
    widget.id = id;
    widget.role = role;
    widget.label = label;
    widget.speech = spoken.empty() ? label : spoken;
    widget.spoken_in = spoken_in_;
    widget.x = place.x;
    widget.y = place.y;
    widget.w = place.w;
    widget.h = place.h;
    widget.fg = fg;
    widget.bg = bg;
    recorder_->add(std::move(widget));
}

void Canvas::heading(std::string_view id, const Box& box, const TextBlock& block, Align align,
                     Rgb bg) {
    text(id, box, block, align, colours.ink, bg);
}

void Canvas::text(std::string_view id, const Box& box, const TextBlock& block, Align align, Rgb fg,
                  Rgb bg, std::string_view spoken) {
    if (block.whole.empty()) return;  // an instrument may leave a text out
    const Pixels place = px(box);
    lines(place, block, align, fg);
    if (recorder_ == nullptr) return;
    const bool large = block.face == Face::title || block.face == Face::display;
    Widget widget;
    widget.id = id;
    widget.role = large || id.ends_with("title") ? Role::heading : Role::text;
    widget.label = block.whole;
    widget.speech = spoken.empty() ? std::string_view(block.whole) : spoken;
    widget.spoken_in = spoken_in_;
    widget.x = place.x;
    widget.y = place.y;
    widget.w = place.w;
    widget.h = place.h;
    widget.fg = fg;
    widget.bg = bg;
    widget.text_w = block.w * x_scale_;
    widget.text_h = block.h * y_scale_;
    widget.glyph_missing = block.missing;
    recorder_->add(std::move(widget));
}

bool Canvas::activated(std::string_view id, const Pixels& box) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!contains(box, io.MousePos)) return false;
    ImGuiStorage* storage = ImGui::GetStateStorage();
    const auto own = static_cast<int>(press_id(model.state, id));
    if (ImGui::IsMouseClicked(0)) {
        storage->SetInt(press_slot(), own);
        ImGui::GetIO().WantCaptureMouse = true;
        return false;
    }
    if (!ImGui::IsMouseReleased(0) || storage->GetInt(press_slot()) != own) return false;
    storage->SetInt(press_slot(), 0);
    return true;
}

void Canvas::decorate(const Box& box, const ButtonStyle& style, Rgb bg) const {
    const float radius = style.look == Look::pill ? box.h / 2 : style.radius;
    const bool thick = style.look == Look::card && style.selected;
    switch (style.look) {
        case Look::primary:
            framed(box, radius, kBorder, bg, bg);
            break;
        case Look::plain:
            if (style.selected) framed(box, radius, kBorder, bg, bg);
            break;
        case Look::box:
            framed(box, radius, kBorder * 1.4F, colours.accent, bg);
            break;
        case Look::outlined:
        case Look::pill:
        case Look::card:
            framed(box, radius, thick ? kChosenBorder : kBorder,
                   style.selected ? colours.accent : colours.line, bg);
            break;
    }
}

void Canvas::draw_ring(const Box& box) const {
    // A frame around the widget, within the gap to its neighbours, and at least 3:1 to both papers.
    const float away = 1.2F;
    const float line = 0.8F;
    const float left = std::max(0.0F, box.x - away);
    const float top = std::max(0.0F, box.y - away);
    const Box ring{left, top, std::min(width(), box.right() + away) - left,
                   std::min(height(), box.bottom() + away) - top};
    fill({ring.x, ring.y, ring.w, line}, colours.ink);
    fill({ring.x, ring.bottom() - line, ring.w, line}, colours.ink);
    fill({ring.x, ring.y, line, ring.h}, colours.ink);
    fill({ring.right() - line, ring.y, line, ring.h}, colours.ink);
}

void Canvas::inner(const Box& box, std::string_view label, const ButtonStyle& style, Rgb fg,
                   Widget& widget) const {
    const Pixels place = px(box);
    if (style.inside) {
        style.inside(place, fg, widget.bg);
        if (!style.inside_text) return;
        widget.text_w = style.inside_text->w * x_scale_;
        widget.text_h = style.inside_text->h * y_scale_;
        widget.glyph_missing = style.inside_text->missing;
        return;
    }
    const float cap = type.capital(style.face);
    const float icon = style.icon == Icon::none ? 0 : std::min(cap * 1.35F, box.h * 0.42F);
    if (style.icon_only) {
        draw_icon(*this, style.icon, {place.x + place.w / 2, place.y + place.h / 2}, px(icon), fg);
        return;
    }
    const float beside = icon > 0 ? icon + 1.6F : 0;
    const float pad = std::min(2.0F, box.w * 0.03F);
    const float room = box.w - 2 * pad - beside;
    const std::string_view words = style.shown.empty() ? label : std::string_view(style.shown);
    // A single word alone needs air at its sides; the small face is the last resort.
    const bool tight =
        words.find(' ') == std::string_view::npos && type.width(style.face, words) > room - 2 * pad;
    const TextBlock block =
        type.fit(words, room, box.h - 0.8F, {tight ? Face::small : style.face, Face::small});
    if (style.fallback != Icon::none && !Typesetter::fits(block, room, box.h - 0.8F)) {
        draw_icon(*this, style.fallback, {place.x + place.w / 2, place.y + place.h / 2},
                  px(std::min(cap * 1.35F, box.h * 0.42F)), fg);
        return;
    }
    const float left = box.x + pad + (room - block.w) / 2;
    const float top = box.y + (box.h - block.h) / 2;
    if (icon > 0) {
        draw_icon(*this, style.icon, {(left + icon / 2) * x_scale_, place.y + place.h / 2},
                  px(icon), fg);
    }
    const Pixels area{(left + beside) * x_scale_, (top + top_) * y_scale_, block.w * x_scale_,
                      block.h * y_scale_};
    lines(area, block, Align::centre, fg);
    widget.text_w = (block.w + beside) * x_scale_;
    widget.text_h = block.h * y_scale_;
    widget.glyph_missing = block.missing;
}

bool Canvas::button(std::string_view id, const Box& box, std::string_view label,
                    const ButtonStyle& style) {
    const bool dark =
        style.look == Look::primary ||
        (style.selected && (style.look == Look::pill || style.look == Look::outlined));
    const Rgb fg = dark ? colours.on_accent : colours.ink;
    Rgb bg = dark ? colours.accent : colours.card;
    if (style.look == Look::plain) bg = style.selected ? colours.tint : colours.paper;
    if (style.look == Look::card && style.selected) bg = colours.tint;
    const Pixels place = px(box);
    decorate(box, style, bg);
    Widget widget;
    widget.id = id;
    widget.role = style.role;
    widget.label = label;
    widget.speech = style.spoken.empty() ? label : std::string_view(style.spoken);
    widget.spoken_in = spoken_in_;
    widget.x = place.x;
    widget.y = place.y;
    widget.w = place.w;
    widget.h = place.h;
    widget.fg = fg;
    widget.bg = bg;
    widget.selected = style.selected;
    widget.focus_index = next_focus_;
    inner(box, label, style, fg, widget);
    if (recorder_ == nullptr) return false;
    ++next_focus_;
    if (model.state.focus == id) draw_ring(box);
    recorder_->add(std::move(widget));
    return activated(id, place);
}

}  // namespace kaiku::ui
