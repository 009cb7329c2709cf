#include "central/fleet/config.hpp"

#include <algorithm>

namespace kaiku::central::fleet {
namespace {

/// A tree that was made wrong must not hang anything.
constexpr std::size_t kMaxDepth = 32;

/// The newest version of the scope that has reached the device.
const ConfigVersion* reached(std::span<const ConfigVersion> versions, const ConfigScope& scope,
                             const std::string& device_id) {
    const ConfigVersion* best = nullptr;
    for (const ConfigVersion& each : versions) {
        if (each.scope != scope || (best != nullptr && each.version < best->version)) continue;
        if (stage_of(device_id, scope, each.version) < each.percent) best = &each;
    }
    return best;
}

}  // namespace

std::string to_string(const ConfigScope& scope) {
    switch (scope.kind) {
        case ScopeKind::organiser:
            return "organiser";
        case ScopeKind::unit:
            return "unit " + scope.key;
        case ScopeKind::group:
            return "group " + scope.key;
        case ScopeKind::device:
            return "device " + scope.key;
    }
    return {};
}

DevicePlace place_of(const Device& device, std::span<const Device> devices,
                     std::span<const Unit> units, const Groups& groups) {
    DevicePlace place{{device.id}, {}, {}};
    for (std::size_t next = 0; next < place.ids.size() && next < kMaxDepth; ++next) {
        for (const Device& each : devices) {
            const bool known = std::ranges::find(place.ids, each.id) != place.ids.end();
            if (each.replaced_by == place.ids[next] && !known) place.ids.push_back(each.id);
        }
    }
    for (const auto& [name, members] : groups) {
        const bool in = std::ranges::any_of(
            place.ids, [&members = members](const auto& id) { return members.contains(id); });
        if (in) place.groups.push_back(name);
    }
    std::string code = device.unit;
    while (!code.empty() && place.units.size() < kMaxDepth) {
        place.units.push_back(code);
        const auto found = std::ranges::find(units, code, &Unit::code);
        code = found == units.end() ? std::string() : found->parent;
    }
    return place;
}

int stage_of(std::string_view device_id, const ConfigScope& scope, std::int64_t version) {
    // FNV-1a, then MurmurHash3's finaliser: the last letters alone must not decide.
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    const std::string text =
        std::string(device_id) + '\n' + to_string(scope) + '\n' + std::to_string(version);
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    }
    hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
    return static_cast<int>((hash ^ (hash >> 33U)) % 100U);
}

Effective effective(std::span<const ConfigVersion> versions, const DevicePlace& place) {
    Effective result;
    const std::string own = place.ids.empty() ? std::string() : place.ids.front();
    const auto inherit = [&](const ConfigScope& scope) {
        const ConfigVersion* found = reached(versions, scope, own);
        if (found == nullptr) return;
        for (const auto& [key, value] : found->values) {
            if (!result.values.emplace(key, value).second) continue;
            result.sources[key] = {scope, found->version};
        }
    };
    for (const auto& id : place.ids) inherit({ScopeKind::device, id});
    for (const auto& group : place.groups) inherit({ScopeKind::group, group});
    for (const auto& unit : place.units) inherit({ScopeKind::unit, unit});
    inherit({ScopeKind::organiser, ""});
    return result;
}

const ConfigVersion* newest(std::span<const ConfigVersion> versions, const ConfigScope& scope) {
    const ConfigVersion* best = nullptr;
    for (const ConfigVersion& each : versions) {
        if (each.scope != scope || each.percent == 0) continue;
        if (best == nullptr || each.version > best->version) best = &each;
    }
    return best;
}

std::int64_t next_number(std::span<const ConfigVersion> versions, const ConfigScope& scope) {
    std::int64_t largest = 0;
    for (const ConfigVersion& each : versions) {
        if (each.scope == scope) largest = std::max(largest, each.version);
    }
    return largest + 1;
}

}  // namespace kaiku::central::fleet
