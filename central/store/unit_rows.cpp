#include "central/store/unit_rows.hpp"

#include <algorithm>

namespace kaiku::central {
namespace {

Unit unit_of(const sql::Row& row) {
    return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

}  // namespace

std::optional<Unit> find_unit(Scope scope, const std::string& code) {
    return scope.db.first(
        "SELECT code, name_fi, name_sv, parent, oid FROM units WHERE organiser = $1 AND code = $2",
        {scope.organiser, code}, unit_of);
}

std::vector<Unit> read_units(Scope scope) {
    auto units =
        scope.db.all("SELECT code, name_fi, name_sv, parent, oid FROM units WHERE organiser = $1",
                     {scope.organiser}, unit_of);
    std::sort(units.begin(), units.end(),
              [](const Unit& a, const Unit& b) { return a.code < b.code; });
    return units;
}

Status insert_unit(Scope scope, const Unit& unit) {
    if (!unit.parent.empty() && !find_unit(scope, unit.parent)) return unit_missing(unit.parent);
    const auto added = scope.db.execute(
        "INSERT INTO units (organiser, code, name_fi, name_sv, parent, oid)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        {scope.organiser, unit.code, unit.name_fi, unit.name_sv, text_or_null(unit.parent),
         text_or_null(unit.oid)});
    if (added == 0) return fail(Errc::refused, "unit '" + unit.code + "' exists already");
    return {};
}

std::optional<std::string> missing_unit(Scope scope, const std::set<std::string>& codes) {
    std::set<std::string> missing = codes;
    const std::vector<std::string> asked(codes.begin(), codes.end());
    const std::string statement =
        "SELECT code FROM units WHERE organiser = $1 AND " + in_list(scope.db, "code", 2);
    for (const auto& known :
         scope.db.all(statement.c_str(), {scope.organiser, scope.db.list(asked)},
                      [](const sql::Row& row) { return row.text(0); })) {
        missing.erase(known);
    }
    if (missing.empty()) return std::nullopt;
    return *missing.begin();
}

Status unit_missing(const std::string& code) {
    return fail(Errc::not_found, "unit '" + code + "' does not exist");
}

}  // namespace kaiku::central
