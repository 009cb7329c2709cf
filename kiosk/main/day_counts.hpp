#pragma once

#include <filesystem>
#include <string>

#include "survey/result.hpp"

namespace kaiku::kiosk {

/// How often something happened on one local day. No content, no times.
struct DayCounts {
    std::string day;  ///< "2026-11-22"
    int shown = 0;    ///< the first screen came up for a new visitor
    int started = 0;
    int stored = 0;
    friend bool operator==(const DayCounts&, const DayCounts&) = default;
};
enum class Tally { shown, started, stored };

/// Counts one more on `day`; another day begins at nothing.
void count(DayCounts& counts, Tally what, const std::string& day);
/// The counts of `day`: those given, or nothing yet.
DayCounts counts_on(const DayCounts& counts, const std::string& day);

/// The local day, "2026-11-22".
std::string local_day();

/// `<data_dir>/counts.json`; nothing counted yet when it is missing or damaged.
DayCounts load_counts(const std::filesystem::path& data_dir);
Status save_counts(const std::filesystem::path& data_dir, const DayCounts& counts);

}  // namespace kaiku::kiosk
