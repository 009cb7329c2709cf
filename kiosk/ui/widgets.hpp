#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kiosk/ui/screens.hpp"
#include "kiosk/ui/theme.hpp"
#include "kiosk/ui/typeset.hpp"

struct ImDrawList;

namespace kaiku::ui {

/// A rectangle in millimetres from the top left corner of the canvas.
struct Box {
    float x = 0, y = 0, w = 0, h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Box inset(float by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
    Box inset(float horizontal, float vertical) const {
        return {x + horizontal, y + vertical, w - 2 * horizontal, h - 2 * vertical};
    }
};

/// A rectangle in whole pixels.
struct Pixels {
    float x = 0, y = 0, w = 0, h = 0;
};

enum class Align { left, centre, right };
enum class Icon {
    none,
    check,
    box_off,  ///< an empty box: a wish that is off
    box_on,
    backspace,
    shift,
    shift_on,
    chevron_left,
    chevron_down,
    contrast,
    lower,
    speech,
    repeat,
    pause,
    go_on,
    slower,
    faster,
    quieter,
    louder,
    tools,
    clear,
    send,
    space,
    phone,
    lock
};

/// How an operable widget looks.
enum class Look {
    primary,   ///< accent fill
    outlined,  ///< card with a border
    plain,     ///< no fill, no border
    pill,      ///< outlined with round ends
    card,      ///< outlined; chosen: tint and thick frame (faces, options)
    box,       ///< text box: card with an accent frame
};

struct ButtonStyle {
    Role role = Role::button;
    Look look = Look::outlined;
    Face face = Face::strong;
    Icon icon = Icon::none;
    bool icon_only = false;      ///< the label is only spoken and listed
    Icon fallback = Icon::none;  ///< drawn instead of a label that does not fit
    std::string shown{};   ///< drawn instead of the label, which is then only spoken and listed
    std::string spoken{};  ///< said instead of the label, where a voice needs words for a sign
    bool selected = false;
    float radius = kRadius;
    /// Draws the inside instead of the label.
    std::function<void(const Pixels&, Rgb fg, Rgb bg)> inside{};
    /// What `inside` draws as text, for the record.
    std::optional<TextBlock> inside_text{};
};

/// True where half the glass is as high as the smallest panel, so that every screen has room in its
/// lower half. On lower panels every key is within reach anyway (docs/ACCESSIBILITY.md, A31).
bool can_lower(const Panel& panel);

/// One frame's drawing surface, in millimetres. Every widget passes through it: it enforces
/// nothing it cannot see, but records everything, so that tests can.
class Canvas {
  public:
    /// `recorder` may be null: then nothing is recorded and nothing can be operated.
    Canvas(const Model& model, Recorder* recorder, Palette colours);

    const Model& model;
    const Palette colours;
    const Typesetter type;

    float width() const { return static_cast<float>(model.panel.width_mm); }
    /// Of the part of the panel that is drawn on: its lower half when the controls are lowered.
    float height() const { return height_; }
    Pixels px(const Box& box) const;
    float px(float mm) const { return mm * y_scale_; }
    ImDrawList& list() const { return *list_; }

    void heading(std::string_view id, const Box& box, const TextBlock& block, Align align, Rgb bg);
    /// `spoken` is said instead of the text, where it changes too often to be said each time.
    void text(std::string_view id, const Box& box, const TextBlock& block, Align align, Rgb fg,
              Rgb bg, std::string_view spoken = {});
    /// True when it was pressed and released inside in this frame's end.
    bool button(std::string_view id, const Box& box, std::string_view label,
                const ButtonStyle& style = {});
    /// Records something drawn by hand.
    void record(std::string_view id, Role role, std::string_view label, const Box& box, Rgb fg,
                Rgb bg, std::string_view spoken = {});

    /// The language of what is recorded from here on; at first the visitor's.
    void speak_in(survey::Language language) { spoken_in_ = language; }

    // Drawing only.
    void fill(const Box& box, Rgb colour) const;
    void rounded(const Pixels& box, float radius_px, Rgb colour) const;
    void framed(const Box& box, float radius_mm, float border_mm, Rgb border, Rgb inside) const;
    /// Lines of a block, stacked from the top of the box. Colour only.
    void lines(const Pixels& box, const TextBlock& block, Align align, Rgb colour) const;

  private:
    bool activated(std::string_view id, const Pixels& box);
    void decorate(const Box& box, const ButtonStyle& style, Rgb bg) const;
    void draw_ring(const Box& box) const;
    void inner(const Box& box, std::string_view label, const ButtonStyle& style, Rgb fg,
               Widget& widget) const;

    Recorder* recorder_;
    ImDrawList* list_;
    float x_scale_;
    float y_scale_;
    float top_;
    float height_;
    int next_focus_ = 0;
    survey::Language spoken_in_;
};

}  // namespace kaiku::ui
