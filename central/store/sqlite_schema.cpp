#include "central/store/sqlite_schema.hpp"

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "central/store/sqlite_store.hpp"

namespace kaiku::central {
namespace {

/// Tables without row ids: nothing in the file tells in which order answers came.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE units (
  code TEXT PRIMARY KEY, name_fi TEXT NOT NULL, name_sv TEXT NOT NULL,
  parent TEXT REFERENCES units(code), oid TEXT) WITHOUT ROWID;
CREATE TABLE secrets (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('enrolment', 'device', 'token')),
  unit TEXT REFERENCES units(code), scope TEXT NOT NULL, device_id TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER) WITHOUT ROWID;
CREATE TABLE responses (
  id TEXT PRIMARY KEY,
  answered_at INTEGER NOT NULL,
  unit TEXT NOT NULL REFERENCES units(code),
  channel TEXT NOT NULL, language TEXT NOT NULL, respondent TEXT NOT NULL,
  assisted INTEGER NOT NULL CHECK (assisted IN (0, 1)),
  instrument TEXT NOT NULL, version INTEGER NOT NULL,
  nps INTEGER CHECK (nps BETWEEN 0 AND 10),
  statements TEXT NOT NULL, cant_say TEXT NOT NULL, choices TEXT NOT NULL,
  text TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX responses_by_time ON responses(answered_at, unit);
CREATE TABLE contacts (
  id TEXT PRIMARY KEY, unit TEXT NOT NULL REFERENCES units(code),
  received_day TEXT NOT NULL, language TEXT NOT NULL, contact TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) WITHOUT ROWID;
)sql";

/// The verdict on misuse. Whatever was stored before was judged by nobody: rule 0.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE responses ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE responses ADD COLUMN rule_version INTEGER NOT NULL DEFAULT 0;
)sql";

/// Devices stay when their credentials go. Those of before have no key until they make one known.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE devices (
  id TEXT PRIMARY KEY, unit TEXT NOT NULL REFERENCES units(code),
  public_key TEXT NOT NULL, enrolled_at INTEGER NOT NULL,
  seen_at INTEGER, revoked_at INTEGER, replaced_by TEXT NOT NULL,
  number INTEGER NOT NULL, number_signature TEXT NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO devices
  SELECT device_id, unit, '', created_at, NULL, NULL, '', 0, ''
  FROM secrets WHERE kind = 'device' AND unit IS NOT NULL;
)sql";

/// How far each hour is to be believed; what devices and central count. `elsewhere` holds ids that
/// came from a phone and a device.
constexpr const char* kVersion4 = R"sql(
ALTER TABLE responses ADD COLUMN time TEXT NOT NULL DEFAULT 'unsaid';
CREATE TABLE ledger (
  device_id TEXT NOT NULL, day TEXT NOT NULL,
  received INTEGER NOT NULL DEFAULT 0, elsewhere INTEGER NOT NULL DEFAULT 0,
  told INTEGER NOT NULL DEFAULT 0,
  shown INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
  timed_out INTEGER NOT NULL DEFAULT 0, moved INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (device_id, day)) WITHOUT ROWID;
CREATE TABLE elsewhere (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE standings (
  device_id TEXT PRIMARY KEY, waiting INTEGER NOT NULL, quarantined INTEGER NOT NULL,
  told_at INTEGER NOT NULL) WITHOUT ROWID;
)sql";

/// Step n brings version n to n + 1. Steps are only ever added, and never drop data.
constexpr std::array<const char*, kStoreSchemaVersion> kSteps{kVersion1, kVersion2, kVersion3,
                                                              kVersion4};

int pragma_int(SQLite::Database& database, const char* pragma) {
    return database.execAndGet(pragma).getInt();
}

/// True for a store of exactly this version, which most openings find: no write lock is needed.
bool is_current(SQLite::Database& database) {
    return pragma_int(database, "PRAGMA user_version") == kStoreSchemaVersion &&
           pragma_int(database, "PRAGMA application_id") == kStoreApplicationId;
}

Errc code_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::busy;
        case SQLITE_FULL:
            return Errc::full;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::corrupt;
        default:
            return Errc::io;
    }
}

std::string_view cure_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds the store; try again";
        case SQLITE_FULL:
            return "the disk is full; make room";
        case SQLITE_CORRUPT:
            return "the store is damaged; restore it from a backup";
        case SQLITE_NOTADB:
            return "the file is no Kaiku store; give another --store";
        case SQLITE_READONLY:
            return "the store is read-only; check permissions and the disk";
        case SQLITE_CANTOPEN:
            return "the file cannot be opened; check path and permissions";
        default:
            return "the disk or its permissions need a look";
    }
}

}  // namespace

Error from_sqlite(const SQLite::Exception& exception, std::string_view what) {
    // SQLite has no code of its own for a log whose index finds no room to grow.
    const bool no_room = exception.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE;
    const int code = no_room ? SQLITE_FULL : exception.getErrorCode();
    return Error{code_of(code), "store: " + std::string(what) + ": " + std::string(cure_of(code)) +
                                    " (" + sqlite3_errstr(code) + ")"};
}

Status check_free_space(const std::filesystem::path& folder, std::uint64_t min_free_bytes) {
    std::error_code failed;
    const auto space = std::filesystem::space(folder, failed);
    if (failed || space.capacity == 0 || space.available >= min_free_bytes) {
        return {};
    }
    return fail(Errc::full, "store: " + std::to_string(space.available / 1024) +
                                " KiB free on the disk of " + folder.string() + ", " +
                                std::to_string(min_free_bytes / 1024) +
                                " KiB are needed; free some space on it");
}

void prepare_connection(SQLite::Database& database) {
    database.exec("PRAGMA trusted_schema = OFF");
    // SQLite does not wait for its lock while it changes the journal mode, so this does.
    for (int attempt = 0;; ++attempt) {
        try {
            database.exec("PRAGMA journal_mode = WAL");
            break;
        } catch (const SQLite::Exception& exception) {
            if (code_of(exception.getErrorCode()) != Errc::busy || attempt == 50) {
                throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA secure_delete = ON");
}

Status migrate(SQLite::Database& database) {
    if (is_current(database)) {
        return {};
    }
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = pragma_int(database, "PRAGMA user_version");
    const int application = pragma_int(database, "PRAGMA application_id");
    const bool empty = pragma_int(database, "SELECT COUNT(*) FROM sqlite_master") == 0;
    if (application != kStoreApplicationId && !(empty && application == 0 && version == 0)) {
        return fail(Errc::corrupt,
                    "store: the file belongs to another program; give another --store");
    }
    if (version > kStoreSchemaVersion || version < 0) {
        return fail(Errc::unsupported, "store: written by a newer kaiku-central (schema " +
                                           std::to_string(version) + ", this program knows " +
                                           std::to_string(kStoreSchemaVersion) +
                                           "); update this program");
    }
    if (version == kStoreSchemaVersion) {
        return {};
    }
    for (std::size_t step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
        database.exec(kSteps.at(step));
    }
    database.exec("PRAGMA application_id = " + std::to_string(kStoreApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(kStoreSchemaVersion));
    transaction.commit();
    return {};
}

}  // namespace kaiku::central
