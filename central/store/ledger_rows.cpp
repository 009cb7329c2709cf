#include "central/store/ledger_rows.hpp"

namespace kaiku::central {
namespace {

/// True the first time that this answer, sent on a phone, also comes from a device.
bool came_elsewhere(SQLite::Database& database, const survey::ResponseId& id) {
    SQLite::Statement mark(database,
                           "INSERT INTO elsewhere SELECT id FROM responses"
                           " WHERE id = ? AND channel IN ('web', 'qr') ON CONFLICT DO NOTHING");
    mark.bind(1, id.text());
    return mark.exec() == 1;
}

}  // namespace

void count_in_ledger(SQLite::Database& database, const Submission& submission, Stored outcome) {
    if (submission.device_id.empty()) return;
    const bool is_new = outcome == Stored::now;
    if (!is_new && !came_elsewhere(database, submission.response.id)) return;
    SQLite::Statement count(
        database,
        "INSERT INTO ledger(device_id, day, received, elsewhere) VALUES (?,?,?,?)"
        " ON CONFLICT(device_id, day) DO UPDATE SET received = received + excluded.received,"
        " elsewhere = elsewhere + excluded.elsewhere");
    count.bind(1, submission.device_id);
    count.bind(2, submission.device_day);
    count.bind(3, is_new ? 1 : 0);
    count.bind(4, is_new ? 0 : 1);
    count.exec();
}

void write_ledger(SQLite::Database& database, const sync::LedgerReport& report,
                  const MessageMark& mark) {
    SQLite::Statement row(
        database,
        "INSERT INTO ledger(device_id, day, told, shown, started, answered, skipped, timed_out,"
        " moved, stored) VALUES (?,?,1,?,?,?,?,?,?,?) ON CONFLICT(device_id, day) DO UPDATE SET"
        " told = 1, shown = excluded.shown, started = excluded.started,"
        " answered = excluded.answered, skipped = excluded.skipped,"
        " timed_out = excluded.timed_out, moved = excluded.moved, stored = excluded.stored");
    for (const sync::DayCounts& day : report.days) {
        row.reset();
        row.bind(1, mark.device_id);
        row.bind(2, day.day);
        row.bind(3, day.shown);
        row.bind(4, day.started);
        row.bind(5, day.answered);
        row.bind(6, day.skipped);
        row.bind(7, day.timed_out);
        row.bind(8, day.moved);
        row.bind(9, day.stored);
        row.exec();
    }
    SQLite::Statement standing(database, "INSERT OR REPLACE INTO standings VALUES (?,?,?,?)");
    standing.bind(1, mark.device_id);
    standing.bind(2, report.waiting);
    standing.bind(3, report.quarantined);
    standing.bind(4, static_cast<std::int64_t>(mark.seen_at.time_since_epoch().count()));
    standing.exec();
}

Ledger read_ledger(SQLite::Database& database, const std::string& device_id,
                   const std::string& from, const std::string& to) {
    Ledger ledger;
    SQLite::Statement rows(
        database,
        "SELECT device_id, day, received, elsewhere, told, shown, started, answered, skipped,"
        " timed_out, moved, stored FROM ledger WHERE (?1 = '' OR device_id = ?1)"
        " AND day BETWEEN ?2 AND ?3 ORDER BY device_id, day");
    rows.bind(1, device_id);
    rows.bind(2, from);
    rows.bind(3, to);
    while (rows.executeStep()) {
        const auto number = [&](int column) { return rows.getColumn(column).getInt64(); };
        LedgerRow row{rows.getColumn(0).getString(),
                      {rows.getColumn(1).getString(), number(2), number(3)},
                      std::nullopt};
        if (number(4) != 0) {
            row.told = sync::DayCounts{row.central.day, number(5), number(6),  number(7),
                                       number(8),       number(9), number(10), number(11)};
        }
        ledger.rows.push_back(std::move(row));
    }
    SQLite::Statement standings(database,
                                "SELECT device_id, waiting, quarantined, told_at FROM standings"
                                " WHERE ?1 = '' OR device_id = ?1 ORDER BY device_id");
    standings.bind(1, device_id);
    while (standings.executeStep()) {
        ledger.standings.push_back(
            {standings.getColumn(0).getString(), standings.getColumn(1).getInt64(),
             standings.getColumn(2).getInt64(),
             survey::UtcSeconds{std::chrono::seconds{standings.getColumn(3).getInt64()}}});
    }
    return ledger;
}

}  // namespace kaiku::central
