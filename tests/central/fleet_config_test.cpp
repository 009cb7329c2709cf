// Which configuration a device has: who inherits from whom, and how far a version is rolled out.
#include <algorithm>
#include <cmath>

#include "central/fleet/config.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central::fleet {
namespace {

constexpr auto kOrganiser = ScopeKind::organiser;

Device device(const std::string& id, const std::string& unit, const std::string& by = {}) {
    Device made;
    made.id = id;
    made.unit = unit;
    made.replaced_by = by;
    return made;
}

const std::vector<Unit> kUnits{
    {"county", "", "", "", ""}, {"centre", "", "", "county", ""}, {"desk", "", "", "centre", ""}};

}  // namespace

TEST_CASE("of values set above and below, the nearest wins and the rest is inherited") {
    const Device mine = device("d1", "desk");
    const DevicePlace place =
        place_of(mine, std::vector{mine}, kUnits, Groups{{"lobby", {"d1"}}, {"other", {"d2"}}});
    CHECK(place.units == std::vector<std::string>{"desk", "centre", "county"});
    CHECK(place.groups == std::vector<std::string>{"lobby"});
    std::vector<ConfigVersion> versions{
        {{kOrganiser, ""}, 1, {{"theme", "default"}, {"text_s", "90"}, {"thanks_s", "8"}}},
        {{ScopeKind::unit, "county"}, 1, {{"first_language", "sv"}, {"theme", "contrast-dark"}}},
        {{ScopeKind::unit, "centre"}, 4, {{"first_language", "fi"}, {"question_s", "40"}}},
        {{ScopeKind::group, "lobby"}, 2, {{"question_s", "50"}}},
        {{ScopeKind::group, "other"}, 1, {{"question_s", "60"}}},
        {{ScopeKind::device, "d1"}, 1, {{"thanks_s", "9"}}},
        {{ScopeKind::device, "d2"}, 1, {{"thanks_s", "10"}}}};
    const Effective found = effective(versions, place);
    CHECK(found.values == sync::ConfigValues{{"theme", "contrast-dark"},
                                             {"text_s", "90"},
                                             {"thanks_s", "9"},
                                             {"first_language", "fi"},
                                             {"question_s", "50"}});
    CHECK(found.sources.at("first_language") == Effective::Source{{ScopeKind::unit, "centre"}, 4});
    CHECK(found.sources.at("question_s") == Effective::Source{{ScopeKind::group, "lobby"}, 2});
}

TEST_CASE("a later version of a scope replaces all of the earlier one's values") {
    const DevicePlace place{{"d1"}, {}, {"desk"}};
    const std::vector<ConfigVersion> versions{
        {{ScopeKind::unit, "desk"}, 2, {{"theme", "default"}}},
        {{ScopeKind::unit, "desk"}, 1, {{"theme", "contrast-dark"}, {"text_s", "30"}}}};
    CHECK(effective(versions, place).values == sync::ConfigValues{{"theme", "default"}});
}

TEST_CASE("a staged roll-out reaches about its percentage, and more percent lose no device") {
    const ConfigScope scope{kOrganiser, ""};
    std::vector<ConfigVersion> versions{{scope, 1, {{"theme", "default"}}},
                                        {scope, 2, {{"theme", "contrast-dark"}}, 0}};
    constexpr int kDevices = 10'000;
    std::set<int> before;
    for (const int percent : {0, 1, 10, 50, 100}) {
        versions[1].percent = percent;
        std::set<int> reached;
        for (int n = 0; n < kDevices; ++n) {
            const DevicePlace place{{"device-" + std::to_string(n)}, {}, {}};
            if (effective(versions, place).values.at("theme") == "contrast-dark") reached.insert(n);
        }
        // Binomial: five standard deviations.
        const double expected = kDevices * percent / 100.0;
        const double spread = 5 * std::sqrt(expected * (100 - percent) / 100.0);
        CHECK(std::abs(static_cast<double>(reached.size()) - expected) <= spread);
        CHECK(std::includes(reached.begin(), reached.end(), before.begin(), before.end()));
        before = reached;
    }
    CHECK(before.size() == kDevices);
}

TEST_CASE("not the same devices try every new version first") {
    const ConfigScope scope{kOrganiser, ""};
    int both = 0;
    for (int n = 0; n < 10'000; ++n) {
        const std::string id = "device-" + std::to_string(n);
        both += static_cast<int>(stage_of(id, scope, 1) < 10 && stage_of(id, scope, 2) < 10);
    }
    CHECK(both > 50);  // independent: 100
    CHECK(both < 150);
}

TEST_CASE("which stage a device is in never changes between programs") {
    CHECK(stage_of("9b2e0b62-6a3e-4a4c-8f0e-2f4f5d8f8d11", {kOrganiser, ""}, 1) == 81);
    CHECK(stage_of("9b2e0b62-6a3e-4a4c-8f0e-2f4f5d8f8d11", {ScopeKind::unit, "a"}, 7) == 58);
}

TEST_CASE("an undone version leaves the one before it, for everybody") {
    const ConfigScope scope{ScopeKind::unit, "desk"};
    std::vector<ConfigVersion> versions{{scope, 1, {{"theme", "default"}}},
                                        {scope, 2, {{"theme", "contrast-dark"}}, 0}};
    CHECK(effective(versions, {{"d1"}, {}, {"desk"}}).values.at("theme") == "default");
    CHECK(newest(versions, scope)->version == 1);
    CHECK(next_number(versions, scope) == 3);
    CHECK(next_number(versions, {kOrganiser, ""}) == 1);
    CHECK(newest(versions, {kOrganiser, ""}) == nullptr);
}

TEST_CASE("a device in another's place has its groups and what was set for it") {
    const std::vector<Device> all{device("d1", "desk", "d2"), device("d2", "desk", "d3"),
                                  device("d3", "desk")};
    const DevicePlace place = place_of(all[2], all, kUnits, Groups{{"lobby", {"d1"}}});
    CHECK(place.ids == std::vector<std::string>{"d3", "d2", "d1"});
    CHECK(place.groups == std::vector<std::string>{"lobby"});
    const std::vector<ConfigVersion> versions{
        {{ScopeKind::device, "d1"}, 1, {{"text_s", "30"}, {"thanks_s", "5"}}},
        {{ScopeKind::device, "d2"}, 1, {{"text_s", "40"}}}};
    CHECK(effective(versions, place).values ==
          sync::ConfigValues{{"text_s", "40"}, {"thanks_s", "5"}});
}

TEST_CASE("a tree of units that runs in a circle hangs nothing") {
    const std::vector<Unit> circle{{"a", "", "", "b", ""}, {"b", "", "", "a", ""}};
    const std::vector<Device> devices{device("d1", "a", "d2"), device("d2", "a", "d1")};
    CHECK(place_of(devices[0], devices, circle, {}).units.size() == 32);
    CHECK(place_of(devices[0], devices, circle, {}).ids.size() == 2);
}

}  // namespace kaiku::central::fleet
