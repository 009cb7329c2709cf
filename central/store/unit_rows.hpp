#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// Units as rows. May throw sql::Trouble.
namespace kaiku::central {

std::optional<Unit> find_unit(Scope scope, const std::string& code);
/// In the order of their codes.
std::vector<Unit> read_units(Scope scope);
/// Errc::refused if the code is taken, Errc::not_found if the parent does not exist.
Status insert_unit(Scope scope, const Unit& unit);
/// One of the codes that is no unit's, or nothing.
std::optional<std::string> missing_unit(Scope scope, const std::set<std::string>& codes);
Status unit_missing(const std::string& code);

}  // namespace kaiku::central
