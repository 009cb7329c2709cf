#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "central/main/commands.hpp"
#include "central/results/period.hpp"
#include "survey/response.hpp"

namespace kaiku::central {
namespace {

std::string_view state_of(const Device& device) {
    if (!device.replaced_by.empty()) return "replaced";
    if (device.revoked_at) return "revoked";
    return device.public_key.empty() ? "no key" : "in use";
}

std::string day_or_dash(const std::optional<survey::UtcSeconds>& time) {
    return time ? format_day(day_of(*time)) : "-";
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    // Ids, codes and dates are ASCII.
    if (out.size() < width) out.append(width - out.size(), ' ');
    return out;
}

std::string as_text(const std::vector<Device>& devices) {
    std::size_t unit_width = 4;
    for (const Device& device : devices) unit_width = std::max(unit_width, device.unit.size());
    const auto row = [&](const std::array<std::string_view, 6>& cells) {
        return padded(cells[0], 38) + padded(cells[1], unit_width + 2) + padded(cells[2], 12) +
               padded(cells[3], 12) + padded(cells[4], 10) + std::string(cells[5]) + "\n";
    };
    std::string out = row({"device", "unit", "enrolled", "last seen", "state", "replaced by"});
    for (const Device& device : devices) {
        const std::string enrolled = day_or_dash(device.enrolled_at);
        const std::string seen = day_or_dash(device.seen_at);
        out += row({device.id, device.unit, enrolled, seen, state_of(device),
                    device.replaced_by.empty() ? "-" : std::string_view(device.replaced_by)});
    }
    return out;
}

std::string as_json(const std::vector<Device>& devices) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    const auto time = [](const std::optional<survey::UtcSeconds>& value) {
        return value ? nlohmann::ordered_json(survey::format_rfc3339(*value)) : nullptr;
    };
    for (const Device& device : devices) {
        all.push_back({{"device", device.id},
                       {"unit", device.unit},
                       {"state", state_of(device)},
                       {"enrolled_at", time(device.enrolled_at)},
                       {"seen_at", time(device.seen_at)},
                       {"revoked_at", time(device.revoked_at)},
                       {"replaced_by", device.replaced_by}});
    }
    return all.dump(2) + "\n";
}

Status no_device(const std::string& id) {
    return fail(Errc::not_found,
                "--device: there is no device '" + id + "'; see kaiku-central device list");
}

}  // namespace

Status run_device_list(const Settings& settings, const CommandLine& line) {
    if (!line.format.empty() && line.format != "text" && line.format != "json") {
        return fail(Errc::invalid, "--format: '" + line.format + "' is neither text nor json");
    }
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    auto devices = (*store)->devices();
    if (!devices) return tl::make_unexpected(devices.error());
    if (!line.code.empty()) {
        std::erase_if(*devices, [&](const Device& each) { return each.unit != line.code; });
    }
    std::stable_sort(devices->begin(), devices->end(), [](const Device& left, const Device& right) {
        return std::tie(left.unit, left.enrolled_at) < std::tie(right.unit, right.enrolled_at);
    });
    return print(line.format == "json" ? as_json(*devices) : as_text(*devices));
}

Status run_device_revoke(const Settings& settings, const CommandLine& line) {
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    const Status done = (*store)->revoke(line.device, wall_now(), "");
    return !done && done.error().code == Errc::not_found ? no_device(line.device) : done;
}

Status run_device_replace(const Settings& settings, const CommandLine& line) {
    const auto store = open_store(settings, false);
    if (!store) return tl::make_unexpected(store.error());
    const auto device = (*store)->find_device(line.device);
    if (!device) return tl::make_unexpected(device.error());
    if (!*device) return no_device(line.device);
    if (!(*device)->replaced_by.empty()) {
        return fail(Errc::refused, "--device: '" + line.device + "' was replaced before, by " +
                                       (*device)->replaced_by);
    }
    return give_code(**store, (*device)->unit, line.device, line.expires_hours);
}

}  // namespace kaiku::central
