#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "central/results/report.hpp"
#include "locales/catalogue.hpp"

namespace kaiku::central {

/// How the text report looks.
struct TextStyle {
    bool colour = false;     ///< only on a terminal
    std::size_t width = 80;  ///< columns, 80–100
    /// Wordings of statements by their keys; a key without one is shown as it is.
    std::map<std::string, std::string> statements;
};

/// The report for a terminal: NPS with its interval on a scale, who answered how, the channels,
/// every statement and group, and the change from the period before in plain words.
std::string report_text(const Report& report, const locales::Catalogue& words,
                        const TextStyle& style);

/// Wordings of the statements of every instrument in a folder, in one language. Where a key has
/// several, the wording that most were asked counts (`asked`: responses by instrument), then an
/// original's before its plain variant's. Files that are no instruments are left out: a report
/// does not fail for a wording.
std::map<std::string, std::string> statement_wordings(
    const std::filesystem::path& folder, survey::Language language,
    const std::map<InstrumentVersion, std::int64_t>& asked);

}  // namespace kaiku::central
