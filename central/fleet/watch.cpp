#include "central/fleet/watch.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kaiku::central::fleet {
namespace {

using std::chrono::minutes;
using survey::UtcSeconds;

constexpr minutes kStep{5};
constexpr std::chrono::days kFurthest{14};
constexpr int kDayMinutes = 24 * 60;
constexpr std::array kKinds{AlertKind::silent, AlertKind::no_answers, AlertKind::full,
                            AlertKind::old_software};

/// The next part of a version number, taken off its front.
std::int64_t next_part(std::string_view& version) {
    const std::size_t dot = version.find('.');
    const std::string_view part = version.substr(0, dot);
    version.remove_prefix(dot == std::string_view::npos ? version.size() : dot + 1);
    std::int64_t value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
}

/// Calls `visit` with the local minute of each open step.
template <class Visit>
void each_open_step(const survey::OpeningWeek& week, UtcSeconds from, UtcSeconds to,
                    const MinuteOfWeek& minute_of, Visit visit) {
    for (UtcSeconds at = std::max(from, to - kFurthest); at + kStep <= to; at += kStep) {
        const int minute = minute_of(at);
        if (survey::is_open(week, minute)) visit(minute);
    }
}

std::string of_hour(UtcSeconds time) {
    return survey::format_rfc3339(survey::floor_to_hour(time)).substr(0, 13) + " h UTC";
}

std::optional<std::string> silent(const DeviceState& device, const AlertRules& rules,
                                  UtcSeconds now, const MinuteOfWeek& minute_of) {
    const minutes open = open_minutes(device.opening, *device.heard_at, now, minute_of);
    if (open < rules.silent || !survey::is_open(device.opening, minute_of(now))) return {};
    return "no sign of life for " + std::to_string(open.count()) +
           " minutes of its opening hours; last heard " + of_hour(*device.heard_at);
}

std::optional<std::string> without_answers(const DeviceState& device, const AlertRules& rules,
                                           UtcSeconds now, const MinuteOfWeek& minute_of) {
    if (!device.last.last_answer) return {};
    // The hour is known alone: the answer came by its end at the latest.
    const UtcSeconds since = *device.last.last_answer + std::chrono::hours(1);
    const auto expected = expected_answers(device, since, now, minute_of);
    if (!expected || std::exp(-*expected) >= rules.rarest) return {};
    return "no answer since " + of_hour(*device.last.last_answer) + ", where its own weeks make " +
           std::to_string(std::lround(*expected)) + " expected";
}

std::optional<std::string> filling(const DeviceState& device, const AlertRules& rules) {
    if (device.last.free_mb < rules.min_free_mb) {
        return std::to_string(device.last.free_mb) + " MB free, " +
               std::to_string(rules.min_free_mb) + " are wanted";
    }
    if (device.last.waiting > rules.max_waiting) {
        return std::to_string(device.last.waiting) + " answers wait on it";
    }
    return {};
}

std::optional<std::string> outdated(const DeviceState& device, const AlertRules& rules) {
    if (rules.min_version.empty() || !is_older(device.last.version, rules.min_version)) return {};
    return "runs " + device.last.version + ", older than " + rules.min_version;
}

}  // namespace

std::string_view to_string(AlertKind kind) noexcept {
    switch (kind) {
        case AlertKind::silent:
            return "silent";
        case AlertKind::no_answers:
            return "no-answers";
        case AlertKind::full:
            return "full";
        case AlertKind::old_software:
            return "old-software";
    }
    return {};
}

std::optional<AlertKind> alert_kind_from(std::string_view name) noexcept {
    for (const AlertKind kind : kKinds) {
        if (to_string(kind) == name) return kind;
    }
    return std::nullopt;
}

minutes open_minutes(const survey::OpeningWeek& week, UtcSeconds from, UtcSeconds to,
                     const MinuteOfWeek& minute_of) {
    minutes open{0};
    each_open_step(week, from, to, minute_of, [&open](int) { open += kStep; });
    return open;
}

std::optional<double> expected_answers(const DeviceState& device, UtcSeconds from, UtcSeconds to,
                                       const MinuteOfWeek& minute_of) {
    double expected = 0;
    bool known = true;
    each_open_step(device.opening, from, to, minute_of, [&](int minute) {
        const auto day = static_cast<std::size_t>(minute / kDayMinutes);
        const auto& hours = device.opening.at(day);
        const auto& mean = device.daily_mean.at(day);
        if (!mean || !hours) {
            known = false;
            return;
        }
        expected += *mean * static_cast<double>(kStep.count()) / (hours->to - hours->from);
    });
    return known ? std::optional(expected) : std::nullopt;
}

bool is_older(std::string_view version, std::string_view than) {
    while (!version.empty() || !than.empty()) {
        const std::int64_t mine = next_part(version);
        const std::int64_t theirs = next_part(than);
        if (mine != theirs) return mine < theirs;
    }
    return false;
}

std::vector<Finding> judge(const DeviceState& device, const AlertRules& rules, UtcSeconds now,
                           const MinuteOfWeek& minute_of) {
    std::vector<Finding> findings;
    if (!device.heard_at) return findings;
    const auto add = [&](AlertKind kind, std::optional<std::string> detail) {
        if (detail) findings.push_back({device.id, kind, device.unit, std::move(*detail)});
        return detail.has_value();
    };
    if (!add(AlertKind::silent, silent(device, rules, now, minute_of))) {
        add(AlertKind::no_answers, without_answers(device, rules, now, minute_of));
    }
    add(AlertKind::full, filling(device, rules));
    add(AlertKind::old_software, outdated(device, rules));
    return findings;
}

}  // namespace kaiku::central::fleet
