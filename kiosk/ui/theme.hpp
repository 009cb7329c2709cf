#pragma once

#include <string_view>

#include "kiosk/flow/flow.hpp"
#include "kiosk/ui/recorder.hpp"

/// The one theme file: colours, type scale, sizes. docs/DESIGN-SYSTEM.md explains the choices.
namespace kaiku::ui {

/// Colours of one theme.
struct Palette {
    Rgb paper;      ///< the screen
    Rgb card;       ///< buttons, cards, the text box
    Rgb tint;       ///< second half of attract; chosen cards
    Rgb ink;        ///< text
    Rgb soft;       ///< hints, on paper only
    Rgb accent;     ///< primary buttons, chosen things, frames of chosen things
    Rgb on_accent;  ///< text on accent
    Rgb line;       ///< borders, at least 3:1 to card and paper
    Rgb warm;       ///< soft fill of drawings, never behind text
};

const Palette& palette(flow::Theme theme) noexcept;
/// The standard theme at night: dark, as much contrast.
const Palette& night_palette() noexcept;

/// Heights of a capital H in millimetres.
struct TypeScale {
    float small_mm, body_mm, title_mm, display_mm;
};
TypeScale type_scale(flow::TextSize size) noexcept;

/// Names as they stand in widget lists: "default", "contrast-dark", "contrast-light"; "s" … "xl".
std::string_view theme_name(flow::Theme theme) noexcept;
std::string_view size_name(flow::TextSize size) noexcept;

/// WCAG 2.2 contrast ratio, 1–21 (relative luminance of sRGB colours).
double contrast(Rgb first, Rgb second) noexcept;

// Sizes in millimetres (ACCESSIBILITY A6), each a little over its limit so that rounding to pixels
// never falls below it.
inline constexpr float kTarget = 12.9F;  ///< limit 12.7
inline constexpr float kGap = 2.75F;     ///< limit 2.54
inline constexpr float kSmiley = 25.2F;  ///< limit 25
inline constexpr float kBorder = 0.5F;
inline constexpr float kChosenBorder = 1.15F;
inline constexpr float kRadius = 3.6F;
inline constexpr float kKeyRadius = 2.0F;

}  // namespace kaiku::ui
