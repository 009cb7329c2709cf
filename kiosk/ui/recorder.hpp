#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/words.hpp"

namespace kaiku::ui {

enum class Role { heading, text, button, radio, key, progress, image };
std::string_view to_string(Role role) noexcept;

struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
    friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// One drawn widget. Rectangle in pixels.
struct Widget {
    std::string id;
    Role role = Role::text;
    std::string label;
    std::string speech;                                 ///< lines are spoken one by one
    survey::Language spoken_in = survey::Language::fi;  ///< as shown (ACCESSIBILITY A18)
    float x = 0, y = 0, w = 0, h = 0;
    Rgb fg;
    Rgb bg;
    int focus_index = -1;  ///< reading order of what can be operated; −1 for what cannot
    bool selected = false;
    bool enabled = true;
    float text_w = 0, text_h = 0;  ///< the drawn label's extent, to find cut labels
    bool glyph_missing = false;    ///< the label has a character its font lacks
};

/// Collects what one frame draws. The drawing functions fill it; nothing else may.
class Recorder {
  public:
    void begin_frame() { widgets_.clear(); }
    void add(Widget widget) { widgets_.push_back(std::move(widget)); }
    const std::vector<Widget>& widgets() const noexcept { return widgets_; }
    const Widget* find(std::string_view id) const noexcept;

  private:
    std::vector<Widget> widgets_;
};

}  // namespace kaiku::ui
