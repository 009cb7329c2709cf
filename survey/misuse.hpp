#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "survey/instrument.hpp"
#include "survey/response.hpp"

/// Signs that a terminal was played with. A flag never drops an answer: reports show with and
/// without. The rule is versioned; what it needs stays on the device, the verdict alone leaves it.
namespace kaiku::survey {

/// Version of `judge`. Any change of a rule or of a number below is a new version.
inline constexpr int kMisuseRule = 1;

/// "burst": this many responses on one device within this time, the present one included.
inline constexpr std::size_t kBurstResponses = 5;
inline constexpr std::chrono::milliseconds kBurstTime = std::chrono::minutes{2};
/// "extremes": this many numbers of one response in a row, or this many responses in a row that
/// hold one kind of extreme alone, alternate between lowest and highest.
inline constexpr std::size_t kAlternations = 4;
inline constexpr std::chrono::milliseconds kAlternationTime = std::chrono::minutes{10};
/// "quick": an answer given sooner than this after its screen appeared; nobody has read it.
inline constexpr std::chrono::milliseconds kQuickTap{400};

/// Minutes of a day, from ≤ to; a day without an entry is closed.
struct OpenHours {
    int from = 0;
    int to = 24 * 60;
    friend bool operator==(const OpenHours&, const OpenHours&) = default;
};
/// Monday first.
using OpeningWeek = std::array<std::optional<OpenHours>, 7>;
/// `minute` of the local week, 0 is Monday 00:00.
bool is_open(const OpeningWeek& week, int minute) noexcept;

/// What the device noticed in one visit.
struct VisitSigns {
    int quick_answers = 0;
    bool outside_hours = false;
    friend bool operator==(const VisitSigns&, const VisitSigns&) = default;
};

/// The device's last responses, in memory only: when, and whether all were lowest (−1) or highest
/// (+1) answers (0: neither). Never longer than the rule needs.
struct RecentResponse {
    std::chrono::milliseconds at{0};  ///< monotonic, of the device
    int extreme = 0;
    friend bool operator==(const RecentResponse&, const RecentResponse&) = default;
};
using RecentResponses = std::deque<RecentResponse>;

/// −1 if every number is the scale's lowest, +1 if every one is the highest, else 0; 0 without any.
int extreme_of(const Instrument& instrument, const Answers& answers);

/// The present response among the recent ones, and those that no rule looks at any more dropped.
RecentResponses remember(RecentResponses recent, const RecentResponse& present);

/// Rule kMisuseRule. `recent` ends with the present response. Pure; the order of the flags is
/// alphabetical: "burst", "closed", "extremes", "quick".
Verdict judge(const Instrument& instrument, const Answers& answers, const VisitSigns& signs,
              const RecentResponses& recent);

}  // namespace kaiku::survey
