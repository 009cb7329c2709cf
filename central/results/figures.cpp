#include "central/results/figures.hpp"

#include <algorithm>
#include <functional>

namespace kaiku::central {
namespace {

struct Counted {
    Tally tally;
    std::map<std::string, std::int64_t> channels;
    std::map<std::string, std::int64_t> respondents;
    std::map<InstrumentVersion, std::int64_t> instruments;
};
using Counts = std::map<GroupKey, Counted>;

void add(Counted& counted, const TallyKey& key, const Tally& tally) {
    counted.tally.responses += tally.responses;
    counted.tally.assisted += tally.assisted;
    counted.tally.nps.merge(tally.nps);
    for (const auto& [name, counts] : tally.statements) {
        counted.tally.statements[name].merge(counts);
    }
    counted.channels[key.channel] += tally.responses;
    counted.respondents[key.respondent] += tally.responses;
    counted.instruments[key.instrument] += tally.responses;
}

/// Which groups a figure is held back in. `n` gives a group's count, `held` starts with those
/// that are held back anyway.
class Suppression {
  public:
    Suppression(const UnitTree& units, std::int64_t minimum_n)
        : units_(units), minimum_n_(minimum_n) {}

    std::set<GroupKey> find(const std::map<GroupKey, std::int64_t>& counts,
                            const std::set<GroupKey>& held) const {
        std::vector<GroupKey> keys;
        std::vector<survey::Cell> cells;
        for (const auto& [key, count] : counts) {
            keys.push_back(key);
            cells.push_back({siblings_of(key), count, held.contains(key)});
        }
        const Children children = children_of(keys);
        add_own_parts(children, keys, cells);
        // Marks only grow, so this ends after at most as many rounds as there are cells.
        do {
            survey::suppress_small_cells(cells, minimum_n_);
        } while (mark_children(children, cells));
        std::set<GroupKey> marked;
        for (std::size_t index = 0; index < keys.size(); ++index) {
            if (cells[index].suppressed) {
                marked.insert(keys[index]);
            }
        }
        return marked;
    }

  private:
    /// Places of a group's children by the group's own place.
    using Children = std::map<std::size_t, std::vector<std::size_t>>;

    /// Cells that add up to one published figure: the top of the tree to the total, children to
    /// the same combination of their parent.
    std::string siblings_of(const GroupKey& key) const {
        const std::string parent = key.unit ? units_.parent_of(*key.unit) : std::string();
        if (parent.empty()) {
            return {};
        }
        const InstrumentVersion asked = key.instrument.value_or(InstrumentVersion());
        std::string cells = parent;
        for (const std::string& part :
             {key.channel.value_or(""), key.language.value_or(""), key.respondent.value_or(""),
              asked.id, std::to_string(asked.version)}) {
            cells += '\n' + part;
        }
        return cells;
    }

    /// A unit's own answers are what its children leave of it: nobody prints them, but whoever
    /// subtracts has them. A cell beside the children's, after those of `keys`.
    void add_own_parts(const Children& children, const std::vector<GroupKey>& keys,
                       std::vector<survey::Cell>& cells) const {
        for (const auto& [parent, below] : children) {
            std::int64_t own = cells[parent].n;
            for (const std::size_t child : below) own -= cells[child].n;
            if (own > 0) cells.push_back({siblings_of(keys[below.back()]), own, false});
        }
    }

    /// Of each group that has any: the same combination of the units right below, as places in
    /// `keys`, which are in order.
    Children children_of(const std::vector<GroupKey>& keys) const {
        Children children;
        for (std::size_t index = 0; index < keys.size(); ++index) {
            const std::string parent =
                keys[index].unit ? units_.parent_of(*keys[index].unit) : std::string();
            if (parent.empty()) continue;
            GroupKey above = keys[index];
            above.unit = parent;
            const auto found = std::lower_bound(keys.begin(), keys.end(), above);
            if (found == keys.end() || *found != above) continue;
            children[static_cast<std::size_t>(found - keys.begin())].push_back(index);
        }
        return children;
    }

    /// A held-back parent could be added up from its children: holds back the smallest child of
    /// every such parent that has none held back yet. True if anything was marked.
    static bool mark_children(const Children& children, std::vector<survey::Cell>& cells) {
        bool changed = false;
        for (const auto& [parent, below] : children) {
            if (!cells[parent].suppressed) continue;
            survey::Cell* smallest = nullptr;
            bool protected_already = false;
            for (const std::size_t child : below) {
                if (cells[child].n == 0) continue;
                protected_already = protected_already || cells[child].suppressed;
                if (smallest == nullptr || cells[child].n < smallest->n) smallest = &cells[child];
            }
            if (smallest != nullptr && !protected_already) {
                smallest->suppressed = true;
                changed = true;
            }
        }
        return changed;
    }

    const UnitTree& units_;
    std::int64_t minimum_n_;
};

Counts count_groups(const Tallies& tallies, const UnitTree& units, const Split& split) {
    Counts counts;
    for (const auto& [key, tally] : tallies) {
        if (!units.contains(key.unit)) {
            continue;
        }
        GroupKey group;
        group.channel = split.channel ? std::optional(key.channel) : std::nullopt;
        group.language = split.language ? std::optional(key.language) : std::nullopt;
        group.respondent = split.respondent ? std::optional(key.respondent) : std::nullopt;
        group.instrument = split.instrument ? std::optional(key.instrument) : std::nullopt;
        if (!split.unit) {
            add(counts[group], key, tally);
            continue;
        }
        for (const std::string& unit : units.with_ancestors(key.unit)) {
            group.unit = unit;
            add(counts[group], key, tally);
        }
    }
    return counts;
}

using CountOf = std::function<std::int64_t(const Tally&)>;

/// Where one figure is held back: small in the total means everywhere.
struct Held {
    bool total = false;
    std::set<GroupKey> groups;
};

Held hold_back(const Counted& total, const Counts& counts, const CountOf& count_of,
               const Held& before, const UnitTree& units, std::int64_t minimum_n) {
    std::map<GroupKey, std::int64_t> cells;
    for (const auto& [key, counted] : counts) {
        cells[key] = count_of(counted.tally);
    }
    const std::int64_t n = count_of(total.tally);
    Held held;
    held.total = before.total || (n > 0 && n < minimum_n);
    held.groups = Suppression(units, minimum_n).find(cells, before.groups);
    return held;
}

Figures figures_of(const Counted& counted, bool suppressed) {
    Figures figures;
    figures.n = counted.tally.responses;
    figures.channels = counted.channels;
    figures.respondents = counted.respondents;
    figures.instruments = counted.instruments;
    figures.assisted = counted.tally.assisted;
    figures.suppressed = suppressed;
    figures.nps_suppressed = suppressed;
    if (!suppressed) {
        figures.nps = survey::nps_of(counted.tally.nps);
    }
    for (const auto& [key, counts] : counted.tally.statements) {
        figures.statements[key] = suppressed ? std::nullopt : survey::statement_of(counts);
    }
    return figures;
}

std::int64_t statement_n(const Tally& tally, const std::string& key) {
    const auto found = tally.statements.find(key);
    return found == tally.statements.end() ? 0 : found->second.n();
}

void hide_nps(Figures& figures) {
    figures.nps_suppressed = true;
    figures.nps.reset();
}

void hide_statement(Figures& figures, const std::string& key) {
    if (const auto found = figures.statements.find(key); found != figures.statements.end()) {
        found->second.reset();
    }
}

}  // namespace

Result<UnitTree> UnitTree::build(const std::vector<Unit>& units,
                                 const std::optional<std::string>& root) {
    UnitTree all;
    for (const Unit& unit : units) {
        all.units_.emplace(unit.code, unit);
    }
    if (!root) {
        return all;
    }
    if (!all.contains(*root)) {
        return fail(Errc::not_found, "unit '" + *root + "' does not exist");
    }
    UnitTree cut;
    cut.root_ = root;
    for (const Unit& unit : units) {
        const auto chain = all.with_ancestors(unit.code);
        if (std::find(chain.begin(), chain.end(), *root) != chain.end()) {
            cut.units_.emplace(unit.code, unit);
        }
    }
    return cut;
}

const Unit* UnitTree::find(const std::string& code) const {
    const auto found = units_.find(code);
    return found == units_.end() ? nullptr : &found->second;
}

std::string UnitTree::parent_of(const std::string& code) const {
    const Unit* unit = find(code);
    return unit != nullptr && contains(unit->parent) ? unit->parent : std::string();
}

std::vector<std::string> UnitTree::with_ancestors(const std::string& code) const {
    std::vector<std::string> chain;
    // A parent is always there before its child, so chains end; the bound is for damaged stores.
    for (std::string at = code; !at.empty() && chain.size() <= units_.size(); at = parent_of(at)) {
        chain.push_back(at);
    }
    return chain;
}

std::optional<std::set<std::string>> UnitTree::selection() const {
    if (!root_) {
        return std::nullopt;
    }
    std::set<std::string> codes;
    for (const auto& [code, unit] : units_) {
        codes.insert(code);
    }
    return codes;
}

FigureTable make_figures(const Tallies& tallies, const UnitTree& units, const Split& split,
                         std::int64_t minimum_n) {
    Counted total;
    for (const auto& [key, tally] : tallies) {
        if (units.contains(key.unit)) {
            add(total, key, tally);
        }
    }
    const Counts counts = split.any() ? count_groups(tallies, units, split) : Counts();
    const Held groups = hold_back(
        total, counts, [](const Tally& tally) { return tally.responses; }, {}, units, minimum_n);

    FigureTable table;
    table.total = figures_of(total, groups.total);
    for (const auto& [key, counted] : counts) {
        table.groups.emplace(key, figures_of(counted, groups.groups.contains(key)));
    }
    const Held nps = hold_back(
        total, counts, [](const Tally& tally) { return tally.nps.n(); }, groups, units, minimum_n);
    if (nps.total) {
        hide_nps(table.total);
    }
    for (const GroupKey& key : nps.groups) {
        hide_nps(table.groups.at(key));
    }
    for (const auto& [name, ignored] : total.tally.statements) {
        const Held held = hold_back(
            total, counts, [&name = name](const Tally& tally) { return statement_n(tally, name); },
            groups, units, minimum_n);
        if (held.total) {
            hide_statement(table.total, name);
        }
        for (const GroupKey& key : held.groups) {
            hide_statement(table.groups.at(key), name);
        }
    }
    return table;
}

}  // namespace kaiku::central
