#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/store/store.hpp"
#include "survey/statistics.hpp"

namespace kaiku::central {

/// By what a report is split; several at once give every combination that occurs.
struct Split {
    bool unit = false;
    bool channel = false;
    bool language = false;
    bool respondent = false;
    bool instrument = false;  ///< by its versions
    bool any() const noexcept { return unit || channel || language || respondent || instrument; }
};

/// What a group is about; a key by which the report is not split is nothing.
struct GroupKey {
    std::optional<std::string> unit;
    std::optional<std::string> channel;
    std::optional<std::string> language;
    std::optional<std::string> respondent{};
    std::optional<InstrumentVersion> instrument{};
    auto operator<=>(const GroupKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// The figures of one group in one period. What is held back is nothing and marked.
struct Figures {
    std::int64_t n = 0;           ///< responses, also when their figures are held back
    bool suppressed = false;      ///< everything of this group is held back
    bool nps_suppressed = false;  ///< the NPS is, because too few answered that question
    std::optional<survey::Nps> nps;
    std::map<std::string, std::optional<survey::StatementFigures>> statements;
    std::map<std::string, std::int64_t> channels;           ///< responses by channel
    std::map<std::string, std::int64_t> respondents;        ///< responses by respondent kind
    std::map<InstrumentVersion, std::int64_t> instruments;  ///< responses by what was asked
    std::int64_t assisted = 0;                              ///< responses that somebody helped with
};

/// The units of a report: which count, and who belongs to whom.
class UnitTree {
  public:
    /// With `root`, only that unit and everything below it. Errc::not_found if it is unknown.
    static Result<UnitTree> build(const std::vector<Unit>& units,
                                  const std::optional<std::string>& root);

    bool contains(const std::string& code) const { return units_.contains(code); }
    const Unit* find(const std::string& code) const;
    /// The unit within this tree to which another belongs; empty at the top.
    std::string parent_of(const std::string& code) const;
    /// The unit itself and everything above it within this tree.
    std::vector<std::string> with_ancestors(const std::string& code) const;
    /// The codes if the tree was cut at a root; nothing when it holds every unit.
    std::optional<std::set<std::string>> selection() const;
    /// How many units lie above this one within the tree.
    std::size_t depth_of(const std::string& code) const { return with_ancestors(code).size() - 1; }

  private:
    std::map<std::string, Unit> units_;
    std::optional<std::string> root_;
};

/// The figures of a whole period: the total, and every group.
struct FigureTable {
    Figures total;
    std::map<GroupKey, Figures> groups;
};

/// Counts become figures. A parent unit's figures include its children's. Groups, NPS and
/// statements with fewer than `minimum_n` answers are held back, and so is whatever would let a
/// reader work them out: a second one beside a lonely one, and a child of every held-back parent.
FigureTable make_figures(const Tallies& tallies, const UnitTree& units, const Split& split,
                         std::int64_t minimum_n);

}  // namespace kaiku::central
