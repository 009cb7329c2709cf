#include "kiosk/ui/tools.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "kiosk/flow/phone.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr std::array kRanks{ToolRank::size,        ToolRank::contrast, ToolRank::other_size,
                            ToolRank::speech,      ToolRank::language, ToolRank::phone,
                            ToolRank::lower,       ToolRank::voice,    ToolRank::staff,
                            ToolRank::reached_size};

struct RowStyle {
    Face face = Face::strong;
    float pad = 1.8F;
};
/// From roomy to tight.
constexpr std::array kRowStyles{RowStyle{Face::strong, 3.2F}, RowStyle{Face::strong, 1.8F},
                                RowStyle{Face::small, 1.8F}, RowStyle{Face::small, 1.15F}};

float tool_width(const Canvas& canvas, const Tool& tool, const RowStyle& style) {
    if (tool.shown.empty()) return std::max(kTarget, kTarget + 2 * (style.pad - 1.8F));
    return std::max(kTarget, canvas.type.width(style.face, tool.shown) + 2 * style.pad);
}

float row_width(const Canvas& canvas, const std::vector<Tool>& list, const RowStyle& style) {
    float width = -kGap;
    for (const Tool& tool : list) width += tool_width(canvas, tool, style) + kGap;
    return width;
}

Tool sheet_opener(const Canvas& canvas) {
    return {.id = "tools",
            .shown = {},
            .spoken = canvas.model.said()[Key::tools_open],
            .icon = Icon::tools,
            .event = flow::event::ToolsPressed{}};
}

std::vector<Tool> up_to(const std::vector<Tool>& list, const std::array<bool, kRanks.size()>& kept,
                        const Tool& opener) {
    std::vector<Tool> result;
    for (const Tool& tool : list) {
        if (kept[static_cast<std::size_t>(tool.rank)]) result.push_back(tool);
    }
    result.push_back(opener);
    return result;
}

ButtonStyle tool_look(const Tool& tool, Face face) {
    ButtonStyle look{.role = tool.role, .look = Look::pill, .face = face};
    look.selected = tool.selected;
    if (tool.shown.empty()) {
        look.icon = tool.icon;
        look.icon_only = true;
    } else {
        look.shown = tool.shown;
    }
    return look;
}

/// The sheet's cells: as few columns as fit the height, words as large as fit the cells.
struct SheetPlan {
    int columns = 2;
    float cell_w = 0;
    float cell_h = 0;
    float title_h = 0;
    bool words = true;  ///< otherwise short words and icons
    Face face = Face::strong;
};

float words_room(const Canvas& canvas, const Tool& tool, float cell_w, Face face) {
    const float icon = tool.shown.empty() ? canvas.type.capital(face) * 1.35F + 1.6F : 0;
    return cell_w - 2 * 2.0F - icon;
}

bool words_fit(const Canvas& canvas, const std::vector<Tool>& list, const SheetPlan& plan) {
    return std::all_of(list.begin(), list.end(), [&](const Tool& tool) {
        const float room = words_room(canvas, tool, plan.cell_w, plan.face);
        return Typesetter::fits(canvas.type.balance(tool.spoken, plan.face, room), room,
                                plan.cell_h - 1.2F);
    });
}

SheetPlan plan_sheet(const Canvas& canvas, const std::vector<Tool>& list, const Frame& frame,
                     float title_h) {
    SheetPlan plan;
    const auto cells = static_cast<int>(list.size());
    for (const bool words : {true, false}) {
        for (const float title : {title_h, 0.0F}) {
            for (int columns = 1; columns <= 5; ++columns) {
                const int rows = (cells + columns - 1) / columns;
                const float room = frame.body.h - title - kGap;
                plan.columns = columns;
                plan.words = words;
                plan.title_h = title;
                plan.cell_w = (frame.body.w - static_cast<float>(columns - 1) * kGap) /
                              static_cast<float>(columns);
                plan.cell_h =
                    std::min((room + kGap) / static_cast<float>(rows) - kGap, kTarget * 1.5F);
                if (plan.cell_h < kTarget || plan.cell_w < kTarget) continue;
                for (const Face face : {Face::strong, Face::small}) {
                    plan.face = face;
                    if (!words || words_fit(canvas, list, plan)) return plan;
                }
            }
        }
    }
    return plan;
}

/// Larger text before smaller text, unless it is as large as it gets.
ToolRank size_rank(const flow::State& state, int steps) {
    const auto end = steps < 0 ? flow::TextSize::s : flow::TextSize::xl;
    if (state.size == end) return ToolRank::reached_size;
    const bool first = steps > 0 || state.size == flow::TextSize::xl;
    return first ? ToolRank::size : ToolRank::other_size;
}

/// What steers the voice, while it speaks.
void add_voice(const Canvas& canvas, std::vector<Tool>& list) {
    const auto& words = canvas.model.said();
    const flow::Hearing& hearing = canvas.model.state.hearing;
    list.push_back({.id = "speech",
                    .shown = {},
                    .spoken = words[Key::speech_button],
                    .icon = Icon::speech,
                    .rank = ToolRank::speech,
                    .selected = hearing.on,
                    .event = flow::event::SpeechPressed{}});
    if (!hearing.on) return;
    const auto add = [&](const char* id, Key spoken, Icon icon, flow::Event event) {
        list.push_back({.id = id,
                        .shown = {},
                        .spoken = words[spoken],
                        .icon = icon,
                        .rank = ToolRank::voice,
                        .event = std::move(event)});
    };
    add("speech.repeat", Key::speech_repeat, Icon::repeat, flow::event::RepeatPressed{});
    add("speech.pause", hearing.paused ? Key::speech_go_on : Key::speech_pause,
        hearing.paused ? Icon::go_on : Icon::pause, flow::event::PausePressed{});
    add("speech.rate.down", Key::speech_slower, Icon::slower, flow::event::RateChanged{-1});
    add("speech.rate.up", Key::speech_faster, Icon::faster, flow::event::RateChanged{1});
    add("speech.volume.down", Key::speech_quieter, Icon::quieter, flow::event::VolumeChanged{-1});
    add("speech.volume.up", Key::speech_louder, Icon::louder, flow::event::VolumeChanged{1});
}

}  // namespace

std::vector<Tool> all_tools(const Canvas& canvas) {
    const auto& words = canvas.model.said();
    const flow::State& state = canvas.model.state;
    std::vector<Tool> list{{.id = "size.down",
                            .shown = "A\u2212",
                            .spoken = words[Key::tools_smaller],
                            .rank = size_rank(state, -1),
                            .event = flow::event::SizeChanged{-1}},
                           {.id = "size.up",
                            .shown = "A+",
                            .spoken = words[Key::tools_larger],
                            .rank = size_rank(state, 1),
                            .event = flow::event::SizeChanged{1}},
                           {.id = "contrast",
                            .shown = {},
                            .spoken = words[Key::tools_contrast],
                            .icon = Icon::contrast,
                            .rank = ToolRank::contrast,
                            .event = flow::event::ContrastPressed{}}};
    if (flow::is_spoken(state)) add_voice(canvas, list);
    if (can_lower(canvas.model.panel)) {
        list.push_back({.id = "lower",
                        .shown = {},
                        .spoken = words[Key::tools_lower],
                        .icon = Icon::lower,
                        .rank = ToolRank::lower,
                        .selected = state.lowered,
                        .event = flow::event::LoweredPressed{}});
    }
    const bool in_all_languages =
        state.screen == flow::Screen::attract || state.screen == flow::Screen::out_of_service;
    if (in_all_languages && canvas.model.setup.staff.offered) {
        list.push_back({.id = "staff",
                        .shown = {},
                        .spoken = words[Key::staff_entrance],
                        .icon = Icon::lock,
                        .rank = ToolRank::staff,
                        .event = flow::event::Staff{flow::staff::Entered{}}});
    }
    if (in_all_languages) return list;
    if (flow::may_take_phone(canvas.model.setup, state)) {
        list.push_back({.id = "phone",
                        .shown = {},
                        .spoken = words[Key::phone_take],
                        .icon = Icon::phone,
                        .rank = ToolRank::phone,
                        .event = flow::event::PhonePressed{state.language}});
    }
    for (const survey::Language language : survey::kLanguages) {
        const auto& own = canvas.model.words[static_cast<std::size_t>(language)];
        list.push_back({.id = "lang." + std::string(survey::to_string(language)),
                        .shown = own[Key::language_short],
                        .spoken = own[Key::language_name],
                        .rank = ToolRank::language,
                        .selected = language == state.language,
                        .role = Role::radio,
                        .event = flow::event::LanguageChosen{language},
                        .language = language});
    }
    return list;
}

std::optional<ToolRow> plan_whole(const Canvas& canvas, const std::vector<Tool>& list, float room) {
    for (const RowStyle& style : kRowStyles) {
        const float width = row_width(canvas, list, style);
        if (width <= room) return ToolRow{list, style.face, style.pad, width};
    }
    return std::nullopt;
}

bool is_seeing(const Tool& tool) {
    return tool.rank == ToolRank::size || tool.rank == ToolRank::other_size ||
           tool.rank == ToolRank::reached_size || tool.rank == ToolRank::contrast;
}

ToolRow plan_tools(const Canvas& canvas, const std::vector<Tool>& list, float room) {
    if (auto whole = plan_whole(canvas, list, room)) return std::move(*whole);
    const RowStyle tight = kRowStyles.back();
    const Tool opener = sheet_opener(canvas);
    std::array<bool, kRanks.size()> kept{};
    for (const ToolRank rank : kRanks) {
        bool& keep = kept[static_cast<std::size_t>(rank)];
        keep = true;
        keep = row_width(canvas, up_to(list, kept, opener), tight) <= room;
    }
    ToolRow row{up_to(list, kept, opener), tight.face, tight.pad, 0};
    for (const RowStyle& style : kRowStyles) {
        row.face = style.face;
        row.pad = style.pad;
        row.w = row_width(canvas, row.tools, style);
        if (row.w <= room) break;
    }
    return row;
}

void draw_tools(Canvas& canvas, const ToolRow& row, const Box& box, Said& said) {
    float x = box.x;
    for (const Tool& tool : row.tools) {
        const Box place{x, box.y, tool_width(canvas, tool, {row.face, row.pad}), box.h};
        canvas.speak_in(tool.language.value_or(canvas.model.state.language));
        if (canvas.button(tool.id, place, tool.spoken, tool_look(tool, row.face))) {
            said = tool.event;
        }
        x += place.w + kGap;
    }
    canvas.speak_in(canvas.model.state.language);
}

bool draw_tools_above(Canvas& canvas, float content_top, ToolsAbove shown, Said& said) {
    const Box column = plain_frame(canvas).column;
    if (column.y + kToolsAbove > content_top) return false;
    const std::vector<Tool> list = all_tools(canvas);
    ToolRow row = plan_tools(canvas, list, column.w);
    if (shown == ToolsAbove::brief || row.tools.size() < list.size()) {
        std::vector<Tool> brief;
        std::copy_if(list.begin(), list.end(), std::back_inserter(brief), [](const Tool& tool) {
            return is_seeing(tool) || tool.rank == ToolRank::language;
        });
        // In the style of the whole row, so that the tools stand where they always stand.
        row.w = row_width(canvas, brief, {row.face, row.pad});
        row.tools = brief;
        if (row.w > column.w) row = plan_tools(canvas, brief, column.w);
    }
    draw_tools(canvas, row, {column.right() - row.w, column.y, row.w, kTarget}, said);
    return true;
}

float tools_beside_width(const Canvas& canvas) {
    std::vector<Tool> list{sheet_opener(canvas)};
    for (Tool& tool : all_tools(canvas)) {
        const bool needed = is_seeing(tool) && tool.rank != ToolRank::reached_size;
        if (needed) list.push_back(std::move(tool));
    }
    return row_width(canvas, list, kRowStyles.back());
}

void draw_tools_beside(Canvas& canvas, const Box& box, Said& said) {
    const ToolRow row = plan_tools(canvas, all_tools(canvas), box.w + 0.01F);
    draw_tools(canvas, row, box, said);
}

float top_below_tools(const Canvas& canvas, float h) {
    const Box column = plain_frame(canvas).column;
    const float below = column.y + kToolsAbove;
    const float top = below + h <= column.bottom() ? below : column.y;
    return top + std::max(0.0F, column.bottom() - top - h) / 2;
}

void draw_tool_sheet(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    const Frame frame = plain_frame(canvas);
    const Box& body = frame.body;
    const std::vector<Tool> list = all_tools(canvas);
    const TextBlock title = canvas.type.fit(words[Key::tools_open], body.w, body.h * 0.2F,
                                            {Face::title, Face::strong, Face::small});
    const SheetPlan plan = plan_sheet(canvas, list, frame, title.h + 2.0F);
    float top = body.y;
    if (plan.title_h > 0) {
        canvas.heading("tools.title", {body.x, top, body.w, title.h}, title, Align::left,
                       canvas.colours.paper);
        top += plan.title_h;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Tool& tool = list[i];
        const std::div_t place = std::div(static_cast<int>(i), plan.columns);
        const Box cell{body.x + static_cast<float>(place.rem) * (plan.cell_w + kGap),
                       top + static_cast<float>(place.quot) * (plan.cell_h + kGap), plan.cell_w,
                       plan.cell_h};
        ButtonStyle look = tool_look(tool, plan.face);
        look.look = Look::outlined;
        if (plan.words) {
            look.icon_only = false;
            look.shown.clear();
        }
        canvas.speak_in(tool.language.value_or(canvas.model.state.language));
        if (canvas.button(tool.id, cell, tool.spoken, look)) said = tool.event;
    }
    canvas.speak_in(canvas.model.state.language);
    const std::string& done = words[Key::nav_done];
    const float wide = std::max(38.0F, canvas.type.width(Face::strong, done) + 14.0F);
    const Box box{frame.footer.right() - wide, frame.footer.y, wide, frame.footer.h};
    if (canvas.button("tools.done", box, done, {.look = Look::primary})) {
        said = flow::event::ToolsPressed{};
    }
}

}  // namespace kaiku::ui
