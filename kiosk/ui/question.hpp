#pragma once

#include "kiosk/ui/frame.hpp"

/// One function a screen.
namespace kaiku::ui {

void draw_attract(Canvas& canvas, Said& said);
/// Who answers, help and plain language.
void draw_who(Canvas& canvas, Said& said);
void draw_nps(Canvas& canvas, const survey::Question& question, Said& said);
void draw_statement(Canvas& canvas, const survey::Question& question, Said& said);
void draw_choice(Canvas& canvas, const survey::Question& question, Said& said);
void draw_text(Canvas& canvas, const survey::Question& question, Said& said);
void draw_phone(Canvas& canvas, Said& said);
void draw_thanks(Canvas& canvas, Said& said);
/// Saving, save failed, out of service.
void draw_notice(Canvas& canvas, Said& said);
/// The countdown card over whatever was drawn before.
void draw_idle(Canvas& canvas, Said& said);

}  // namespace kaiku::ui
