#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "central/store/store.hpp"

/// Units as rows of the embedded store. Throws SQLite::Exception.
namespace kaiku::central {

std::optional<Unit> find_unit(SQLite::Database& database, const std::string& code);
/// In the order of their codes.
std::vector<Unit> read_units(SQLite::Database& database);

}  // namespace kaiku::central
