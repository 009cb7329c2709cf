#include "central/store/selected_rows.hpp"

#include <nlohmann/json.hpp>
#include <unordered_map>

namespace kaiku::central {
namespace {

std::int64_t seconds_of(survey::UtcSeconds time) { return time.time_since_epoch().count(); }

template <class Value>
void bind_or_null(SQLite::Statement& statement, int index, const std::optional<Value>& value) {
    if (value) {
        statement.bind(index, *value);
    } else {
        statement.bind(index);
    }
}

TallyKey key_of(SQLite::Statement& row) {
    return {row.getColumn(0),
            row.getColumn(1),
            row.getColumn(2),
            row.getColumn(6),
            {row.getColumn(7), row.getColumn(8).getInt()}};
}

/// The answers 1–5 in a stored statements object, and nothing of one that is not ours.
std::vector<std::pair<std::string, int>> parse_statements(const char* text) {
    std::vector<std::pair<std::string, int>> parsed;
    const auto statements = nlohmann::json::parse(text, nullptr, false);
    if (!statements.is_object()) {
        return parsed;
    }
    for (const auto& [key, value] : statements.items()) {
        if (value.is_number_integer() && value >= 1 && value <= 5) {
            parsed.emplace_back(key, value.get<int>());
        }
    }
    return parsed;
}

}  // namespace

void bind_selection(SQLite::Statement& statement, const Selection& selection) {
    statement.bind(1, seconds_of(selection.from));
    statement.bind(2, seconds_of(selection.to));
    if (selection.units) {
        statement.bind(3, nlohmann::json(*selection.units).dump());
    } else {
        statement.bind(3);
    }
    statement.bind(4, selection.with_flagged ? 1 : 0);
    bind_or_null(statement, 5, selection.instrument);
    bind_or_null(statement, 6, selection.version);
    bind_or_null(statement, 7, selection.respondent);
}

// Reads every selected row once. Counting here is several times faster than by SQLite's
// json_each; equal statements texts are parsed once.
void tally_rows(SQLite::Database& database, const Selection& selection, Tallies& tallies) {
    constexpr std::size_t kMaxRemembered = 100'000;
    SQLite::Statement rows(
        database,
        std::string("SELECT unit, channel, language, nps, statements, flags <> '[]', respondent,"
                    " instrument, version, assisted FROM responses") +
            kSelectedRows);
    bind_selection(rows, selection);
    std::unordered_map<std::string, std::vector<std::pair<std::string, int>>> remembered;
    while (rows.executeStep()) {
        Tally& tally = tallies[key_of(rows)];
        ++tally.responses;
        tally.flagged += rows.getColumn(5).getInt();
        tally.assisted += rows.getColumn(9).getInt();
        if (!rows.getColumn(3).isNull()) {
            tally.nps.add(rows.getColumn(3).getInt());
        }
        std::string text = rows.getColumn(4).getString();
        auto found = remembered.find(text);
        if (found == remembered.end()) {
            if (remembered.size() == kMaxRemembered) {
                remembered.clear();
            }
            auto parsed = parse_statements(text.c_str());
            found = remembered.emplace(std::move(text), std::move(parsed)).first;
        }
        for (const auto& [key, value] : found->second) {
            tally.statements[key].add(value);
        }
    }
}

}  // namespace kaiku::central
