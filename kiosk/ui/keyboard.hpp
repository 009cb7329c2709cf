#pragma once

#include <string>

#include "kiosk/ui/frame.hpp"

namespace kaiku::ui {

/// What stands in the keyboard's last row besides the keys.
enum class KeyboardEnd {
    keys,     ///< nothing: the screen has its own footer
    docked,   ///< back, skip and send
    editing,  ///< close and send
};

/// Least height of the keyboard that fits a width, in millimetres; nothing if none fits.
std::optional<float> keyboard_height(float width);
/// As high as it must be on glass of any width, mm.
float least_keyboard_height(float width);
/// True if the last row has room for back, skip and send with their words.
bool keyboard_takes_footer(const Canvas& canvas, float width);
/// Draws it over the area; every key at least kTarget with gaps of kGap.
void draw_keyboard(Canvas& canvas, const Box& area, KeyboardEnd end, Said& said);

/// Every character that the terminal draws and no catalogue or instrument need hold: the
/// keyboard's, and signs. UTF-8.
std::string drawn_characters();

}  // namespace kaiku::ui
