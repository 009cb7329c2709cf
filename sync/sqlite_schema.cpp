#include "sync/sqlite_schema.hpp"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <array>

namespace kaiku::sync {
namespace {

/// Step n brings version n to n + 1. Steps only ever add to this list.
constexpr std::array<const char*, kOutboxSchemaVersion> kSteps{
    // 1: the queue and the quarantine, keyed by random ids, so that no row tells when it came.
    R"(CREATE TABLE waiting(
           id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
           payload BLOB NOT NULL) WITHOUT ROWID;
       CREATE TABLE quarantined(
           id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
           payload BLOB NOT NULL,
           reason TEXT NOT NULL) WITHOUT ROWID;)",
    // 2: counts kept beside the rows: what was sent is known after the rows are gone, and asking
    // how many wait costs the same with one as with 100,000. And a shield before each payload, see
    // outbox_shield_bytes; rows of version 1 get the shield of its 4096-byte pages.
    R"(ALTER TABLE waiting RENAME TO waiting_1;
       ALTER TABLE quarantined RENAME TO quarantined_1;
       CREATE TABLE waiting(
           id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
           shield BLOB NOT NULL,
           payload BLOB NOT NULL) WITHOUT ROWID;
       CREATE TABLE quarantined(
           id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
           shield BLOB NOT NULL,
           payload BLOB NOT NULL,
           reason TEXT NOT NULL) WITHOUT ROWID;
       INSERT INTO waiting SELECT id, zeroblob(1002), payload FROM waiting_1;
       INSERT INTO quarantined SELECT id, zeroblob(1002), payload, reason FROM quarantined_1;
       DROP TABLE waiting_1;
       DROP TABLE quarantined_1;
       CREATE TABLE tally(
           name TEXT NOT NULL PRIMARY KEY,
           value INTEGER NOT NULL CHECK(value >= 0)) WITHOUT ROWID;
       INSERT INTO tally VALUES
           ('waiting', (SELECT count(*) FROM waiting)),
           ('quarantined', (SELECT count(*) FROM quarantined)),
           ('sent', 0);)",
    // 3: the ledger, and central's receipts until both sides agree.
    R"(CREATE TABLE ledger(
           day TEXT NOT NULL PRIMARY KEY,
           shown INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL DEFAULT 0,
           answered INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
           timed_out INTEGER NOT NULL DEFAULT 0, moved INTEGER NOT NULL DEFAULT 0,
           stored INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
       CREATE TABLE receipts(
           number INTEGER NOT NULL PRIMARY KEY,
           shield BLOB NOT NULL,
           body TEXT NOT NULL,
           signature TEXT NOT NULL) WITHOUT ROWID;)",
    // 4: a day that both sides agree on is remembered, for a clock that is set back into it.
    "ALTER TABLE ledger ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;",
};

int version_of(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt();
}

}  // namespace

Status check_outbox_version(SQLite::Database& database, const std::string& place) {
    if (const int found = version_of(database); found < 0 || found > kOutboxSchemaVersion) {
        // Closing would otherwise fold the newer program's write-ahead log into its database.
        sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        return fail(Errc::unsupported, place + ": schema version " + std::to_string(found) +
                                           " is newer than this program's " +
                                           std::to_string(kOutboxSchemaVersion) +
                                           "; install the newer program again");
    }
    return {};
}

int outbox_shield_bytes(SQLite::Database& database) {
    return (database.execAndGet("PRAGMA page_size").getInt() - 12) * 64 / 255 - 23;
}

Status migrate_outbox(SQLite::Database& database, const std::string& place) {
    while (version_of(database) < kOutboxSchemaVersion) {
        // The version is read again inside: another process may have migrated meanwhile.
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        if (auto known = check_outbox_version(database, place); !known) return known;
        const int version = version_of(database);
        if (version < kOutboxSchemaVersion) {
            database.exec(kSteps.at(static_cast<std::size_t>(version)));
            database.exec("PRAGMA user_version = " + std::to_string(version + 1));
        }
        transaction.commit();
    }
    return {};
}

}  // namespace kaiku::sync
