#pragma once

#include "kiosk/ui/widgets.hpp"
#include "survey/instrument.hpp"

/// Calm drawings beside a child's questions: line and one soft fill, no motion. They say nothing
/// that the question does not, so they are no widgets and are not spoken.
namespace kaiku::ui {

/// Draws in the largest square in the middle of the box.
void draw_picture(const Canvas& canvas, survey::Picture picture, const Box& box);

/// The largest side at which a drawing is made, and the least at which it is still one, mm.
inline constexpr float kPictureMost = 34.0F;
inline constexpr float kPictureLeast = 11.0F;

/// Takes room for a drawing beside or above a question's title, and draws it: nothing changes
/// where there is none. `title` moves aside; `answers_y` is where the answers begin.
void place_picture(Canvas& canvas, const survey::Question& question, Box& title, const Box& body,
                   float answers_y, float title_w);

}  // namespace kaiku::ui
