#include "sync/sqlite_ledger.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

namespace kaiku::sync {

void note_counts(SQLite::Database& database, const DayCounts& more) {
    SQLite::Statement add(
        database,
        "INSERT INTO ledger(day, shown, started, answered, skipped, timed_out, moved, stored) "
        "VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(day) DO UPDATE SET shown = shown + excluded.shown, "
        "started = started + excluded.started, answered = answered + excluded.answered, "
        "skipped = skipped + excluded.skipped, timed_out = timed_out + excluded.timed_out, "
        "moved = moved + excluded.moved, stored = stored + excluded.stored, settled = 0");
    add.bind(1, more.day);
    add.bind(2, more.shown);
    add.bind(3, more.started);
    add.bind(4, more.answered);
    add.bind(5, more.skipped);
    add.bind(6, more.timed_out);
    add.bind(7, more.moved);
    add.bind(8, more.stored);
    add.exec();
}

LedgerReport read_ledger(SQLite::Database& database) {
    SQLite::Transaction one_moment(database);
    LedgerReport report;
    SQLite::Statement days(database,
                           "SELECT day, shown, started, answered, skipped, timed_out, moved, "
                           "stored FROM ledger WHERE settled = 0 ORDER BY day LIMIT ?");
    days.bind(1, static_cast<std::int64_t>(kMaxLedgerDays));
    while (days.executeStep()) {
        report.days.push_back({days.getColumn(0).getString(), days.getColumn(1).getInt64(),
                               days.getColumn(2).getInt64(), days.getColumn(3).getInt64(),
                               days.getColumn(4).getInt64(), days.getColumn(5).getInt64(),
                               days.getColumn(6).getInt64(), days.getColumn(7).getInt64()});
    }
    SQLite::Statement tally(database, "SELECT name, value FROM tally");
    while (tally.executeStep()) {
        const std::string name = tally.getColumn(0).getString();
        if (name == "waiting") report.waiting = tally.getColumn(1).getInt64();
        if (name == "quarantined") report.quarantined = tally.getColumn(1).getInt64();
    }
    return report;
}

void keep_receipt(SQLite::Database& database, const KeptReceipt& receipt, int shield_bytes) {
    SQLite::Statement keep(database, "INSERT OR REPLACE INTO receipts VALUES(?,zeroblob(?),?,?)");
    keep.bind(1, receipt.number);
    keep.bind(2, shield_bytes);
    keep.bind(3, receipt.body);
    keep.bind(4, receipt.signature);
    keep.exec();
    SQLite::Statement drop(database,
                           "DELETE FROM receipts WHERE number <= (SELECT number FROM receipts "
                           "ORDER BY number DESC LIMIT 1 OFFSET ?)");
    drop.bind(1, kMaxKeptReceipts);
    drop.exec();
}

std::vector<KeptReceipt> read_receipts(SQLite::Database& database) {
    std::vector<KeptReceipt> out;
    SQLite::Statement rows(database,
                           "SELECT number, body, signature FROM receipts ORDER BY number");
    while (rows.executeStep()) {
        out.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1).getString(),
                       rows.getColumn(2).getString()});
    }
    return out;
}

bool settle_ledger(SQLite::Database& database, const std::vector<std::string>& days,
                   std::int64_t before) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement agreed(database, "UPDATE ledger SET settled = 1 WHERE day = ?");
    for (const std::string& day : days) {
        agreed.reset();
        agreed.bind(1, day);
        agreed.exec();
    }
    SQLite::Statement forget(database,
                             "DELETE FROM ledger WHERE settled = 1 AND day NOT IN (SELECT day "
                             "FROM ledger WHERE settled = 1 ORDER BY day DESC LIMIT ?)");
    forget.bind(1, static_cast<std::int64_t>(kMaxSettledDays));
    int gone = forget.exec();
    SQLite::Statement drop(database, "DELETE FROM receipts WHERE number < ?");
    drop.bind(1, before);
    gone += drop.exec();
    transaction.commit();
    return gone > 0;
}

}  // namespace kaiku::sync
