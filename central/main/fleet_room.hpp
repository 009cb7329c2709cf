#pragma once

#include <memory>

#include "central/fleet/fleet.hpp"
#include "central/main/commands.hpp"

namespace kaiku::central {

/// One organiser's fleet for a command.
struct FleetRows {
    std::unique_ptr<Stores> stores;
    std::unique_ptr<Store> store;
    std::unique_ptr<fleet::ConfigStore> configs;
    std::unique_ptr<fleet::WatchStore> watch;
};
/// Opens the fleet of the organiser of these settings; it must be there.
Result<FleetRows> open_fleet(const Settings& settings);

/// Errc::invalid unless --format is text, json or not given.
Status check_format(const CommandLine& line);

}  // namespace kaiku::central
