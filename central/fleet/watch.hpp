#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "survey/misuse.hpp"
#include "survey/response.hpp"
#include "sync/heartbeat.hpp"

/// Which devices need somebody: rules over what they told. Pure.
namespace kaiku::central::fleet {

enum class AlertKind { silent, no_answers, full, old_software };
/// "silent", "no-answers", "full", "old-software".
std::string_view to_string(AlertKind kind) noexcept;
std::optional<AlertKind> alert_kind_from(std::string_view name) noexcept;

/// When each rule speaks.
struct AlertRules {
    std::chrono::minutes silent{60};  ///< of opening hours without a heartbeat
    std::int64_t min_free_mb = 200;
    std::int64_t max_waiting = 2000;  ///< answers in the outbox
    std::string min_version{};        ///< older software is told; empty: none is
    /// A device is told to get no answers when its own rate makes that rarer than this. Of 10,000
    /// devices with 20 answers a day each, one in a million of the pauses between two answers is a
    /// false alarm every five days.
    double rarest = 1e-6;
};

/// What is known of one device.
struct DeviceState {
    std::string id;
    std::string unit;
    std::optional<survey::UtcSeconds> heard_at;  ///< its last heartbeat; none: never
    sync::Heartbeat last{};                      ///< meaningful with heard_at
    survey::OpeningWeek opening{};               ///< as configured
    /// Day of the week, Monday 0 → mean number of answers a day, of its own last eight weeks; none
    /// where fewer than three such days are known.
    std::array<std::optional<double>, 7> daily_mean{};
};

/// Minute of the county's local week, 0 is Monday 00:00.
using MinuteOfWeek = std::function<int(survey::UtcSeconds)>;

/// Something to see to.
struct Finding {
    std::string device;
    AlertKind kind = AlertKind::silent;
    std::string unit{};
    std::string detail{};  ///< one English line
    friend bool operator==(const Finding&, const Finding&) = default;
};

/// Minutes of opening hours between two moments, in steps of five; looks back two weeks at most.
std::chrono::minutes open_minutes(const survey::OpeningWeek& week, survey::UtcSeconds from,
                                  survey::UtcSeconds to, const MinuteOfWeek& minute_of);

/// How many answers a device's own rate makes one expect between two moments: its mean of the same
/// weekday, spread evenly over that weekday's opening hours. Nothing when a weekday on the way has
/// no mean.
std::optional<double> expected_answers(const DeviceState& device, survey::UtcSeconds from,
                                       survey::UtcSeconds to, const MinuteOfWeek& minute_of);

/// "0.10.2" before "0.10.10"; parts that are no numbers compare as 0.
bool is_older(std::string_view version, std::string_view than);

/// All findings of one device, at most one of each kind. A device that never sent a heartbeat is
/// of an earlier version: nothing is known, nothing is found.
///
/// "no answers": answers at a constant rate make a Poisson process, so that none in a time in which
/// λ are expected has the probability e^−λ; below `rarest` it is told. A silent device is not also
/// told to get no answers.
std::vector<Finding> judge(const DeviceState& device, const AlertRules& rules,
                           survey::UtcSeconds now, const MinuteOfWeek& minute_of);

}  // namespace kaiku::central::fleet
