#include "central/store/unit_rows.hpp"

namespace kaiku::central {
namespace {

Unit unit_of(SQLite::Statement& row) {
    return {row.getColumn(0).getString(), row.getColumn(1).getString(),
            row.getColumn(2).getString(), row.getColumn(3).getString(),
            row.getColumn(4).getString()};
}

}  // namespace

std::optional<Unit> find_unit(SQLite::Database& database, const std::string& code) {
    SQLite::Statement query(database,
                            "SELECT code, name_fi, name_sv, parent, oid FROM units WHERE code = ?");
    query.bind(1, code);
    if (!query.executeStep()) return std::nullopt;
    return unit_of(query);
}

std::vector<Unit> read_units(SQLite::Database& database) {
    SQLite::Statement rows(database,
                           "SELECT code, name_fi, name_sv, parent, oid FROM units ORDER BY code");
    std::vector<Unit> all;
    while (rows.executeStep()) all.push_back(unit_of(rows));
    return all;
}

}  // namespace kaiku::central
