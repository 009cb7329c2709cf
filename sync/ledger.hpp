#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "survey/result.hpp"

/// What device and central count, and how they compare it (docs/FORMATS.md, "Ledger"). Pure.
namespace kaiku::sync {

/// How often something happened on one day of the county's. No content, no times.
struct DayCounts {
    std::string day;             ///< "2026-11-22", as the device's clock had it
    std::int64_t shown = 0;      ///< the first screen came up for a new visitor
    std::int64_t started = 0;    ///< somebody began
    std::int64_t answered = 0;   ///< of these: sent with at least one answer, and kept
    std::int64_t skipped = 0;    ///< of these: sent without any, or left by the visitor's own press
    std::int64_t timed_out = 0;  ///< of these: nobody was there any more
    std::int64_t moved = 0;      ///< of these: went on on a phone
    std::int64_t stored = 0;     ///< answers that became durable on the device
    friend bool operator==(const DayCounts&, const DayCounts&) = default;
};
/// Adds the counts of `more`, whatever its day.
void add_counts(DayCounts& counts, const DayCounts& more);

inline constexpr std::size_t kMaxLedgerDays = 400;
/// So many of the days on which both sides agree a device remembers: a clock that is set back adds
/// to what was counted before.
inline constexpr std::size_t kMaxSettledDays = 32;
inline constexpr std::size_t kMaxLedgerBytes = std::size_t{128} * 1024;

/// What a device tells of itself.
struct LedgerReport {
    std::vector<DayCounts> days;   ///< in their order, each once, at most kMaxLedgerDays
    std::int64_t waiting = 0;      ///< answers in its outbox now
    std::int64_t quarantined = 0;  ///< answers that central refused, kept on the device
    friend bool operator==(const LedgerReport&, const LedgerReport&) = default;
};
/// {"protocol":1,"ledger":{"days":[{"day":"…","shown":n,…}],"waiting":n,"quarantined":n}}
std::string encode_ledger(const LedgerReport& report);
Result<LedgerReport> decode_ledger(std::string_view json_text);

/// What central has of one day of a device.
struct DayReceived {
    std::string day;
    std::int64_t received = 0;   ///< answers of this device that it stored
    std::int64_t elsewhere = 0;  ///< answers of this device that had come before by another way
    friend bool operator==(const DayReceived&, const DayReceived&) = default;
};
/// Central's answer to a report: its own counts of the same days, in the same order.
/// {"protocol":1,"received":[{"day":"…","received":n,"elsewhere":n}]}
std::string encode_received(const std::vector<DayReceived>& days);
Result<std::vector<DayReceived>> decode_received(std::string_view json_text);

/// Where a device's and central's counts stand to each other.
struct Comparison {
    std::vector<std::string> settled;  ///< days before `today` on which both agree
    /// True if what central lacks of all days is what waits or is quarantined, no more and no less.
    bool agrees = false;
    /// For the operator: "2026-11-22: central has 410 of 412"; empty if no day before `today`
    /// differs by more than what waits or is quarantined.
    std::string difference;
};
Comparison compare(const LedgerReport& report, const std::vector<DayReceived>& received,
                   const std::string& today);

}  // namespace kaiku::sync
