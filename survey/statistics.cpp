#include "survey/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "survey/result.hpp"
#include "survey/student_t.hpp"

namespace kaiku::survey {
namespace {

double as_double(std::int64_t count) noexcept { return static_cast<double>(count); }

/// NPS as a proportion with its variance after three imaginary answers were added, ¾ of one to
/// the promoters, ¾ to the detractors and 1½ to the passives.
/// Source: B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician
/// 70(4), 2016, adjusted Wald AW(¾, 3).
struct AdjustedNps {
    double centre = 0;
    double variance = 0;
};

AdjustedNps adjusted(const NpsCounts& counts) noexcept {
    const double n = as_double(counts.n()) + 3;
    const double promoters = (as_double(counts.promoters) + 0.75) / n;
    const double detractors = (as_double(counts.detractors) + 0.75) / n;
    const double centre = promoters - detractors;
    return {centre, (promoters + detractors - centre * centre) / n};
}

double value_of(const NpsCounts& counts) noexcept {
    return 100.0 * as_double(counts.promoters - counts.detractors) / as_double(counts.n());
}

/// `centre` ± `half`, in percent, cut to ±`limit`.
Interval percent_interval(double centre, double half, double limit) noexcept {
    return {std::clamp(100 * (centre - half), -limit, limit),
            std::clamp(100 * (centre + half), -limit, limit)};
}

/// 95 % score interval of a proportion, in percent.
/// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// JASA 22(158), 1927.
Interval wilson(std::int64_t successes, std::int64_t n) noexcept {
    const double count = as_double(n);
    const double share = as_double(successes) / count;
    const double z2 = kZ975 * kZ975;
    const double scale = 1 + z2 / count;
    const double centre = (share + z2 / (2 * count)) / scale;
    const double half =
        kZ975 / scale * std::sqrt(share * (1 - share) / count + z2 / (4 * count * count));
    // At the ends the formula gives exactly 0 and 1; rounding must not spoil that.
    return {successes == 0 ? 0.0 : 100 * std::max(0.0, centre - half),
            successes == n ? 100.0 : 100 * std::min(1.0, centre + half)};
}

}  // namespace

void NpsCounts::add(int score) noexcept {
    KAIKU_ASSERT(score >= 0 && score <= 10);
    if (score >= 9)
        ++promoters;
    else if (score >= 7)
        ++passives;
    else
        ++detractors;
}

void NpsCounts::merge(const NpsCounts& other) noexcept {
    promoters += other.promoters;
    passives += other.passives;
    detractors += other.detractors;
}

std::optional<Nps> nps_of(const NpsCounts& counts) noexcept {
    if (counts.n() <= 0) return std::nullopt;
    const AdjustedNps estimate = adjusted(counts);
    return Nps{value_of(counts),
               percent_interval(estimate.centre, kZ975 * std::sqrt(estimate.variance), 100),
               counts};
}

std::int64_t StatementCounts::n() const noexcept {
    std::int64_t sum = 0;
    for (const std::int64_t count : by_value) sum += count;
    return sum;
}

void StatementCounts::add(int value) noexcept {
    KAIKU_ASSERT(value >= 1 && value <= 5);
    ++by_value[static_cast<std::size_t>(value - 1)];
}

void StatementCounts::merge(const StatementCounts& other) noexcept {
    for (std::size_t i = 0; i < by_value.size(); ++i) by_value[i] += other.by_value[i];
}

std::optional<StatementFigures> statement_of(const StatementCounts& counts) noexcept {
    StatementFigures figures;
    figures.n = counts.n();
    if (figures.n <= 0) return std::nullopt;
    const double n = as_double(figures.n);
    double sum = 0;
    for (std::size_t i = 0; i < 5; ++i)
        sum += as_double(counts.by_value[i]) * static_cast<double>(i + 1);
    figures.mean = sum / n;
    const std::int64_t agreeing = counts.by_value[3] + counts.by_value[4];
    figures.agree_pct = 100.0 * as_double(agreeing) / n;
    figures.agree_interval = wilson(agreeing, figures.n);
    if (figures.n >= 2) {
        double squares = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const double distance = static_cast<double>(i + 1) - figures.mean;
            squares += as_double(counts.by_value[i]) * distance * distance;
        }
        const double half = student_t_975(figures.n - 1) * std::sqrt(squares / (n - 1) / n);
        figures.mean_interval =
            Interval{std::max(1.0, figures.mean - half), std::min(5.0, figures.mean + half)};
    }
    return figures;
}

std::optional<NpsChange> change_of(const NpsCounts& later, const NpsCounts& earlier) noexcept {
    if (later.n() <= 0 || earlier.n() <= 0) return std::nullopt;
    const AdjustedNps now = adjusted(later);
    const AdjustedNps then = adjusted(earlier);
    // The samples are independent, so the variances of their estimates add up.
    const double half = kZ975 * std::sqrt(now.variance + then.variance);
    NpsChange change;
    change.value = value_of(later) - value_of(earlier);
    change.interval = percent_interval(now.centre - then.centre, half, 200);
    change.beyond_chance = change.interval.low > 0 || change.interval.high < 0;
    return change;
}

const Band* band_of(const BandScale& scale, double nps) noexcept {
    const Band* found = nullptr;
    for (const Band& band : scale.bands)
        if (band.from <= nps) found = &band;
    return found;
}

}  // namespace kaiku::survey
