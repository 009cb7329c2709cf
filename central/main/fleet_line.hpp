#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "central/main/commands.hpp"

namespace kaiku::central {

/// Adds a command under a parent: name, help, what it runs.
using AddCommand = std::function<CLI::App&(CLI::App&, const char*, const char*,
                                           Status (*)(const Settings&, const CommandLine&))>;

/// `kaiku-central fleet …`.
void add_fleet(CLI::App& app, CommandLine& line, const AddCommand& add);

Status run_fleet_list(const Settings& settings, const CommandLine& line);
Status run_fleet_show(const Settings& settings, const CommandLine& line);
Status run_config_set(const Settings& settings, const CommandLine& line);
Status run_config_show(const Settings& settings, const CommandLine& line);
Status run_config_roll_out(const Settings& settings, const CommandLine& line);
Status run_config_undo(const Settings& settings, const CommandLine& line);
Status run_group_add(const Settings& settings, const CommandLine& line);
Status run_group_remove(const Settings& settings, const CommandLine& line);
Status run_group_list(const Settings& settings, const CommandLine& line);
/// Sends a letter and a post without an alert, and says what came of it.
Status run_fleet_try(const Settings& settings, const CommandLine& line);
Status run_fleet_alerts(const Settings& settings, const CommandLine& line);

}  // namespace kaiku::central
