#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/ui/panel.hpp"
#include "kiosk/ui/screens.hpp"

namespace kaiku::ui {

enum class Face { small, body, strong, title, display };

/// A text broken into lines. Millimetres.
struct TextBlock {
    Face face = Face::body;
    std::vector<std::string> lines;
    float w = 0;
    float h = 0;
    bool broken = false;   ///< a word had to be broken because it is wider than the column
    bool missing = false;  ///< a character has no glyph
    std::string whole;     ///< the text before it was broken into lines
};

/// Measures and breaks text in millimetres of a panel.
class Typesetter {
  public:
    Typesetter(const Fonts& fonts, const Panel& panel);

    ImFont* font(Face face) const;
    float line(Face face) const;     ///< line height
    float capital(Face face) const;  ///< height of a capital H
    float width(Face face, std::string_view text) const;

    /// Breaks at spaces and newlines; a word that is too wide is broken inside.
    TextBlock set(std::string_view text, Face face, float width) const;
    /// As set(), with lines of about equal length: the narrowest column that needs no more lines.
    TextBlock balance(std::string_view text, Face face, float width) const;
    /// The first face in which the text fits unbroken, balanced; the last one if none does.
    TextBlock fit(std::string_view text, float width, float height,
                  std::initializer_list<Face> faces) const;
    static bool fits(const TextBlock& block, float width, float height);

  private:
    void set_paragraph(std::string_view text, float width, TextBlock& block) const;

    const Fonts& fonts_;
    float x_px_per_mm_;
    float y_px_per_mm_;
};

}  // namespace kaiku::ui
