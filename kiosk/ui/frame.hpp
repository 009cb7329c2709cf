#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/ui/widgets.hpp"

/// What every question screen shares: progress, tools, back and forward, in the same places.
namespace kaiku::ui {

/// The areas of a screen. Millimetres.
struct Frame {
    Box column;  ///< the widest things may be
    Box body;    ///< between header and footer
    Box footer;
    float margin = 0;  ///< of the panel
};

using Said = std::optional<flow::Event>;

/// Column and margins for a panel: content never grows wider or taller than a hand's reach.
Frame plain_frame(const Canvas& canvas);
/// Of progress and tools, mm.
float header_height(const Canvas& canvas);
/// Draws progress and tools; returns what was pressed in `said`.
Frame question_frame(Canvas& canvas, Said& said);

/// A button of the footer.
struct FooterButton {
    std::string id;
    std::string label;
    ButtonStyle style;
    flow::Event event;
};
/// Draws back at the left and the others at the right, the last one outermost. With `middle` first
/// of them in the centre where there is room.
void footer(Canvas& canvas, const Frame& frame, const std::vector<FooterButton>& forward,
            Said& said, bool centre_first = false);
/// True if back and these fit one row.
bool footer_fits(const Canvas& canvas, const Frame& frame,
                 const std::vector<FooterButton>& forward);
/// nav.next, "skip" while unanswered.
FooterButton next_button(const Canvas& canvas);

/// Question text and answers shared out over the body.
struct Plan {
    TextBlock title;
    Box title_box;
    Box answers;
    bool fits = false;
};
/// Finds the largest face for `text` that leaves `answers_mm` free below it.
Plan plan_question(const Canvas& canvas, const Frame& frame, const std::string& text,
                   float answers_mm);

/// Pages that a question needs before its answers, where the two have no room together: one, and
/// more for a text longer than the body.
int question_pages(const Canvas& canvas, const Frame& frame, const std::string& text);
/// From page 1 of a question on, back means the page before: replaces Back by PageTurned.
void settle_page(int page, Said& said);
/// "More": from `page` of this question to the next.
FooterButton more_button(const Canvas& canvas, int page, Look look);
/// Draws the question alone over the body, or the part of it that this page has room for, with
/// "more" in the footer.
void question_page(Canvas& canvas, const Frame& frame, const std::string& text, Said& said);
/// Draws a plan's title.
void draw_title(Canvas& canvas, const Plan& plan);

}  // namespace kaiku::ui
