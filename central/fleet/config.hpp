#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "central/store/store.hpp"
#include "sync/device_config.hpp"

/// Which configuration a device has: inheritance, versions, staged roll-out. Pure.
namespace kaiku::central::fleet {

/// Whom values are for; in the order in which they give way: the nearest wins.
enum class ScopeKind { organiser, unit, group, device };
struct ConfigScope {
    ScopeKind kind = ScopeKind::organiser;
    std::string key{};  ///< code, name or id; empty for the organiser
    auto operator<=>(const ConfigScope&) const = default;  // NOLINT(modernize-use-nullptr)
};
/// "organiser", "unit x", "group x", "device x".
std::string to_string(const ConfigScope& scope);

/// All values of one scope at one time. A version is never changed but in how far it is rolled out.
struct ConfigVersion {
    ConfigScope scope;
    std::int64_t version = 1;  ///< from 1 on within its scope
    sync::ConfigValues values{};
    int percent = 100;  ///< of the devices, 0–100; 0: undone
    survey::UtcSeconds made_at{};
    friend bool operator==(const ConfigVersion&, const ConfigVersion&) = default;
};

/// Name → ids of devices.
using Groups = std::map<std::string, std::set<std::string>>;

/// Where a device stands, each list with the nearest first.
struct DevicePlace {
    std::vector<std::string> ids;     ///< its own, then those of the devices that it replaced
    std::vector<std::string> groups;  ///< in the order of the alphabet
    std::vector<std::string> units;   ///< its own, then those above
};
/// A device in another's place stands in its groups too, and inherits what was set for it.
DevicePlace place_of(const Device& device, std::span<const Device> devices,
                     std::span<const Unit> units, const Groups& groups);

/// 0–99: in which hundredth of all devices this one is, for this version. It depends on nothing
/// but the two, so a larger percentage only ever adds devices; by version, so that it is not always
/// the same devices that try what is new.
int stage_of(std::string_view device_id, const ConfigScope& scope, std::int64_t version);

/// A device's configuration, and which version of which scope each value came from.
struct Effective {
    sync::ConfigValues values;
    struct Source {
        ConfigScope scope;
        std::int64_t version = 0;
        friend bool operator==(const Source&, const Source&) = default;
    };
    std::map<std::string, Source> sources{};
};
/// Of each scope the newest version that has reached the device counts; of two scopes with the
/// same key the nearer: device before group before unit before the unit above before organiser.
/// Of two groups the first in the alphabet.
Effective effective(std::span<const ConfigVersion> versions, const DevicePlace& place);

/// The version that changes begin from: the newest of the scope that is not undone.
const ConfigVersion* newest(std::span<const ConfigVersion> versions, const ConfigScope& scope);
/// The number after the largest of the scope, undone ones included.
std::int64_t next_number(std::span<const ConfigVersion> versions, const ConfigScope& scope);

}  // namespace kaiku::central::fleet
