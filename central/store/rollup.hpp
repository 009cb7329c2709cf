#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "central/store/store.hpp"

/// Counts of answers by unit, day, month and year, so that no report reads answers.
namespace kaiku::central {

/// How long the time of a rollup row is.
enum class RollupLevel { day, month, year };

/// What a rollup row counts. `start` is the local day 20261123, month 202611 or year 2026.
struct RollupKey {
    RollupLevel level = RollupLevel::day;
    std::string unit;
    std::int64_t start = 0;
    std::string slice;  ///< channel, language, respondent kind, flagged or not, instrument version
    auto operator<=>(const RollupKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Responses of one local hour of the day.
struct HourCounts {
    std::int64_t responses = 0;
    survey::NpsCounts nps;
    friend bool operator==(const HourCounts&, const HourCounts&) = default;
};

/// The counts of a rollup row.
struct RollupCounts {
    std::int64_t responses = 0;
    std::int64_t assisted = 0;
    survey::NpsCounts nps;
    std::map<std::string, survey::StatementCounts> statements;
    std::map<int, HourCounts> hours;  ///< by local hour 0–23; of days only
    void add(const survey::Response& response);
    void merge(const RollupCounts& other);
    friend bool operator==(const RollupCounts&, const RollupCounts&) = default;
};
using Rollups = std::map<RollupKey, RollupCounts>;

/// "responses assisted promoters passives detractors", then ";key n1 n2 n3 n4 n5" of each
/// statement, then "@hour responses promoters passives detractors" of each hour that has any.
std::string encode_counts(const RollupCounts& counts);
/// Nothing if the text is not one that encode_counts makes.
std::optional<RollupCounts> decode_counts(std::string_view text);

/// Counts a response at its day, month and year.
void count_response(Rollups& rollups, const survey::Response& response);

/// The slice of a response, and what it says.
std::string slice_of(const survey::Response& response);
struct Slice {
    TallyKey key;  ///< without the unit
    bool flagged = false;
};
std::optional<Slice> parse_slice(std::string_view text);

/// Rows of one level whose start lies in [from, to).
struct RollupRange {
    RollupLevel level = RollupLevel::day;
    std::int64_t from = 0;
    std::int64_t to = 0;
    friend bool operator==(const RollupRange&, const RollupRange&) = default;
};
/// The fewest ranges that together hold each day of [from, to) once.
std::vector<RollupRange> cover(std::chrono::sys_days from, std::chrono::sys_days to);

/// "d", "m" or "y", as the rows say it.
const char* name_of(RollupLevel level) noexcept;

}  // namespace kaiku::central
