#pragma once

#include <string>

#include "central/main/commands.hpp"
#include "central/people/store.hpp"

namespace kaiku::central {

Status run_person_add(const Settings& settings, const CommandLine& line);
Status run_person_list(const Settings& settings, const CommandLine& line);
Status run_person_role(const Settings& settings, const CommandLine& line);
Status run_person_reset(const Settings& settings, const CommandLine& line);
Status run_person_disable(const Settings& settings, const CommandLine& line);
Status run_token_create(const Settings& settings, const CommandLine& line);
Status run_token_list(const Settings& settings, const CommandLine& line);
Status run_token_revoke(const Settings& settings, const CommandLine& line);
Status run_audit_list(const Settings& settings, const CommandLine& line);
Status run_audit_verify(const Settings& settings, const CommandLine& line);

/// A change that the user of this shell makes now with the command.
people::Change change_by(const std::string& command);

/// Puts into the organiser's audit log that the user of this shell did something with the command.
Status record(const Settings& settings, Stores& stores, const std::string& what,
              const std::string& object, const std::string& command);

}  // namespace kaiku::central
