#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/results/figures.hpp"
#include "central/results/period.hpp"

namespace kaiku::central {

/// What a report is asked for.
struct ReportQuestion {
    Period period;
    std::optional<std::string> unit;
    Split split;
    std::int64_t minimum_n = 5;
    bool with_flagged = true;
    survey::UtcSeconds now = survey::UtcSeconds::max();  ///< no answer can be of later
    std::optional<std::string> instrument{};             ///< id
    std::optional<int> version{};                        ///< of the instrument
    std::optional<std::string> respondent{};             ///< kind
};

/// One group now, and as it was in the period of the same length before.
struct ReportGroup {
    GroupKey key;
    Figures now;
    Figures before;
    std::optional<survey::NpsChange> change;  ///< nothing if either NPS is missing or held back
};

struct Report {
    Period period;
    std::optional<std::string> unit;
    Split split;
    std::int64_t minimum_n = 0;
    bool with_flagged = true;
    std::optional<std::string> instrument{};
    std::optional<int> version{};
    std::optional<std::string> respondent{};
    /// Answers of these units, of whatever period, whose date cannot be right: of before 2020, or
    /// of more than a day from now. A device's clock was lost.
    std::int64_t misdated = 0;
    std::int64_t flagged = 0;  ///< flagged answers of the period, counted in or left out
    ReportGroup total;
    std::vector<ReportGroup> groups;  ///< by unit, channel, language, respondent, instrument
    std::map<std::string, Unit> units;
};

/// Reads the counts of both periods and makes the figures. Errc::not_found for an unknown unit.
Result<Report> make_report(Store& store, const ReportQuestion& question);

/// The report as JSON (docs/formats/central-store.md, DESIGN section 4), values unrounded.
std::string report_json(const Report& report);
/// The report as CSV with a header line, one line for the total and one for each group.
std::string report_csv(const Report& report);

}  // namespace kaiku::central
