#include <algorithm>

#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

constexpr float kFactGap = 1.6F;
constexpr float kLeastColumn = 62.0F;

struct Cell {
    const StaffItem* item = nullptr;
    Box box;
    TextBlock label;
    TextBlock value;
    bool below = false;  ///< the value has a line of its own
};

struct Page {
    std::vector<Cell> cells;
};

bool is_operable(const StaffItem& item) { return item.event.has_value(); }

/// How high an item is in a column, and how its text stands in it.
Cell measure(const Canvas& canvas, const StaffItem& item, float width, float most_h, Face face) {
    Cell cell;
    cell.item = &item;
    if (is_operable(item)) {
        cell.label =
            canvas.type.fit(item.label, width - 6.0F, most_h - 3.6F, {Face::strong, Face::small});
        cell.box.h = std::max(kTarget, cell.label.h + 3.6F);
        return cell;
    }
    cell.label = canvas.type.set(item.label, face, width);
    cell.value = canvas.type.set(item.value, face, width);
    cell.below = !item.value.empty() &&
                 (cell.label.lines.size() > 1 || cell.label.w + 4.0F + cell.value.w > width);
    cell.box.h = std::max(cell.label.h, cell.value.h);
    if (cell.below) cell.box.h = cell.label.h + cell.value.h;
    return cell;
}

/// A heading stays with what it leads to: the room that needs besides its own.
float room_after(const Canvas& canvas, const std::vector<StaffItem>& items, std::size_t index,
                 float width, float most_h, Face face) {
    const StaffItem& item = items[index];
    const bool leads = !is_operable(item) && item.value.empty() && index + 1 < items.size() &&
                       is_operable(items[index + 1]);
    if (!leads) return 0;
    return kFactGap + measure(canvas, items[index + 1], width, most_h, face).box.h;
}

/// Column by column, page by page.
std::vector<Page> paginate(const Canvas& canvas, const std::vector<StaffItem>& items,
                           const Box& area, int columns, Face face) {
    std::vector<Page> pages(1);
    const auto count = static_cast<float>(columns);
    const float width = (area.w - (count - 1) * 2 * kGap) / count;
    int column = 0;
    float y = area.y;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const StaffItem& item = items[i];
        Cell cell = measure(canvas, item, width, area.h, face);
        const float gap = is_operable(item) ? kGap : kFactGap;
        const float needed = cell.box.h + room_after(canvas, items, i, width, area.h, face);
        if (y > area.y && y + needed > area.bottom() + 0.01F) {
            y = area.y;
            if (++column == columns) {
                column = 0;
                pages.emplace_back();
            }
        }
        cell.box = {area.x + static_cast<float>(column) * (width + 2 * kGap), y, width, cell.box.h};
        y += cell.box.h + gap;
        pages.back().cells.push_back(std::move(cell));
    }
    return pages;
}

void draw_fact(Canvas& canvas, const Cell& cell) {
    const Rgb ink = canvas.colours.ink;
    const Rgb paper = canvas.colours.paper;
    Box left = cell.box;
    if (cell.below) {
        left.h = cell.label.h;
    } else if (!cell.item->value.empty()) {
        left.w = cell.box.w - cell.value.w - 2.0F;
    }
    canvas.text(cell.item->id, left, cell.label, Align::left, ink, paper);
    if (cell.item->value.empty()) return;
    const Box right =
        cell.below ? Box{cell.box.x, left.bottom(), cell.box.w, cell.value.h}
                   : Box{cell.box.right() - cell.value.w, cell.box.y, cell.value.w, cell.value.h};
    canvas.text(cell.item->id + ".value", right, cell.value,
                cell.below ? Align::left : Align::right, ink, paper);
}

void draw_cell(Canvas& canvas, const Cell& cell, Said& said) {
    if (!is_operable(*cell.item)) return draw_fact(canvas, cell);
    ButtonStyle style{.role = cell.item->role, .look = Look::card};
    style.selected = cell.item->selected;
    if (canvas.button(cell.item->id, cell.box, cell.item->label, style)) {
        said = flow::event::Staff{*cell.item->event};
    }
}

bool has_trouble(const std::vector<Page>& pages, float most_h) {
    return std::any_of(pages.begin(), pages.end(), [most_h](const Page& page) {
        return std::any_of(page.cells.begin(), page.cells.end(), [most_h](const Cell& cell) {
            return cell.label.broken || cell.value.broken || cell.box.h > most_h;
        });
    });
}

/// One column or two, whichever needs fewer pages; smaller letters where a fact would be too tall.
std::vector<Page> lay_out(const Canvas& canvas, const std::vector<StaffItem>& items,
                          const Box& area) {
    std::vector<Page> pages = paginate(canvas, items, area, 1, Face::body);
    Face face = Face::body;
    if (has_trouble(pages, area.h)) {
        face = Face::small;
        pages = paginate(canvas, items, area, 1, face);
    }
    if (pages.size() == 1 || area.w < 2 * kLeastColumn) return pages;
    auto beside = paginate(canvas, items, area, 2, face);
    if (beside.size() < pages.size() && !has_trouble(beside, area.h)) return beside;
    return pages;
}

/// From the second page of a list on, back means the page before.
void settle_list(int page, Said& said) {
    if (!said || !std::holds_alternative<flow::event::Back>(*said)) return;
    if (page > 0) {
        said = flow::event::Staff{flow::staff::ListTurned{page - 1}};
    } else {
        said = flow::event::Staff{flow::staff::Up{}};
    }
}

}  // namespace

FooterButton staff_button(std::string id, const std::string& label, flow::StaffEvent event,
                          Look look) {
    return {std::move(id), label, ButtonStyle{.look = look}, flow::event::Staff{std::move(event)}};
}

void draw_staff_list(Canvas& canvas, const StaffList& list, Said& said) {
    const Frame frame = staff_frame(canvas, list.title, said);
    const Box& area = frame.body;
    std::vector<StaffItem> items = list.items;
    if (!list.note.empty())
        items.insert(items.begin(), {"staff.note", list.note, "", std::nullopt});
    const std::vector<Page> pages = lay_out(canvas, items, area);
    const int last = static_cast<int>(pages.size()) - 1;
    const int page = std::clamp(canvas.model.state.staff.list_page, 0, last);
    for (const Cell& cell : pages[static_cast<std::size_t>(page)].cells) {
        draw_cell(canvas, cell, said);
    }
    std::vector<FooterButton> forward = list.actions;
    if (page < last) {
        forward.insert(forward.begin(), staff_button("more", canvas.model.said()[Key::nav_more],
                                                     flow::staff::ListTurned{page + 1}));
    }
    footer(canvas, frame, forward, said);
    settle_list(page, said);
}

}  // namespace kaiku::ui
