#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/ui/frame.hpp"

/// Text size, contrast, language and whatever else every screen offers: one list, shown as a row,
/// and as a sheet where a row has no room for all.
namespace kaiku::ui {

/// Height that a row of tools above the content takes.
constexpr float kToolsAbove = kTarget + kGap;

/// Which tools a narrow row keeps: those with a low number. Tools of one rank stay together.
enum class ToolRank { larger, contrast, speech, smaller, language, phone, lower, voice, staff };

struct Tool {
    std::string id;
    std::string shown;  ///< short words; empty: the icon
    std::string spoken;
    Icon icon = Icon::none;
    ToolRank rank = ToolRank::larger;
    bool selected = false;
    Role role = Role::button;
    flow::Event event;
    std::optional<survey::Language> language{};  ///< of what is spoken, if not the visitor's
};

/// Every tool of this device in the order it is shown. A new tool is added here and nowhere else.
std::vector<Tool> all_tools(const Canvas& canvas);

/// A row of tools; the last one opens the sheet if some had no room.
struct ToolRow {
    std::vector<Tool> tools;
    Face face = Face::small;
    float pad = 0;
    float w = 0;  ///< mm
};
/// All of them in the roomiest style that fits, else those of the lowest ranks and `tools`.
ToolRow plan_tools(const Canvas& canvas, const std::vector<Tool>& list, float room);
void draw_tools(Canvas& canvas, const ToolRow& row, const Box& box, Said& said);

/// On screens without a header: the row at its usual place if it ends above `content_top` (mm).
/// The languages alone where not every tool has room, or where the others do nothing. False where
/// nothing was drawn: such a screen puts draw_tools_opener() beside its buttons.
bool draw_tools_above(Canvas& canvas, float content_top, bool languages_only, Said& said);

/// The one button that opens the sheet, where a screen has no room for a row.
void draw_tools_opener(Canvas& canvas, const Box& box, Said& said);

/// Top of content of height `h`: in the middle of the column, or lower where that makes room for
/// the tools above it.
float top_below_tools(const Canvas& canvas, float h);

/// The sheet over the whole screen: every tool with its words, and a way back.
void draw_tool_sheet(Canvas& canvas, Said& said);

}  // namespace kaiku::ui
