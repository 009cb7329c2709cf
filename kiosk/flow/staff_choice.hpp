#pragma once

#include <string>
#include <vector>

#include "kiosk/flow/staff.hpp"

/// What a staff device was handed over for, and what it therefore offers first. Pure.
namespace kaiku::flow {

/// Whether a unit may be chosen on this device.
bool knows_unit(const Setup& setup, const std::string& code);

/// Of StaffSetup::remembered what this device still offers.
StaffChoice recalled_choice(const Setup& setup);

/// Puts what is in use first.
void note_choice(const Setup& setup, State& state);

/// The units to choose from: the one in use, then those used last, then the others as set up.
std::vector<StaffUnit> units_to_choose(const Setup& setup, const State& state);

}  // namespace kaiku::flow
