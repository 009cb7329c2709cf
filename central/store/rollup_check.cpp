#include "central/store/rollup_check.hpp"

#include <set>

#include "central/store/day.hpp"
#include "central/store/response_rows.hpp"
#include "central/store/rollup_rows.hpp"

namespace kaiku::central {
namespace {

using std::chrono::day;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;

year_month month_of(std::int64_t number) {
    return std::chrono::year(static_cast<int>(number / 100)) /
           std::chrono::month(static_cast<unsigned>(number % 100));
}
std::int64_t number_of(year_month month) {
    return static_cast<int>(month.year()) * 100LL + static_cast<unsigned>(month.month());
}
year_month month_at(survey::UtcSeconds time) {
    const std::chrono::year_month_day date(day_of(time));
    return date.year() / date.month();
}
survey::UtcSeconds begin_of(year_month month) { return start_of(sys_days(month / day(1))); }

RollupRange range_of_days(year_month month) {
    const auto number = number_of(month) * 100;
    return {RollupLevel::day, number, number + 100};
}
RollupRange range_of_month(std::int64_t month) { return {RollupLevel::month, month, month + 1}; }
RollupRange range_of_year(std::int64_t year) { return {RollupLevel::year, year, year + 1}; }

void add_starts(Scope scope, RollupLevel level, std::int64_t divisor,
                std::set<std::int64_t>& into) {
    scope.db.run("SELECT DISTINCT start FROM rollups WHERE organiser = $1 AND level = $2",
                 sql::Values{scope.organiser, name_of(level)}, [&](const sql::Row& row) {
                     into.insert(row.integer(0) / divisor);
                     return true;
                 });
}

/// Every month in which there is an answer or a rollup.
std::set<std::int64_t> all_months(Scope scope) {
    std::set<std::int64_t> months_seen;
    add_starts(scope, RollupLevel::day, 100, months_seen);
    add_starts(scope, RollupLevel::month, 1, months_seen);
    std::int64_t from = INT64_MIN;
    while (const auto next = scope.db.first(
               "SELECT answered_at FROM responses WHERE organiser = $1 AND answered_at >= $2"
               " ORDER BY answered_at, id LIMIT 1",
               {scope.organiser, from}, [](const sql::Row& row) { return row.integer(0); })) {
        const year_month month = month_at(time_of(*next));
        months_seen.insert(number_of(month));
        from = seconds_of(begin_of(month + months(1)));
    }
    return months_seen;
}

std::set<std::int64_t> all_years(Scope scope, const std::set<std::int64_t>& months_seen) {
    std::set<std::int64_t> years;
    add_starts(scope, RollupLevel::year, 1, years);
    for (const std::int64_t month : months_seen) years.insert(month / 100);
    return years;
}

/// The days and the month as they should be, from the answers; the years are left out.
Result<Rollups> recompute_month(Scope scope, year_month month) {
    Rollups rollups;
    Selection selection;
    selection.from = begin_of(month);
    selection.to = begin_of(month + months(1));
    Status read = visit_responses(scope, selection, [&](const survey::Response& response) {
        count_response(rollups, response);
        return true;
    });
    if (!read) return tl::make_unexpected(read.error());
    std::erase_if(rollups, [](const auto& row) { return row.first.level == RollupLevel::year; });
    return rollups;
}

void add_to_year(Rollups& years, const RollupKey& key, const RollupCounts& counts) {
    if (key.level != RollupLevel::month) return;
    years[{RollupLevel::year, key.unit, key.start / 100, key.slice}].merge(counts);
}

void compare(const Rollups& right, const std::map<RollupKey, std::string>& stored,
             std::vector<RollupDifference>& differences) {
    const auto check = [&](const RollupKey& key, const std::string& text,
                           const RollupCounts& should) {
        const auto has = text.empty() ? std::optional(RollupCounts()) : decode_counts(text);
        if (has && *has == should) return;
        differences.push_back({key.unit, name_of(key.level), key.start, key.slice,
                               has ? std::optional(has->responses) : std::nullopt,
                               should.responses});
    };
    for (const auto& [key, counts] : right) {
        const auto row = stored.find(key);
        check(key, row == stored.end() ? "" : row->second, counts);
    }
    for (const auto& [key, text] : stored) {
        if (!right.contains(key)) check(key, text, {});
    }
}

/// What should stand, and nothing where something stands that should not.
Rollups with_emptied(Rollups right, const std::map<RollupKey, std::string>& stored) {
    for (const auto& [key, text] : stored) {
        if (!text.empty()) right.try_emplace(key);
    }
    return right;
}

Status rebuild_month(Scope scope, year_month month) {
    auto right = recompute_month(scope, month);
    if (!right) return tl::make_unexpected(right.error());
    auto stored = read_rollups(scope, range_of_days(month));
    stored.merge(read_rollups(scope, range_of_month(number_of(month))));
    overwrite_rollups(scope, with_emptied(*std::move(right), stored));
    return {};
}

Status rebuild_year(Scope scope, std::int64_t year) {
    Rollups right;
    const RollupRange whole{RollupLevel::month, year * 100, year * 100 + 100};
    for (const auto& [key, text] : read_rollups(scope, whole)) {
        const auto counts = text.empty() ? std::optional(RollupCounts()) : decode_counts(text);
        if (!counts) return fail(Errc::corrupt, "store: a rollup of a month was changed meanwhile");
        if (counts->responses > 0) add_to_year(right, key, *counts);
    }
    const auto stored = read_rollups(scope, range_of_year(year));
    overwrite_rollups(scope, with_emptied(std::move(right), stored));
    return {};
}

}  // namespace

Result<std::vector<RollupDifference>> compare_rollups(Scope scope, const MonthTold& told) {
    std::vector<RollupDifference> differences;
    const auto months_seen = all_months(scope);
    Rollups years;
    for (const std::int64_t number : months_seen) {
        const year_month month = month_of(number);
        if (told) told(number);
        const auto right = recompute_month(scope, month);
        if (!right) return tl::make_unexpected(right.error());
        auto stored = read_rollups(scope, range_of_days(month));
        stored.merge(read_rollups(scope, range_of_month(number)));
        compare(*right, stored, differences);
        for (const auto& [key, counts] : *right) add_to_year(years, key, counts);
    }
    std::map<RollupKey, std::string> stored;
    for (const std::int64_t year : all_years(scope, months_seen)) {
        stored.merge(read_rollups(scope, range_of_year(year)));
    }
    compare(years, stored, differences);
    return differences;
}

Status rebuild_rollups(sql::Database& database, const std::string& organiser,
                       const MonthTold& told) {
    std::set<std::int64_t> months_seen;
    std::set<std::int64_t> years;
    Status looked = database.snapshot("reading the rollups", [&](sql::Connection& db) -> Status {
        months_seen = all_months({db, organiser});
        years = all_years({db, organiser}, months_seen);
        return {};
    });
    if (!looked) return looked;
    for (const std::int64_t number : months_seen) {
        if (told) told(number);
        Status done = database.rewrite("writing rollups anew", [&](sql::Connection& db) {
            return rebuild_month({db, organiser}, month_of(number));
        });
        if (!done) return done;
    }
    for (const std::int64_t year : years) {
        Status done = database.rewrite("writing rollups anew", [&](sql::Connection& db) {
            return rebuild_year({db, organiser}, year);
        });
        if (!done) return done;
    }
    return {};
}

Status fill_rollups(Scope scope) {
    const auto months_seen = all_months(scope);
    for (const std::int64_t number : months_seen) {
        if (Status done = rebuild_month(scope, month_of(number)); !done) return done;
    }
    for (const std::int64_t year : all_years(scope, months_seen)) {
        if (Status done = rebuild_year(scope, year); !done) return done;
    }
    return {};
}

}  // namespace kaiku::central
