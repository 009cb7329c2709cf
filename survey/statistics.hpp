#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kaiku::survey {

/// A 95 % interval.
struct Interval {
    double low = 0;
    double high = 0;
    friend bool operator==(const Interval&, const Interval&) = default;
};

/// Counts of NPS answers. Passives 7–8, promoters 9–10, detractors 0–6.
struct NpsCounts {
    std::int64_t promoters = 0;
    std::int64_t passives = 0;
    std::int64_t detractors = 0;

    std::int64_t n() const noexcept { return promoters + passives + detractors; }
    /// Counts one answer 0–10.
    void add(int score) noexcept;
    void merge(const NpsCounts& other) noexcept;
    friend bool operator==(const NpsCounts&, const NpsCounts&) = default;
};

struct Nps {
    double value = 0;   ///< −100…100, unrounded
    Interval interval;  ///< 95 %, adjusted Wald, clipped to −100…100
    NpsCounts counts;
};

/// NPS with its adjusted-Wald 95 % interval; nothing when n = 0.
std::optional<Nps> nps_of(const NpsCounts& counts) noexcept;

/// Counts of the answers 1–5 to one statement; "can't say" is not counted.
struct StatementCounts {
    std::array<std::int64_t, 5> by_value{};

    std::int64_t n() const noexcept;
    void add(int value) noexcept;
    void merge(const StatementCounts& other) noexcept;
    friend bool operator==(const StatementCounts&, const StatementCounts&) = default;
};

struct StatementFigures {
    std::int64_t n = 0;
    double mean = 0;
    std::optional<Interval> mean_interval;  ///< Student's t; needs n ≥ 2, clipped to 1…5
    double agree_pct = 0;                   ///< share of 4–5, 0…100
    Interval agree_interval;                ///< Wilson score interval, 0…100
};
std::optional<StatementFigures> statement_of(const StatementCounts& counts) noexcept;

/// Difference of two independent NPS values (later − earlier) with a 95 % interval.
struct NpsChange {
    double value = 0;
    Interval interval;
    bool beyond_chance = false;  ///< the interval leaves out zero
};
std::optional<NpsChange> change_of(const NpsCounts& later, const NpsCounts& earlier) noexcept;

/// One cell of a published table, for suppression.
struct Cell {
    std::string group;  ///< cells of one group add up to a published total
    std::int64_t n = 0;
    bool suppressed = false;
};
/// Marks cells with 0 < n < minimum, and in a group where exactly one cell was marked also the
/// smallest other cell, so that the total does not give the marked one away.
void suppress_small_cells(std::span<Cell> cells, std::int64_t minimum_n);

/// A named NPS range. Bands are configured per unit type, ordered from the lowest `from`.
struct Band {
    double from = -100;  ///< inclusive
    std::string key;
};
struct BandScale {
    std::string unit_type;
    std::vector<Band> bands;
    std::optional<double> target;
};
/// The band a value falls in; nullptr when the scale is empty or the value is below its first.
const Band* band_of(const BandScale& scale, double nps) noexcept;

}  // namespace kaiku::survey
