#include "central/main/fleet_line.hpp"

namespace kaiku::central {
namespace {

void add_format(CLI::App& command, CommandLine& line) {
    command.add_option("--format", line.format, "text (default) or json");
}

/// Whom a configuration is for: exactly one of these.
void add_scope(CLI::App& command, CommandLine& line) {
    CLI::Option_group* scope = command.add_option_group("scope", "whom it is for");
    scope->add_flag("--everywhere", line.fleet.everywhere, "every device of the organiser");
    scope->add_option("--unit", line.code, "devices of this unit and those below it");
    scope->add_option("--group", line.fleet.group, "devices of this group");
    scope->add_option("--device", line.device, "this device");
    scope->require_option(1);
}

void add_percent(CLI::App& command, CommandLine& line, const char* help) {
    command.add_option("--percent", line.fleet.percent, help)->check(CLI::Range(0, 100));
}

void add_config(CLI::App& fleet, CommandLine& line, const AddCommand& add) {
    CLI::App* config = fleet.add_subcommand("config", "What devices are set to");
    config->require_subcommand(1);
    CLI::App& set = add(*config, "set", "Make a new version with these values", run_config_set);
    add_scope(set, line);
    set.add_option("values", line.fleet.values,
                   "key=value; \"key=\" takes the value away, so that it is inherited again")
        ->required();
    add_percent(set, line, "of the devices that get it now (100)");
    CLI::App& show = add(*config, "show", "Print the versions of a scope", run_config_show);
    add_scope(show, line);
    add_format(show, line);
    CLI::App& roll_out =
        add(*config, "roll-out", "Give a version to more devices, or fewer", run_config_roll_out);
    add_scope(roll_out, line);
    roll_out.add_option("--version", line.fleet.version, "its number (default: the newest)");
    add_percent(roll_out, line, "of the devices (100)");
    CLI::App& undo = add(*config, "undo", "Take a version from every device; the one before holds",
                         run_config_undo);
    add_scope(undo, line);
    undo.add_option("--version", line.fleet.version, "its number (default: the newest in use)");
}

void add_group(CLI::App& fleet, CommandLine& line, const AddCommand& add) {
    CLI::App* group = fleet.add_subcommand("group", "Devices that are set up alike");
    group->require_subcommand(1);
    CLI::App& join = add(*group, "add", "Put a device into a group", run_group_add);
    CLI::App& leave = add(*group, "remove", "Take a device out of a group", run_group_remove);
    for (CLI::App* command : {&join, &leave}) {
        command->add_option("--group", line.fleet.group, "a name of a-z 0-9 -")->required();
        command->add_option("--device", line.device, "its id")->required();
    }
    add_format(add(*group, "list", "Print every group with its devices", run_group_list), line);
}

}  // namespace

void add_fleet(CLI::App& app, CommandLine& line, const AddCommand& add) {
    CLI::App* fleet = app.add_subcommand("fleet", "How terminals are, and what they are set to");
    fleet->require_subcommand(1);
    CLI::App& list =
        add(*fleet, "list", "Print every terminal in use and how it is", run_fleet_list);
    list.add_option("--unit", line.code, "only of this unit and those below it");
    add_format(list, line);
    CLI::App& show = add(*fleet, "show",
                         "Print one terminal: what it told, what it is set to and "
                         "where that comes from",
                         run_fleet_show);
    show.add_option("--device", line.device, "its id")->required();
    add_format(show, line);
    add_config(*fleet, line, add);
    add_group(*fleet, line, add);
    add(*fleet, "try", "Send a letter and a post without an alert to those who are told of alerts",
        run_fleet_try);
    add_format(add(*fleet, "alerts", "Print what is wrong now", run_fleet_alerts), line);
}

}  // namespace kaiku::central
