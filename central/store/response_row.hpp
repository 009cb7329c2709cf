#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// The columns of a response, in the order in which both functions below use them.
inline constexpr const char* kResponseColumns =
    "id, answered_at, unit, channel, language, respondent, assisted, instrument, version, nps, "
    "statements, cant_say, choices, text, flags, rule_version, time";

/// Binds a response to parameters 1–17.
void bind_response(SQLite::Statement& statement, const survey::Response& response);

/// Reads a response from columns 0–16; Errc::corrupt if a value is not one we write.
Result<survey::Response> read_response(SQLite::Statement& row);

bool has_response(SQLite::Database& database, const survey::ResponseId& id);

}  // namespace kaiku::central
