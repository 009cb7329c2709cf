#include <algorithm>
#include <nlohmann/json.hpp>

#include "central/main/fleet_line.hpp"
#include "central/main/fleet_room.hpp"

namespace kaiku::central {
namespace {

using fleet::FleetView;
using fleet::Heard;
using fleet::place_of;
using Json = nlohmann::ordered_json;

/// Everything about the fleet at one moment.
struct Told {
    FleetView view;
    std::vector<Heard> heard;
    fleet::AlertBook book;

    const Heard* of(const std::string& device_id) const {
        const auto found = std::ranges::find(heard, device_id, &Heard::device_id);
        return found == heard.end() ? nullptr : &*found;
    }
    fleet::Effective wanted(const Device& device) const {
        return fleet::effective(view.versions,
                                place_of(device, view.devices, view.units, view.groups));
    }
    std::vector<std::string> alerts(const std::string& device_id) const {
        std::vector<std::string> all;
        for (const auto& [key, alert] : book.open) {
            if (key.first == device_id && !alert.over_at) all.emplace_back(to_string(key.second));
        }
        return all;
    }
};

Result<Told> read_all(const Settings& settings) {
    const auto rows = open_fleet(settings);
    if (!rows) return tl::make_unexpected(rows.error());
    auto view = read_fleet(*rows->store, *rows->configs, wall_now());
    if (!view) return tl::make_unexpected(view.error());
    auto heard = rows->watch->heard();
    if (!heard) return tl::make_unexpected(heard.error());
    auto book = rows->watch->book();
    if (!book) return tl::make_unexpected(book.error());
    return Told{std::move(*view), std::move(*heard), std::move(book->first)};
}

/// "as set", "not yet as set", or that the device refused it.
std::string config_state(const Told& told, const Device& device) {
    const Heard* heard = told.of(device.id);
    if (heard == nullptr) return "unknown";
    const std::string wanted = sync::config_version(told.wanted(device).values);
    if (heard->heartbeat.config_refused == wanted) return "refused";
    const std::string held =
        heard->heartbeat.config.empty() ? sync::config_version({}) : heard->heartbeat.config;
    return held == wanted ? "as set" : "not yet";
}

Json time_or_null(const std::optional<survey::UtcSeconds>& time) {
    return time ? Json(survey::format_rfc3339(*time)) : Json();
}

Json as_json(const Told& told, const Device& device) {
    const Heard* heard = told.of(device.id);
    Json out{{"device", device.id},
             {"unit", device.unit},
             {"config", config_state(told, device)},
             {"alerts", told.alerts(device.id)},
             {"heard_at", heard == nullptr ? Json() : time_or_null(heard->at)}};
    if (heard == nullptr) return out;
    const sync::Heartbeat& beat = heard->heartbeat;
    out["version"] = beat.version;
    out["free_mb"] = beat.free_mb;
    out["clock_off_s"] = (beat.clock - heard->at).count();
    out["waiting"] = beat.waiting;
    out["quarantined"] = beat.quarantined;
    out["last_answer"] = time_or_null(beat.last_answer);
    out["errors"] = beat.errors;
    out["config_trouble"] = beat.config_trouble;
    return out;
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text + "  ";
}

std::string as_line(const Told& told, const Device& device, std::size_t unit_width) {
    const Heard* heard = told.of(device.id);
    std::string alerts;
    for (const auto& each : told.alerts(device.id)) alerts += (alerts.empty() ? "" : ",") + each;
    return padded(device.id, 36) + padded(device.unit, unit_width) +
           padded(heard == nullptr ? "never" : survey::format_rfc3339(heard->at), 20) +
           padded(heard == nullptr ? "-" : heard->heartbeat.version, 9) +
           padded(heard == nullptr ? "-" : std::to_string(heard->heartbeat.waiting), 7) +
           padded(heard == nullptr ? "-" : std::to_string(heard->heartbeat.free_mb), 8) +
           padded(config_state(told, device), 8) + (alerts.empty() ? "-" : alerts) + "\n";
}

/// In use, of the unit or below it; by unit, then id.
std::vector<Device> chosen(const Told& told, const std::string& unit) {
    std::vector<Device> devices = told.view.devices;
    std::erase_if(devices, [&](const Device& each) {
        if (each.revoked_at) return true;
        const auto place = place_of(each, told.view.devices, told.view.units, told.view.groups);
        return !unit.empty() && std::ranges::find(place.units, unit) == place.units.end();
    });
    std::ranges::sort(devices, {}, [](const Device& each) { return std::tie(each.unit, each.id); });
    return devices;
}

std::string shown(const Told& told, const Device& device) {
    const auto place = place_of(device, told.view.devices, told.view.units, told.view.groups);
    const auto wanted = told.wanted(device);
    std::string out = "device   " + device.id + "\nunit     " + device.unit + "\n";
    for (std::size_t n = 1; n < place.ids.size(); ++n) out += "replaced " + place.ids[n] + "\n";
    for (const auto& group : place.groups) out += "group    " + group + "\n";
    if (const Heard* heard = told.of(device.id)) {
        const sync::Heartbeat& beat = heard->heartbeat;
        out +=
            "heard    " + survey::format_rfc3339(heard->at) + ", clock off by " +
            std::to_string((beat.clock - heard->at).count()) + " s\nprogram  " + beat.version +
            "\nfree     " + std::to_string(beat.free_mb) + " MB\nwaiting  " +
            std::to_string(beat.waiting) + ", quarantined " + std::to_string(beat.quarantined) +
            "\nanswers  " +
            (beat.last_answer ? "last in the hour of " + survey::format_rfc3339(*beat.last_answer)
                              : std::string("none known")) +
            "\n";
        for (const auto& [kind, count] : beat.errors) {
            out += "errors   " + kind + ": " + std::to_string(count) + "\n";
        }
        if (!beat.config_trouble.empty()) out += "refused  " + beat.config_trouble + "\n";
    } else {
        out += "heard    never\n";
    }
    for (const auto& kind : told.alerts(device.id)) out += "alert    " + kind + "\n";
    out += "config   " + config_state(told, device) + "\n";
    for (const auto& [key, value] : wanted.values) {
        const auto& source = wanted.sources.at(key);
        out += "  " + key + " = " + value + "  (" + to_string(source.scope) + ", version " +
               std::to_string(source.version) + ")\n";
    }
    return out;
}

}  // namespace

Result<FleetRows> open_fleet(const Settings& settings) {
    auto stores = open_stores(settings, false);
    if (!stores) return tl::make_unexpected(stores.error());
    auto store = (*stores)->of(settings.organiser);
    if (!store) return tl::make_unexpected(store.error());
    const auto database = (*stores)->database();
    return FleetRows{std::move(*stores), std::move(*store),
                     fleet::make_sql_config_store(database, settings.organiser),
                     fleet::make_sql_watch_store(database, settings.organiser)};
}

Status check_format(const CommandLine& line) {
    if (line.format.empty() || line.format == "text" || line.format == "json") return {};
    return fail(Errc::invalid, "--format: '" + line.format + "' is neither text nor json");
}

Status run_fleet_list(const Settings& settings, const CommandLine& line) {
    if (Status good = check_format(line); !good) return good;
    const auto told = read_all(settings);
    if (!told) return tl::make_unexpected(told.error());
    const std::vector<Device> devices = chosen(*told, line.code);
    if (line.format == "json") {
        Json all = Json::array();
        for (const Device& device : devices) all.push_back(as_json(*told, device));
        return print(all.dump(2) + "\n");
    }
    std::size_t width = 4;
    for (const Device& device : devices) width = std::max(width, device.unit.size());
    std::string out = padded("device", 36) + padded("unit", width) + padded("heard", 20) +
                      padded("program", 9) + padded("waiting", 7) + padded("free MB", 8) +
                      padded("config", 8) + "alerts\n";
    for (const Device& device : devices) out += as_line(*told, device, width);
    return print(out);
}

Status run_fleet_show(const Settings& settings, const CommandLine& line) {
    if (Status good = check_format(line); !good) return good;
    const auto told = read_all(settings);
    if (!told) return tl::make_unexpected(told.error());
    const auto found = std::ranges::find(told->view.devices, line.device, &Device::id);
    if (found == told->view.devices.end()) {
        return fail(Errc::not_found, "--device: there is no device '" + line.device +
                                         "'; see kaiku-central fleet list");
    }
    if (line.format != "json") return print(shown(*told, *found));
    Json out = as_json(*told, *found);
    const auto wanted = told->wanted(*found);
    out["values"] = wanted.values;
    out["sources"] = Json::object();
    for (const auto& [key, source] : wanted.sources) {
        out["sources"][key] = {{"scope", to_string(source.scope)}, {"version", source.version}};
    }
    return print(out.dump(2) + "\n");
}

Status run_fleet_alerts(const Settings& settings, const CommandLine& line) {
    if (Status good = check_format(line); !good) return good;
    const auto told = read_all(settings);
    if (!told) return tl::make_unexpected(told.error());
    Json all = Json::array();
    std::string out;
    for (const auto& [key, alert] : told->book.open) {
        if (alert.over_at) continue;
        all.push_back({{"device", key.first},
                       {"unit", alert.unit},
                       {"kind", to_string(key.second)},
                       {"since", survey::format_rfc3339(alert.since)},
                       {"told_at", time_or_null(alert.told_at)},
                       {"detail", alert.detail}});
        out += padded(survey::format_rfc3339(alert.since), 20) + padded(alert.unit, 12) +
               padded(key.first, 36) + padded(std::string(to_string(key.second)), 12) +
               alert.detail + "\n";
    }
    if (line.format == "json") return print(all.dump(2) + "\n");
    return print(out.empty() ? "nothing is wrong\n" : out);
}

}  // namespace kaiku::central
