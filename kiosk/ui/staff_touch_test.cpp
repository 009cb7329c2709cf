#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

/// Cells to the very edges of the glass; each is ticked off by a touch. The way out takes the place
/// of two cells in the middle.
void draw_staff_touch_test(Canvas& canvas, Said& said) {
    using locales::Key;
    const auto& words = canvas.model.said();
    const auto& touched = canvas.model.state.staff.touched;
    const bool portrait = canvas.height() > canvas.width();
    const int columns = portrait ? 4 : 6;
    const int rows = static_cast<int>(flow::kTouchCells) / columns;
    const auto side = [](float whole, int count) {
        return (whole - static_cast<float>(count - 1) * kGap) / static_cast<float>(count);
    };
    const float w = side(canvas.width(), columns);
    const float h = side(canvas.height(), rows);
    const int middle_row = rows / 2;
    const int middle_column = columns / 2 - 1;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            Box box{static_cast<float>(column) * (w + kGap), static_cast<float>(row) * (h + kGap),
                    w, h};
            if (row == middle_row && column == middle_column) {
                box.w += w + kGap;
                if (canvas.button("staff.close", box, words[Key::nav_done],
                                  {.look = Look::primary})) {
                    said = flow::event::Staff{flow::staff::Up{}};
                }
                continue;
            }
            if (row == middle_row && column == middle_column + 1) continue;
            const auto cell = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                              static_cast<std::size_t>(column);
            const std::string name = std::to_string(cell + 1);
            ButtonStyle style{.look = Look::outlined, .face = Face::small};
            style.selected = touched.test(cell);
            if (style.selected) {
                style.icon = Icon::check;
                style.icon_only = true;
            }
            if (canvas.button("cell." + name, box, name, style)) {
                said = flow::event::Staff{flow::staff::CellTouched{cell}};
            }
        }
    }
}

}  // namespace kaiku::ui
