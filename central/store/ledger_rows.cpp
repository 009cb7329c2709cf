#include "central/store/ledger_rows.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kaiku::central {
namespace {

/// True the first time that this answer, sent on a phone, also comes from a device.
bool came_elsewhere(Scope scope, const survey::ResponseId& id) {
    return scope.db.execute(
               "INSERT INTO elsewhere (organiser, id) SELECT organiser, id FROM responses"
               " WHERE organiser = $1 AND id = $2 AND channel IN ('web', 'qr')"
               " ON CONFLICT DO NOTHING",
               {scope.organiser, id.text()}) == 1;
}

}  // namespace

void count_in_ledger(Scope scope, std::span<const Submission> submissions,
                     const std::vector<Stored>& outcomes) {
    struct Came {
        std::int64_t received = 0;
        std::int64_t elsewhere = 0;
    };
    std::map<std::pair<std::string, std::string>, Came> days;  // in this order in every process
    for (std::size_t i = 0; i < submissions.size(); ++i) {
        const Submission& submission = submissions[i];
        if (submission.device_id.empty()) continue;
        const bool is_new = outcomes[i] == Stored::now;
        if (!is_new && !came_elsewhere(scope, submission.response.id)) continue;
        Came& came = days[{submission.device_id, submission.device_day}];
        ++(is_new ? came.received : came.elsewhere);
    }
    std::vector<sql::Values> rows;
    rows.reserve(days.size());
    for (const auto& [key, came] : days) {
        rows.push_back({scope.organiser, key.first, key.second, came.received, came.elsewhere});
    }
    scope.db.run_each(
        "INSERT INTO ledger (organiser, device_id, day, received, elsewhere)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organiser, device_id, day) DO UPDATE SET"
        " received = ledger.received + excluded.received,"
        " elsewhere = ledger.elsewhere + excluded.elsewhere",
        rows);
}

void write_ledger(Scope scope, const sync::LedgerReport& report, const MessageMark& mark) {
    std::vector<sql::Values> rows;
    rows.reserve(report.days.size());
    for (const sync::DayCounts& day : report.days) {
        rows.push_back({scope.organiser, mark.device_id, day.day, day.shown, day.started,
                        day.answered, day.skipped, day.timed_out, day.moved, day.stored});
    }
    scope.db.run_each(
        "INSERT INTO ledger (organiser, device_id, day, told, shown, started, answered, skipped,"
        " timed_out, moved, stored) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (organiser, device_id, day) DO UPDATE SET"
        " told = 1, shown = excluded.shown, started = excluded.started,"
        " answered = excluded.answered, skipped = excluded.skipped,"
        " timed_out = excluded.timed_out, moved = excluded.moved, stored = excluded.stored",
        rows);
    scope.db.execute(
        "INSERT INTO standings (organiser, device_id, waiting, quarantined, told_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organiser, device_id) DO UPDATE SET"
        " waiting = excluded.waiting, quarantined = excluded.quarantined,"
        " told_at = excluded.told_at",
        {scope.organiser, mark.device_id, report.waiting, report.quarantined,
         seconds_of(mark.seen_at)});
}

Ledger read_ledger(Scope scope, const std::string& device_id, const std::string& from,
                   const std::string& to) {
    Ledger ledger;
    ledger.rows = scope.db.all(
        "SELECT device_id, day, received, elsewhere, told, shown, started, answered, skipped,"
        " timed_out, moved, stored FROM ledger WHERE organiser = $1"
        " AND ($2 = '' OR device_id = $2) AND day BETWEEN $3 AND $4",
        {scope.organiser, device_id, from, to}, [](const sql::Row& row) {
            LedgerRow made{row.text(0), {row.text(1), row.integer(2), row.integer(3)}, {}};
            if (row.integer(4) != 0) {
                made.told = sync::DayCounts{row.text(1),     row.integer(5), row.integer(6),
                                            row.integer(7),  row.integer(8), row.integer(9),
                                            row.integer(10), row.integer(11)};
            }
            return made;
        });
    std::sort(ledger.rows.begin(), ledger.rows.end(), [](const LedgerRow& a, const LedgerRow& b) {
        return std::tie(a.device_id, a.central.day) < std::tie(b.device_id, b.central.day);
    });
    ledger.standings = scope.db.all(
        "SELECT device_id, waiting, quarantined, told_at FROM standings WHERE organiser = $1"
        " AND ($2 = '' OR device_id = $2)",
        {scope.organiser, device_id}, [](const sql::Row& row) {
            return Standing{row.text(0), row.integer(1), row.integer(2), time_of(row.integer(3))};
        });
    std::sort(ledger.standings.begin(), ledger.standings.end(),
              [](const Standing& a, const Standing& b) { return a.device_id < b.device_id; });
    return ledger;
}

}  // namespace kaiku::central
