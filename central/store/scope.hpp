#pragma once

#include <chrono>
#include <string>

#include "central/sql/connection.hpp"
#include "survey/response.hpp"

namespace kaiku::central {

/// One organiser's rows on one connection. Every statement of this room begins its conditions
/// with the organiser: nobody sees or changes another one's.
struct Scope {
    sql::Connection& db;
    const std::string& organiser;
};

inline std::int64_t seconds_of(survey::UtcSeconds time) { return time.time_since_epoch().count(); }
inline survey::UtcSeconds time_of(std::int64_t seconds) {
    return survey::UtcSeconds(std::chrono::seconds(seconds));
}
/// Null for an empty text.
inline sql::Value text_or_null(const std::string& text) {
    return text.empty() ? sql::Value() : sql::Value(text);
}
/// "<column> is one of the list $<number>", as Connection::list makes it.
inline std::string in_list(const sql::Connection& db, const char* column, int number) {
    const std::string parameter = "$" + std::to_string(number);
    return db.dialect() == sql::Dialect::sqlite
               ? std::string(column) + " IN (SELECT value FROM json_each(" + parameter + "))"
               : std::string(column) + " = ANY(" + parameter + "::text[])";
}

}  // namespace kaiku::central
