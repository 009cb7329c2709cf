#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "central/store/store.hpp"

namespace kaiku::central {

/// The WHERE clause shared by all readings of responses; ?1 from, ?2 to, ?3 units as JSON or NULL,
/// ?4 whether flagged ones count, ?5 instrument, ?6 its version, ?7 respondent kind or NULL.
inline constexpr const char* kSelectedRows =
    " WHERE answered_at >= ?1 AND answered_at < ?2"
    " AND (?3 IS NULL OR unit IN (SELECT value FROM json_each(?3)))"
    " AND (?4 OR flags = '[]')"
    " AND (?5 IS NULL OR instrument = ?5) AND (?6 IS NULL OR version = ?6)"
    " AND (?7 IS NULL OR respondent = ?7)";
/// Binds the parameters of kSelectedRows.
void bind_selection(SQLite::Statement& statement, const Selection& selection);

/// Counts the selected rows. May throw SQLite::Exception.
void tally_rows(SQLite::Database& database, const Selection& selection, Tallies& tallies);

}  // namespace kaiku::central
