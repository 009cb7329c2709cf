#pragma once

#include <string>
#include <vector>

#include "kiosk/ui/frame.hpp"

/// The staff's screens: one function and one file each, over one kind of list.
namespace kaiku::ui {

/// One line of a staff list: a fact, or something to press.
struct StaffItem {
    std::string id;
    std::string label;
    std::string value;  ///< of a fact, at the right or below
    std::optional<flow::StaffEvent> event{};
    Role role = Role::button;
    bool selected = false;
};

/// A title, items in as many pages as the panel needs, and a footer with back, "more" and `action`.
struct StaffList {
    std::string title;
    std::vector<StaffItem> items;
    std::vector<FooterButton> actions;
    std::string note{};  ///< said before the items; may be empty
};
void draw_staff_list(Canvas& canvas, const StaffList& list, Said& said);

/// Title and tools at the top: side by side where they fit, else one above the other. The body lies
/// below them, above the footer.
Frame staff_frame(Canvas& canvas, const std::string& title, Said& said);

/// Draws the tools at the top of `area` and takes their room from it, if that leaves `content_h`
/// mm. False where nothing was drawn: such a page has them in its footer.
bool staff_tools_row(Canvas& canvas, Box& area, float content_h, Said& said);
/// The tools at the right end of the footer; returns what is left of it.
Box staff_tools_in_footer(Canvas& canvas, const Box& footer, Said& said);

/// A button of a staff screen that says `event` when it is tapped.
FooterButton staff_button(std::string id, const std::string& label, flow::StaffEvent event,
                          Look look = Look::outlined);

/// "08:00–16:00", or that it is closed.
std::string hours_words(const Canvas& canvas, const std::optional<survey::OpenHours>& hours);

/// How the sound is, in words.
const std::string& sound_words(const Canvas& canvas);

/// What is wrong with the code that was scanned last; nothing if all is well.
std::optional<locales::Key> scan_trouble(const Canvas& canvas);

/// The page that State::staff names.
void draw_staff(Canvas& canvas, Said& said);

void draw_staff_pin(Canvas& canvas, Said& said);
void draw_staff_home(Canvas& canvas, Said& said);
void draw_staff_camera(Canvas& canvas, Said& said);
void draw_staff_returned(Canvas& canvas, Said& said);
void draw_staff_view(Canvas& canvas, Said& said);
void draw_staff_tools(Canvas& canvas, Said& said);
void draw_staff_settings(Canvas& canvas, Said& said);
void draw_staff_hours(Canvas& canvas, Said& said);
void draw_staff_cleaning(Canvas& canvas);
void draw_staff_touch_test(Canvas& canvas, Said& said);
void draw_staff_panel(Canvas& canvas, Said& said);
void draw_staff_log(Canvas& canvas, Said& said);
void draw_staff_code(Canvas& canvas, Said& said);

}  // namespace kaiku::ui
