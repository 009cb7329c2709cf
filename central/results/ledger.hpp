#pragma once

#include <string>
#include <vector>

#include "central/store/store.hpp"

/// Whether every answer that a device thanked for is here. Pure.
namespace kaiku::central {

/// One day of one device, judged.
struct LedgerLine {
    LedgerRow row;
    std::string unit;
    /// "412 of 412 received", "410 of 412 received, 2 missing", …
    std::string verdict;
    bool differs = false;
};
/// One device over all of its days.
struct DeviceStanding {
    std::string device_id;
    std::string unit;
    std::int64_t missing = 0;       ///< kept by the device, not here
    std::int64_t surplus = 0;       ///< here, not counted by the device
    std::optional<Standing> holds;  ///< what the device said it holds
    /// What missing and surplus come from, or that nobody knows; empty when there are none.
    std::string verdict;
};
struct JudgedLedger {
    std::vector<LedgerLine> lines;         ///< by unit, device, day
    std::vector<DeviceStanding> standing;  ///< by unit, device
};

/// `ledger` with all days of its devices; lines of `from` to `to` ("2026-11-22"), and of `unit`
/// unless that is empty, are judged.
JudgedLedger judge_ledger(const Ledger& ledger, const std::vector<Device>& devices,
                          const std::string& from, const std::string& to, const std::string& unit);

std::string ledger_text(const JudgedLedger& ledger);
std::string ledger_json(const JudgedLedger& ledger);
std::string ledger_csv(const JudgedLedger& ledger);

}  // namespace kaiku::central
