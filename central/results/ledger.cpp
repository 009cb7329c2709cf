#include "central/results/ledger.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "central/results/csv.hpp"

namespace kaiku::central {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t here(const LedgerRow& row) { return row.central.received + row.central.elsewhere; }

/// What the device has more than central; below 0 when it has less.
std::int64_t lacking(const LedgerRow& row) { return row.told ? row.told->stored - here(row) : 0; }

std::string text(std::int64_t number) { return std::to_string(number); }

std::string verdict_of(const LedgerRow& row) {
    if (!row.told) return text(here(row)) + " received; the device has not told its count";
    const std::int64_t missing = lacking(row);
    std::string said = text(here(row)) + " of " + text(row.told->stored) + " received";
    if (missing > 0) said += ", " + text(missing) + " missing";
    if (missing < 0) said += ", " + text(-missing) + " more than the device counted";
    if (row.central.elsewhere > 0) said += " (" + text(row.central.elsewhere) + " by phone)";
    return said;
}

std::string verdict_of(const DeviceStanding& device) {
    if (device.missing == 0 && device.surplus == 0) return {};
    std::string said;
    if (device.missing > 0 && !device.holds) {
        said = text(device.missing) + " missing; the device has not said what it holds";
    } else if (device.missing > 0) {
        const Standing& holds = *device.holds;
        const std::int64_t unexplained =
            std::max<std::int64_t>(0, device.missing - holds.waiting - holds.quarantined);
        said = text(device.missing) + " missing: " + text(holds.waiting) + " wait on the device, " +
               text(holds.quarantined) + " are in its quarantine, " + text(unexplained) +
               " unexplained (told " + survey::format_rfc3339(holds.told_at) + ")";
    }
    if (device.surplus > 0) {
        said += (said.empty() ? "" : "; ") + text(device.surplus) +
                " more than the device counted: was it restored from a backup?";
    }
    return said;
}

std::string padded(std::string_view shown, std::size_t width, bool right) {
    const std::string air(shown.size() < width ? width - shown.size() : 0, ' ');
    return right ? air + std::string(shown) : std::string(shown) + air;
}

using Cells = std::array<std::string, 11>;

Cells cells_of(const LedgerLine& line) {
    Cells cells{line.row.device_id, line.unit, line.row.central.day};
    const auto& told = line.row.told;
    const std::array counts{&sync::DayCounts::shown,     &sync::DayCounts::started,
                            &sync::DayCounts::answered,  &sync::DayCounts::skipped,
                            &sync::DayCounts::timed_out, &sync::DayCounts::moved,
                            &sync::DayCounts::stored};
    for (std::size_t place = 0; place < counts.size(); ++place) {
        cells.at(place + 3) = told ? text((*told).*counts.at(place)) : "-";
    }
    cells.back() = line.verdict;
    return cells;
}

constexpr std::array<const char*, 11> kTitles{"device",  "unit",     "day",     "shown",
                                              "started", "answered", "skipped", "timed out",
                                              "moved",   "stored",   "received"};

}  // namespace

JudgedLedger judge_ledger(const Ledger& ledger, const std::vector<Device>& devices,
                          const std::string& from, const std::string& to, const std::string& unit) {
    std::map<std::string, std::string> unit_of;
    for (const Device& device : devices) unit_of[device.id] = device.unit;
    std::map<std::pair<std::string, std::string>, DeviceStanding> standing;
    JudgedLedger judged;
    for (const LedgerRow& row : ledger.rows) {
        const std::string& where = unit_of[row.device_id];
        if (!unit.empty() && where != unit) continue;
        DeviceStanding& device = standing[{where, row.device_id}];
        device.device_id = row.device_id;
        device.unit = where;
        device.missing += std::max<std::int64_t>(0, lacking(row));
        device.surplus += std::max<std::int64_t>(0, -lacking(row));
        if (row.central.day < from || row.central.day > to) continue;
        judged.lines.push_back({row, where, verdict_of(row), lacking(row) != 0});
    }
    for (const Standing& holds : ledger.standings) {
        const auto found = standing.find({unit_of[holds.device_id], holds.device_id});
        if (found != standing.end()) found->second.holds = holds;
    }
    for (auto& [key, device] : standing) {
        device.verdict = verdict_of(device);
        judged.standing.push_back(std::move(device));
    }
    std::ranges::sort(judged.lines, {}, [](const LedgerLine& line) {
        return std::tie(line.unit, line.row.device_id, line.row.central.day);
    });
    return judged;
}

std::string ledger_text(const JudgedLedger& ledger) {
    std::vector<Cells> rows(1);
    std::copy(kTitles.begin(), kTitles.end(), rows.front().begin());
    for (const LedgerLine& line : ledger.lines) rows.push_back(cells_of(line));
    std::array<std::size_t, 11> widths{};
    for (const Cells& row : rows) {
        for (std::size_t place = 0; place + 1 < row.size(); ++place) {
            widths.at(place) = std::max(widths.at(place), row.at(place).size());
        }
    }
    std::string out;
    for (const Cells& row : rows) {
        for (std::size_t place = 0; place + 1 < row.size(); ++place) {
            out += padded(row.at(place), widths.at(place), place >= 3) + "  ";
        }
        out += row.back() + "\n";
    }
    std::size_t differing = 0;
    for (const DeviceStanding& device : ledger.standing) {
        if (device.verdict.empty()) continue;
        ++differing;
        out += "\n" + device.device_id + " (" + device.unit + "): " + device.verdict;
    }
    if (differing > 0) return out + "\n";
    return out + (ledger.lines.empty() ? "\nNo device has counted anything in these days.\n"
                                       : "\nEvery answer that was kept is here.\n");
}

std::string ledger_json(const JudgedLedger& ledger) {
    Json lines = Json::array();
    for (const LedgerLine& line : ledger.lines) {
        const auto& told = line.row.told;
        const auto count = [&](std::int64_t sync::DayCounts::*which) {
            return told ? Json((*told).*which) : Json(nullptr);
        };
        lines.push_back({{"device", line.row.device_id},
                         {"unit", line.unit},
                         {"day", line.row.central.day},
                         {"shown", count(&sync::DayCounts::shown)},
                         {"started", count(&sync::DayCounts::started)},
                         {"answered", count(&sync::DayCounts::answered)},
                         {"skipped", count(&sync::DayCounts::skipped)},
                         {"timed_out", count(&sync::DayCounts::timed_out)},
                         {"moved", count(&sync::DayCounts::moved)},
                         {"stored", count(&sync::DayCounts::stored)},
                         {"received", line.row.central.received},
                         {"elsewhere", line.row.central.elsewhere},
                         {"verdict", line.verdict}});
    }
    Json devices = Json::array();
    for (const DeviceStanding& device : ledger.standing) {
        const auto& holds = device.holds;
        devices.push_back(
            {{"device", device.device_id},
             {"unit", device.unit},
             {"missing", device.missing},
             {"surplus", device.surplus},
             {"waiting", holds ? Json(holds->waiting) : Json(nullptr)},
             {"quarantined", holds ? Json(holds->quarantined) : Json(nullptr)},
             {"told_at", holds ? Json(survey::format_rfc3339(holds->told_at)) : Json(nullptr)},
             {"verdict", device.verdict}});
    }
    return Json{{"days", std::move(lines)}, {"devices", std::move(devices)}}.dump(2) + "\n";
}

std::string ledger_csv(const JudgedLedger& ledger) {
    CsvLine head;
    for (const char* title : {"device", "unit", "day", "shown", "started", "answered", "skipped",
                              "timed_out", "moved", "stored", "received", "elsewhere", "verdict"}) {
        head.text(title);
    }
    std::string out = head.finish();
    for (const LedgerLine& line : ledger.lines) {
        const Cells cells = cells_of(line);
        CsvLine row;
        for (std::size_t place = 0; place < 10; ++place) {
            row.text(cells.at(place) == "-" ? "" : cells.at(place));
        }
        row.integer(line.row.central.received).integer(line.row.central.elsewhere);
        out += row.text(line.verdict).finish();
    }
    return out;
}

}  // namespace kaiku::central
