#include "central/store/rollup_rows.hpp"

#include <algorithm>
#include <unordered_map>

#include "central/store/day.hpp"
#include "central/store/response_rows.hpp"

namespace kaiku::central {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

[[noreturn]] void throw_damaged() {
    throw sql::Trouble(Errc::corrupt, "a rollup cannot be read; run kaiku-central rebuild");
}

RollupCounts counts_of(std::string_view text) {
    auto counts = decode_counts(text);
    if (!counts) throw_damaged();
    return *std::move(counts);
}

sql::Values key_values(const std::string& organiser, const RollupKey& key) {
    return {organiser, name_of(key.level), key.unit, key.start, key.slice};
}

/// What stands in the rows, locked against others until the end of the transaction. Rows that are
/// not there yet are made first, empty: two processes that make the same one meet there.
std::map<RollupKey, std::string> locked_rows(Scope scope, const Rollups& wanted) {
    std::vector<sql::Values> keys;
    keys.reserve(wanted.size());
    for (const auto& [key, counts] : wanted) keys.push_back(key_values(scope.organiser, key));
    scope.db.run_each(
        "INSERT INTO rollups (organiser, level, unit, start, slice, counts)"
        " VALUES ($1, $2, $3, $4, $5, '') ON CONFLICT DO NOTHING",
        keys);
    std::vector<const RollupKey*> order;
    order.reserve(wanted.size());
    for (const auto& [key, counts] : wanted) order.push_back(&key);
    std::map<RollupKey, std::string> rows;
    const char* statement =
        scope.db.dialect() == sql::Dialect::sqlite
            ? "SELECT counts FROM rollups WHERE organiser = $1 AND level = $2 AND unit = $3"
              " AND start = $4 AND slice = $5"
            : "SELECT counts FROM rollups WHERE organiser = $1 AND level = $2 AND unit = $3"
              " AND start = $4 AND slice = $5 FOR UPDATE";
    scope.db.run_each(statement, keys, [&](std::size_t place, const sql::Row& row) {
        rows.emplace(*order[place], row.text(0));
    });
    if (rows.size() != wanted.size()) {
        throw sql::Trouble(Errc::busy, "another process changed the same rows; try again", true);
    }
    return rows;
}

void write_rows(Scope scope, const Rollups& rollups) {
    std::vector<sql::Values> rows;
    rows.reserve(rollups.size());
    for (const auto& [key, counts] : rollups) {
        rows.push_back(key_values(scope.organiser, key));
        rows.back().emplace_back(encode_counts(counts));
    }
    scope.db.run_each(
        "UPDATE rollups SET counts = $6 WHERE organiser = $1 AND level = $2 AND unit = $3"
        " AND start = $4 AND slice = $5",
        rows);
}

/// Adds rows to the counts that were asked for. What a slice says is read once for each unit.
class Tallying {
  public:
    Tallying(const Selection& selection, Tallies& tallies)
        : selection_(selection), tallies_(tallies) {}

    void add(std::string_view unit, std::string_view slice, const RollupCounts& counts) {
        if (counts.responses == 0) return;
        const Place& place = place_of(unit, slice);
        if (place.tally == nullptr) return;
        Tally& tally = *place.tally;
        tally.responses += counts.responses;
        tally.flagged += place.flagged ? counts.responses : 0;
        tally.assisted += counts.assisted;
        tally.nps.merge(counts.nps);
        for (const auto& [key, values] : counts.statements) tally.statements[key].merge(values);
    }

  private:
    struct Place {
        Tally* tally = nullptr;  ///< nothing: not asked for
        bool flagged = false;
    };

    const Place& place_of(std::string_view unit, std::string_view slice_text) {
        name_.assign(unit).append(1, '\0').append(slice_text);
        const auto [place, is_new] = places_.try_emplace(name_);
        if (!is_new) return place->second;
        auto slice = parse_slice(slice_text);
        if (!slice) throw_damaged();
        if (!is_selected(*slice)) return place->second;
        slice->key.unit = unit;
        place->second = {&tallies_[slice->key], slice->flagged};
        return place->second;
    }

    bool is_selected(const Slice& slice) const {
        const InstrumentVersion& instrument = slice.key.instrument;
        return (selection_.with_flagged || !slice.flagged) &&
               (!selection_.instrument || instrument.id == *selection_.instrument) &&
               (!selection_.version || instrument.version == *selection_.version) &&
               (!selection_.respondent || slice.key.respondent == *selection_.respondent);
    }

    const Selection& selection_;
    Tallies& tallies_;
    std::unordered_map<std::string, Place> places_;  ///< by unit and slice
    std::string name_;
};

void tally_range(Scope scope, const std::vector<std::string>& units, const RollupRange& range,
                 Tallying& tallying) {
    const std::string statement =
        "SELECT unit, slice, counts FROM rollups WHERE organiser = $1 AND level = $2 AND " +
        in_list(scope.db, "unit", 3) + " AND start >= $4 AND start < $5";
    scope.db.run(statement.c_str(),
                 sql::Values{scope.organiser, name_of(range.level), scope.db.list(units),
                             range.from, range.to},
                 [&](const sql::Row& row) {
                     if (row.view(2).empty()) return true;  // its answers are gone
                     tallying.add(row.view(0), row.view(1), counts_of(row.view(2)));
                     return true;
                 });
}

/// Counts responses one by one: for the parts of days at the ends of a selection.
Status tally_responses(Scope scope, Selection selection, survey::UtcSeconds from,
                       survey::UtcSeconds to, Tallying& tallying) {
    if (from >= to) return {};
    selection.from = from;
    selection.to = to;
    return visit_responses(scope, selection, [&](const survey::Response& response) {
        RollupCounts one;
        one.add(response);
        tallying.add(response.unit, slice_of(response), one);
        return true;
    });
}

std::vector<std::string> units_of(Scope scope, const Selection& selection) {
    if (selection.units) return {selection.units->begin(), selection.units->end()};
    return scope.db.all("SELECT code FROM units WHERE organiser = $1", {scope.organiser},
                        [](const sql::Row& row) { return row.text(0); });
}

/// No response is of earlier or later than these (survey/wire.hpp).
constexpr auto kFirstDay = sys_days(std::chrono::year(1970) / 1 / 2);
constexpr auto kLastDay = sys_days(std::chrono::year(9998) / 1 / 1);

}  // namespace

void add_to_rollups(Scope scope, const Rollups& rollups) {
    if (rollups.empty()) return;
    Rollups sums;
    for (const auto& [key, text] : locked_rows(scope, rollups)) {
        RollupCounts& sum = sums[key];
        if (!text.empty()) sum = counts_of(text);
        sum.merge(rollups.at(key));
    }
    write_rows(scope, sums);
}

Result<Tallies> tally_rollups(Scope scope, const Selection& selection) {
    Tallies tallies;
    Tallying tallying(selection, tallies);
    if (selection.from >= selection.to) return tallies;
    const auto begin = std::clamp(selection.from, start_of(kFirstDay), start_of(kLastDay));
    const auto end = std::clamp(selection.to, start_of(kFirstDay), start_of(kLastDay));
    sys_days first = day_of(begin);
    if (start_of(first) < begin) first += days(1);
    const sys_days last = std::max(day_of(end), first);
    const auto units = units_of(scope, selection);
    for (const RollupRange& range : cover(first, last)) {
        tally_range(scope, units, range, tallying);
    }
    const auto middle = std::min(start_of(first), selection.to);
    if (Status done = tally_responses(scope, selection, selection.from, middle, tallying); !done) {
        return tl::make_unexpected(done.error());
    }
    const auto rest = std::max(start_of(last), middle);
    if (Status done = tally_responses(scope, selection, rest, selection.to, tallying); !done) {
        return tl::make_unexpected(done.error());
    }
    return tallies;
}

void overwrite_rollups(Scope scope, const Rollups& rollups) {
    (void)locked_rows(scope, rollups);
    write_rows(scope, rollups);
}

std::map<RollupKey, std::string> read_rollups(Scope scope, const RollupRange& range) {
    std::map<RollupKey, std::string> rows;
    scope.db.run(
        "SELECT unit, start, slice, counts FROM rollups"
        " WHERE organiser = $1 AND level = $2 AND start >= $3 AND start < $4",
        sql::Values{scope.organiser, name_of(range.level), range.from, range.to},
        [&](const sql::Row& row) {
            rows.emplace(RollupKey{range.level, row.text(0), row.integer(1), row.text(2)},
                         row.text(3));
            return true;
        });
    return rows;
}

}  // namespace kaiku::central
