#include "kiosk/flow/staff_hours.hpp"

#include <fmt/format.h>

#include <array>

#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr std::array kDays{Key::staff_day_monday,    Key::staff_day_tuesday,
                           Key::staff_day_wednesday, Key::staff_day_thursday,
                           Key::staff_day_friday,    Key::staff_day_saturday,
                           Key::staff_day_sunday};

std::string clock(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

/// A button for each end and direction, named by what it leads to; none where it leads nowhere.
void add_moves(const Canvas& canvas, StaffList& list) {
    struct Move {
        const char* id;
        Key words;
        bool end;
        int steps;
    };
    constexpr std::array kMoves{Move{"staff.opens.earlier", Key::staff_opens_earlier, false, -1},
                                Move{"staff.opens.later", Key::staff_opens_later, false, 1},
                                Move{"staff.closes.earlier", Key::staff_closes_earlier, true, -1},
                                Move{"staff.closes.later", Key::staff_closes_later, true, 1}};
    const flow::StaffState& staff = canvas.model.state.staff;
    for (const Move& move : kMoves) {
        const auto moved = flow::moved_hours(staff.hours, staff.day, move.end, move.steps);
        if (moved == staff.hours) continue;
        const auto& hours = moved.at(staff.day);
        const std::string time = clock(move.end ? hours->to : hours->from);
        list.items.push_back({move.id, canvas.model.said().format(move.words, {{"time", time}}), "",
                              flow::staff::HoursMoved{move.end, move.steps}});
    }
}

}  // namespace

std::string hours_words(const Canvas& canvas, const std::optional<survey::OpenHours>& hours) {
    if (!hours) return canvas.model.said()[Key::staff_opening_closed];
    return clock(hours->from) + "–" + clock(hours->to);
}

void draw_staff_hours(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    const flow::StaffState& staff = canvas.model.state.staff;
    StaffList list;
    list.title = words[Key::staff_tool_hours];
    list.note = words[staff.saved ? Key::staff_hours_saved : Key::staff_hours_lead];
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        list.items.push_back({"staff.day." + std::to_string(day + 1),
                              words[kDays.at(day)] + " " + hours_words(canvas, staff.hours.at(day)),
                              "", flow::staff::DayChosen{day}, Role::radio, staff.day == day});
    }
    list.items.push_back({"staff.day.now", words[kDays.at(staff.day)], "", std::nullopt});
    add_moves(canvas, list);
    const bool open = staff.hours.at(staff.day).has_value();
    list.items.push_back({"staff.day.toggle",
                          words[open ? Key::staff_day_close : Key::staff_day_open], "",
                          flow::staff::DayToggled{}});
    list.actions = {staff_button("staff.keep", words[Key::staff_panel_keep],
                                 flow::staff::HoursKept{}, Look::primary)};
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
