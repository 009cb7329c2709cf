#include <map>
#include <string_view>
#include <vector>

#include "survey/statistics.hpp"

namespace kaiku::survey {
namespace {

/// The smallest cell that still shows a count; an empty one only if there is nothing else,
/// since hiding a zero beside the marked cell hides little.
Cell* smallest_shown(const std::vector<Cell*>& cells) {
    Cell* smallest = nullptr;
    for (Cell* cell : cells) {
        if (cell->suppressed) continue;
        const bool better = smallest == nullptr || (smallest->n == 0 && cell->n > 0) ||
                            (cell->n > 0 && cell->n < smallest->n);
        if (better) smallest = cell;
    }
    return smallest;
}

}  // namespace

void suppress_small_cells(std::span<Cell> cells, std::int64_t minimum_n) {
    std::map<std::string_view, std::vector<Cell*>> groups;
    for (Cell& cell : cells) {
        if (cell.n > 0 && cell.n < minimum_n) cell.suppressed = true;
        groups[cell.group].push_back(&cell);
    }
    for (const auto& [name, members] : groups) {
        std::size_t marked = 0;
        for (const Cell* cell : members) marked += cell->suppressed ? 1 : 0;
        if (marked != 1) continue;
        if (Cell* second = smallest_shown(members); second != nullptr) second->suppressed = true;
    }
}

}  // namespace kaiku::survey
