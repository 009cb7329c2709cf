#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>

#include "central/store/store.hpp"

/// Credentials as rows of the embedded store. Throws SQLite::Exception.
namespace kaiku::central {

/// The device or token with this hash; enrolment codes are never found here.
std::optional<Secret> read_credential(SQLite::Database& database, const std::string& hash);

}  // namespace kaiku::central
