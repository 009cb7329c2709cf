#include "kiosk/ui/options.hpp"

#include <algorithm>

namespace kaiku::ui {

namespace {

constexpr int kMaxColumns = 3;
/// A button grows into spare room up to this height, in mm.
constexpr float kMaxHeight = 18.0F;

/// Options side by side.
struct Row {
    std::size_t first = 0;
    std::size_t last = 0;  ///< one past the last option
    float h = kTarget;
};

struct Grid {
    int columns = 1;
    float column_w = 0;
    std::vector<Row> rows;
    bool fits = true;  ///< no word had to be broken
};

Grid lay_out(const Canvas& canvas, const std::vector<Option>& options, float width, int columns) {
    Grid grid;
    grid.columns = columns;
    grid.column_w = (width - static_cast<float>(columns - 1) * kGap) / static_cast<float>(columns);
    const std::size_t count = options.size();
    const auto step = static_cast<std::size_t>(columns);
    for (std::size_t first = 0; first < count; first += step) {
        Row row{.first = first, .last = std::min(count, first + step)};
        for (std::size_t i = row.first; i < row.last; ++i) {
            const float beside = options[i].icon == Icon::none
                                     ? 0
                                     : canvas.type.capital(Face::strong) * 1.35F + 1.6F;
            const TextBlock block = canvas.type.fit(options[i].label, grid.column_w - 6.0F - beside,
                                                    1e3F, {Face::strong, Face::small});
            row.h = std::max(row.h, block.h + 3.6F);
            grid.fits = grid.fits && !block.broken;
        }
        grid.rows.push_back(row);
    }
    return grid;
}

/// Height of the rows [first, last) with the gaps between them.
float height_of(const Grid& grid, std::size_t first, std::size_t last) {
    float height = 0;
    for (std::size_t i = first; i < last; ++i) height += grid.rows[i].h + kGap;
    return std::max(0.0F, height - kGap);
}

/// Rows [first, last) of each page. The first page has the question above; where not even one row
/// fits, pages without rows hold the question alone.
std::vector<std::pair<std::size_t, std::size_t>> paginate(const Canvas& canvas, const Frame& frame,
                                                          const std::string& text,
                                                          const Grid& grid) {
    std::vector<std::pair<std::size_t, std::size_t>> pages;
    std::size_t last = grid.rows.size();
    const auto beside_title = [&](std::size_t rows) {
        return plan_question(canvas, frame, text, height_of(grid, 0, rows)).fits;
    };
    while (last > 0 && !beside_title(last)) --last;
    pages.emplace_back(0, last);
    if (last == 0) {
        pages.resize(static_cast<std::size_t>(question_pages(canvas, frame, text)), pages.front());
    }
    while (last < grid.rows.size()) {
        const std::size_t first = last++;
        while (last < grid.rows.size() && height_of(grid, first, last + 1) <= frame.body.h) ++last;
        pages.emplace_back(first, last);
    }
    return pages;
}

struct Layout {
    Grid grid;
    std::vector<std::pair<std::size_t, std::size_t>> pages;
};

/// The fewest pages, then the fewest columns.
Layout choose(const Canvas& canvas, const Frame& frame, const std::vector<Option>& options,
              const std::string& text) {
    Layout best;
    for (int columns = 1; columns <= kMaxColumns; ++columns) {
        Layout tried;
        tried.grid = lay_out(canvas, options, frame.body.w, columns);
        const bool too_tall =
            std::any_of(tried.grid.rows.begin(), tried.grid.rows.end(),
                        [&frame](const Row& row) { return row.h > frame.body.h; });
        if (columns > 1 && (too_tall || !tried.grid.fits)) break;
        tried.pages = paginate(canvas, frame, text, tried.grid);
        if (columns == 1 || tried.pages.size() < best.pages.size()) best = std::move(tried);
    }
    return best;
}

void draw_options(Canvas& canvas, const std::vector<Option>& options, const Grid& grid,
                  std::pair<std::size_t, std::size_t> rows, const Box& area, Said& said) {
    const float spare = std::max(0.0F, area.h - height_of(grid, rows.first, rows.second));
    const float share =
        spare / static_cast<float>(std::max<std::size_t>(1, rows.second - rows.first));
    float y = area.y;
    for (std::size_t place = rows.first; place < rows.second; ++place) {
        const Row& row = grid.rows[place];
        const float height = std::max(row.h, std::min(row.h + share, kMaxHeight));
        float x = area.x;
        for (std::size_t i = row.first; i < row.last; ++i) {
            const Option& option = options[i];
            ButtonStyle style{.role = option.role, .look = Look::card, .icon = option.icon};
            style.selected = option.selected;
            if (canvas.button(option.id, {x, y, grid.column_w, height}, option.label, style)) {
                said = option.event;
            }
            x += grid.column_w + kGap;
        }
        y += height + kGap;
    }
}

/// Forward from a page before the last: to more options, and on where that is allowed.
std::vector<FooterButton> forward_from(const Canvas& canvas, const Frame& frame, int page,
                                       const std::vector<FooterButton>& forward, bool may_go_on) {
    if (!may_go_on || forward.empty()) return {more_button(canvas, page, Look::primary)};
    std::vector<FooterButton> both{more_button(canvas, page, Look::outlined)};
    both.insert(both.end(), forward.begin(), forward.end());
    if (!footer_fits(canvas, frame, both)) both.resize(1);
    return both;
}

}  // namespace

void draw_option_pages(Canvas& canvas, const Frame& frame, const std::string& text,
                       const std::vector<Option>& options, const std::vector<FooterButton>& forward,
                       bool may_go_on, Said& said) {
    const Layout layout = choose(canvas, frame, options, text);
    const int last = static_cast<int>(layout.pages.size()) - 1;
    const int page = std::clamp(canvas.model.state.answers_page, 0, last);
    const auto rows = layout.pages[static_cast<std::size_t>(page)];
    if (rows.first == rows.second) return question_page(canvas, frame, text, said);
    Box area = frame.body;
    if (page == 0) {
        const Plan plan =
            plan_question(canvas, frame, text, height_of(layout.grid, rows.first, rows.second));
        draw_title(canvas, plan);
        area = plan.answers;
    }
    draw_options(canvas, options, layout.grid, rows, area, said);
    footer(canvas, frame,
           page == last ? forward : forward_from(canvas, frame, page, forward, may_go_on), said);
    settle_page(page, said);
}

}  // namespace kaiku::ui
