#include <algorithm>
#include <nlohmann/json.hpp>

#include "central/fleet/fleet.hpp"
#include "central/main/fleet_line.hpp"
#include "central/main/fleet_room.hpp"

namespace kaiku::central {
namespace {

using fleet::ConfigScope;
using fleet::ConfigVersion;
using fleet::newest;
using fleet::next_number;
using fleet::ScopeKind;

/// The scope of the command line; Errc::not_found for a unit or device that is not there.
Result<ConfigScope> scope_of(const CommandLine& line, Store& store) {
    if (line.fleet.everywhere) return ConfigScope{ScopeKind::organiser, ""};
    if (!line.fleet.group.empty()) return ConfigScope{ScopeKind::group, line.fleet.group};
    if (!line.code.empty()) {
        const auto units = store.units();
        if (!units) return tl::make_unexpected(units.error());
        if (std::ranges::find(*units, line.code, &Unit::code) == units->end()) {
            return fail(Errc::not_found, "--unit: there is no unit '" + line.code + "'");
        }
        return ConfigScope{ScopeKind::unit, line.code};
    }
    const auto device = store.find_device(line.device);
    if (!device) return tl::make_unexpected(device.error());
    if (!*device) {
        return fail(Errc::not_found, "--device: there is no device '" + line.device +
                                         "'; see kaiku-central device list");
    }
    return ConfigScope{ScopeKind::device, line.device};
}

/// Puts "key=value" over the values, or takes the key away.
Status change(sync::ConfigValues& values, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return fail(Errc::invalid, "'" + text + "': write it as key=value, theme=contrast-dark");
    }
    const std::string key = text.substr(0, equals);
    const std::string value = text.substr(equals + 1);
    values.erase(key);
    if (!value.empty()) values[key] = value;
    if (const auto read = sync::read_config({{key, value.empty() ? "" : value}});
        !read && !value.empty()) {
        return tl::make_unexpected(read.error());
    }
    return {};
}

/// What a command on a scope works with.
struct Scoped {
    FleetRows rows;
    ConfigScope scope;
    std::vector<ConfigVersion> versions;  ///< of this scope
};

Result<Scoped> open_scoped(const Settings& settings, const CommandLine& line) {
    auto rows = open_fleet(settings);
    if (!rows) return tl::make_unexpected(rows.error());
    auto scope = scope_of(line, *rows->store);
    if (!scope) return tl::make_unexpected(scope.error());
    auto versions = rows->configs->versions();
    if (!versions) return tl::make_unexpected(versions.error());
    std::erase_if(*versions, [&](const ConfigVersion& each) { return each.scope != *scope; });
    return Scoped{std::move(*rows), std::move(*scope), std::move(*versions)};
}

std::string in_words(const ConfigVersion& version) {
    return to_string(version.scope) + ": version " + std::to_string(version.version) + " for " +
           std::to_string(version.percent) + " % of its devices\n";
}

/// Sets how far the version goes: the one that was asked for, or the newest.
Status roll_out(const Scoped& scoped, std::int64_t wanted, const ConfigVersion* fallback,
                int percent) {
    const auto found = std::ranges::find(scoped.versions, wanted, &ConfigVersion::version);
    const ConfigVersion* chosen = wanted == 0                      ? fallback
                                  : found == scoped.versions.end() ? nullptr
                                                                   : &*found;
    if (chosen == nullptr) {
        return fail(Errc::not_found, to_string(scoped.scope) +
                                         " has no such version; see "
                                         "kaiku-central fleet config show");
    }
    if (Status done = scoped.rows.configs->roll_out(scoped.scope, chosen->version, percent);
        !done) {
        return done;
    }
    ConfigVersion told = *chosen;
    told.percent = percent;
    return print(in_words(told));
}

}  // namespace

Status run_config_set(const Settings& settings, const CommandLine& line) {
    const auto scoped = open_scoped(settings, line);
    if (!scoped) return tl::make_unexpected(scoped.error());
    const ConfigVersion* before = newest(scoped->versions, scoped->scope);
    ConfigVersion version{scoped->scope, next_number(scoped->versions, scoped->scope),
                          before == nullptr ? sync::ConfigValues() : before->values,
                          static_cast<int>(line.fleet.percent), wall_now()};
    for (const std::string& text : line.fleet.values) {
        if (Status good = change(version.values, text); !good) return good;
    }
    if (Status added = scoped->rows.configs->add(version); !added) return added;
    return print(in_words(version));
}

Status run_config_show(const Settings& settings, const CommandLine& line) {
    if (Status good = check_format(line); !good) return good;
    const auto scoped = open_scoped(settings, line);
    if (!scoped) return tl::make_unexpected(scoped.error());
    if (line.format == "json") {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const ConfigVersion& each : scoped->versions) {
            all.push_back({{"scope", to_string(each.scope)},
                           {"version", each.version},
                           {"percent", each.percent},
                           {"made_at", survey::format_rfc3339(each.made_at)},
                           {"values", each.values}});
        }
        return print(all.dump(2) + "\n");
    }
    std::string out;
    for (const ConfigVersion& each : scoped->versions) {
        out += in_words(each);
        for (const auto& [key, value] : each.values) out += "  " + key + " = " + value + "\n";
    }
    return print(out.empty() ? to_string(scoped->scope) + ": nothing is set\n" : out);
}

Status run_config_roll_out(const Settings& settings, const CommandLine& line) {
    const auto scoped = open_scoped(settings, line);
    if (!scoped) return tl::make_unexpected(scoped.error());
    const ConfigVersion* last = scoped->versions.empty() ? nullptr : &scoped->versions.back();
    return roll_out(*scoped, line.fleet.version, last, static_cast<int>(line.fleet.percent));
}

Status run_config_undo(const Settings& settings, const CommandLine& line) {
    const auto scoped = open_scoped(settings, line);
    if (!scoped) return tl::make_unexpected(scoped.error());
    return roll_out(*scoped, line.fleet.version, newest(scoped->versions, scoped->scope), 0);
}

Status run_group_add(const Settings& settings, const CommandLine& line) {
    const bool named =
        line.fleet.group.size() <= 64 && std::ranges::all_of(line.fleet.group, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!named) return fail(Errc::invalid, "--group: use 1 to 64 of a-z 0-9 -");
    const auto rows = open_fleet(settings);
    if (!rows) return tl::make_unexpected(rows.error());
    CommandLine of_device = line;
    of_device.fleet.group.clear();
    of_device.code.clear();
    if (const auto known = scope_of(of_device, *rows->store); !known) {
        return tl::make_unexpected(known.error());
    }
    return rows->configs->set_member(line.fleet.group, line.device, true);
}

Status run_group_remove(const Settings& settings, const CommandLine& line) {
    const auto rows = open_fleet(settings);
    if (!rows) return tl::make_unexpected(rows.error());
    return rows->configs->set_member(line.fleet.group, line.device, false);
}

Status run_group_list(const Settings& settings, const CommandLine& line) {
    if (Status good = check_format(line); !good) return good;
    const auto rows = open_fleet(settings);
    if (!rows) return tl::make_unexpected(rows.error());
    const auto groups = rows->configs->groups();
    if (!groups) return tl::make_unexpected(groups.error());
    if (line.format == "json") return print(nlohmann::ordered_json(*groups).dump(2) + "\n");
    std::string out;
    for (const auto& [name, members] : *groups) {
        for (const auto& member : members) out += name + "  " + member + "\n";
    }
    return print(out);
}

}  // namespace kaiku::central
