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
/// A size that is reached already goes last, for its key does nothing.
enum class ToolRank {
    size,
    contrast,
    other_size,
    speech,
    language,
    phone,
    lower,
    voice,
    staff,
    reached_size
};

struct Tool {
    std::string id;
    std::string shown;  ///< short words; empty: the icon
    std::string spoken;
    Icon icon = Icon::none;
    ToolRank rank = ToolRank::size;
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
/// All of them in the roomiest style that fits, or nothing.
std::optional<ToolRow> plan_whole(const Canvas& canvas, const std::vector<Tool>& list, float room);
/// Text sizes and contrast, which never go behind another key.
bool is_seeing(const Tool& tool);
void draw_tools(Canvas& canvas, const ToolRow& row, const Box& box, Said& said);

/// What a row above the content shows: every tool, or sizes, contrast and languages alone.
enum class ToolsAbove { all, brief };

/// On screens without a header: the row at its usual place if it ends above `content_top` (mm);
/// the brief one where not every tool has room. False where nothing was drawn: such a screen puts
/// draw_tools_beside() next to its buttons.
bool draw_tools_above(Canvas& canvas, float content_top, ToolsAbove shown, Said& said);

/// Width that sizes, contrast and the sheet's key take at least, mm.
float tools_beside_width(const Canvas& canvas);
/// As many tools as `box` has room for, from its left end, where a row above has none.
void draw_tools_beside(Canvas& canvas, const Box& box, Said& said);

/// Top of content of height `h`, in the middle of what the tools above it leave, or of the column
/// where both have no room.
float top_below_tools(const Canvas& canvas, float h);

/// The sheet over the whole screen: every tool with its words, and a way back.
void draw_tool_sheet(Canvas& canvas, Said& said);

}  // namespace kaiku::ui
