#pragma once

#include <string>

#include "central/main/commands.hpp"

namespace kaiku::central {

Status run_person_add(const Settings& settings, const CommandLine& line);
Status run_person_list(const Settings& settings, const CommandLine& line);
Status run_person_role(const Settings& settings, const CommandLine& line);
Status run_person_reset(const Settings& settings, const CommandLine& line);
Status run_person_disable(const Settings& settings, const CommandLine& line);
Status run_audit_list(const Settings& settings, const CommandLine& line);
Status run_audit_verify(const Settings& settings, const CommandLine& line);

/// Puts into the organiser's audit log that the user of this shell did something with the command.
Status record(const Settings& settings, Stores& stores, const std::string& what,
              const std::string& object, const std::string& command);

}  // namespace kaiku::central
