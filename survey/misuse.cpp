#include "survey/misuse.hpp"

#include <algorithm>

namespace kaiku::survey {

namespace {

constexpr int kDayMinutes = 24 * 60;

/// −1 lowest, +1 highest, 0 between.
int sign_of(int value, int low, int high) noexcept {
    if (value <= low) return -1;
    return value >= high ? 1 : 0;
}

/// Signs of the numbers in the order of their questions.
std::vector<int> signs_of(const Instrument& instrument, const Answers& answers) {
    std::vector<int> signs;
    for (const Question& question : instrument.questions) {
        if (question.kind == QuestionKind::nps && answers.nps) {
            signs.push_back(sign_of(*answers.nps, 0, 10));
        }
        const auto rated = answers.statements.find(question.key);
        if (question.kind == QuestionKind::statement && rated != answers.statements.end()) {
            signs.push_back(sign_of(rated->second, 1, 5));
        }
    }
    return signs;
}

/// True if kAlternations neighbours are extremes, each the other end than the one before.
bool alternates(const std::vector<int>& signs) noexcept {
    std::size_t run = 0;
    int before = 0;
    for (const int sign : signs) {
        if (sign == 0) {
            run = 0;
        } else {
            run = sign == -before ? run + 1 : 1;
        }
        before = sign;
        if (run >= kAlternations) return true;
    }
    return false;
}

/// The last responses of the device, if they are close enough to each other.
bool visits_alternate(const RecentResponses& recent) {
    if (recent.size() < kAlternations) return false;
    std::vector<int> signs;
    const auto first = recent.end() - static_cast<std::ptrdiff_t>(kAlternations);
    for (auto each = first; each != recent.end(); ++each) signs.push_back(each->extreme);
    return recent.back().at - first->at <= kAlternationTime && alternates(signs);
}

bool is_burst(const RecentResponses& recent) {
    if (recent.size() < kBurstResponses) return false;
    const auto first = recent.end() - static_cast<std::ptrdiff_t>(kBurstResponses);
    return recent.back().at - first->at <= kBurstTime;
}

}  // namespace

bool is_open(const OpeningWeek& week, int minute) noexcept {
    const int day = std::clamp(minute / kDayMinutes, 0, 6);
    const auto& hours = week[static_cast<std::size_t>(day)];
    const int within = minute - day * kDayMinutes;
    return hours && within >= hours->from && within < hours->to;
}

int extreme_of(const Instrument& instrument, const Answers& answers) {
    const std::vector<int> signs = signs_of(instrument, answers);
    if (signs.empty()) return 0;
    const int first = signs.front();
    const bool same =
        std::all_of(signs.begin(), signs.end(), [first](int sign) { return sign == first; });
    return same ? first : 0;
}

RecentResponses remember(RecentResponses recent, const RecentResponse& present) {
    recent.push_back(present);
    while (recent.size() > std::max(kBurstResponses, kAlternations)) recent.pop_front();
    while (recent.front().at + std::max(kBurstTime, kAlternationTime) < present.at) {
        recent.pop_front();
    }
    return recent;
}

Verdict judge(const Instrument& instrument, const Answers& answers, const VisitSigns& signs,
              const RecentResponses& recent) {
    Verdict verdict{.flags = {}, .rule = kMisuseRule};
    if (is_burst(recent)) verdict.flags.insert("burst");
    if (signs.outside_hours) verdict.flags.insert("closed");
    if (alternates(signs_of(instrument, answers)) || visits_alternate(recent)) {
        verdict.flags.insert("extremes");
    }
    if (signs.quick_answers > 0) verdict.flags.insert("quick");
    return verdict;
}

}  // namespace kaiku::survey
