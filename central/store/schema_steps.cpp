#include "central/store/schema_steps.hpp"

#include <array>

#include "central/store/rollup_check.hpp"

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

/// Many organisers in one database: the organiser comes first in every key. What one SQLite file
/// held before belonged to one organiser, who is called "main".
constexpr const char* kVersion5Before = R"sql(
ALTER TABLE units RENAME TO old_units;
ALTER TABLE secrets RENAME TO old_secrets;
ALTER TABLE responses RENAME TO old_responses;
ALTER TABLE contacts RENAME TO old_contacts;
ALTER TABLE devices RENAME TO old_devices;
ALTER TABLE ledger RENAME TO old_ledger;
ALTER TABLE elsewhere RENAME TO old_elsewhere;
ALTER TABLE standings RENAME TO old_standings;
ALTER TABLE probe RENAME TO old_probe;
DROP INDEX responses_by_time;
)sql";

constexpr const char* kVersion5 = R"sql(
CREATE TABLE organisers (
  organiser TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL,
  PRIMARY KEY (organiser)){end};
INSERT INTO organisers VALUES ('main', '', '');
CREATE TABLE units (
  organiser TEXT NOT NULL, code TEXT NOT NULL, name_fi TEXT NOT NULL, name_sv TEXT NOT NULL,
  parent TEXT, oid TEXT, PRIMARY KEY (organiser, code)){end};
CREATE TABLE secrets (
  organiser TEXT NOT NULL, hash TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('enrolment', 'device', 'token')),
  unit TEXT, scope TEXT NOT NULL, device_id TEXT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT, PRIMARY KEY (organiser, hash)){end};
CREATE TABLE responses (
  organiser TEXT NOT NULL, id {uuid} NOT NULL,
  answered_at BIGINT NOT NULL, unit TEXT NOT NULL,
  channel TEXT NOT NULL, language TEXT NOT NULL, respondent TEXT NOT NULL,
  assisted SMALLINT NOT NULL CHECK (assisted IN (0, 1)),
  instrument TEXT NOT NULL, version INTEGER NOT NULL,
  nps SMALLINT CHECK (nps BETWEEN 0 AND 10),
  statements TEXT NOT NULL, cant_say TEXT NOT NULL, choices TEXT NOT NULL, text TEXT NOT NULL,
  flags TEXT NOT NULL, rule_version INTEGER NOT NULL, time TEXT NOT NULL,
  PRIMARY KEY (organiser, id)){end};
CREATE INDEX responses_by_time ON responses (organiser, answered_at, id);
CREATE TABLE contacts (
  organiser TEXT NOT NULL, id TEXT NOT NULL, unit TEXT NOT NULL,
  received_day TEXT NOT NULL, language TEXT NOT NULL, contact TEXT NOT NULL,
  PRIMARY KEY (organiser, id)){end};
CREATE TABLE devices (
  organiser TEXT NOT NULL, id TEXT NOT NULL, unit TEXT NOT NULL,
  public_key TEXT NOT NULL, enrolled_at BIGINT NOT NULL,
  seen_at BIGINT, revoked_at BIGINT, replaced_by TEXT NOT NULL,
  number BIGINT NOT NULL, number_signature TEXT NOT NULL, PRIMARY KEY (organiser, id)){end};
CREATE TABLE ledger (
  organiser TEXT NOT NULL, device_id TEXT NOT NULL, day TEXT NOT NULL,
  received BIGINT NOT NULL DEFAULT 0, elsewhere BIGINT NOT NULL DEFAULT 0,
  told BIGINT NOT NULL DEFAULT 0,
  shown BIGINT NOT NULL DEFAULT 0, started BIGINT NOT NULL DEFAULT 0,
  answered BIGINT NOT NULL DEFAULT 0, skipped BIGINT NOT NULL DEFAULT 0,
  timed_out BIGINT NOT NULL DEFAULT 0, moved BIGINT NOT NULL DEFAULT 0,
  stored BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (organiser, device_id, day)){end};
CREATE TABLE elsewhere (
  organiser TEXT NOT NULL, id {uuid} NOT NULL, PRIMARY KEY (organiser, id)){end};
CREATE TABLE standings (
  organiser TEXT NOT NULL, device_id TEXT NOT NULL,
  waiting BIGINT NOT NULL, quarantined BIGINT NOT NULL, told_at BIGINT NOT NULL,
  PRIMARY KEY (organiser, device_id)){end};
CREATE TABLE probe (
  organiser TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (organiser)){end};
)sql";

constexpr const char* kVersion5After = R"sql(
INSERT INTO units SELECT 'main', code, name_fi, name_sv, parent, oid FROM old_units;
INSERT INTO secrets SELECT 'main', hash, kind, unit, scope, device_id, created_at, expires_at
  FROM old_secrets;
INSERT INTO responses SELECT 'main', id, answered_at, unit, channel, language, respondent,
  assisted, instrument, version, nps, statements, cant_say, choices, text, flags, rule_version,
  time FROM old_responses;
INSERT INTO contacts SELECT 'main', id, unit, received_day, language, contact FROM old_contacts;
INSERT INTO devices SELECT 'main', id, unit, public_key, enrolled_at, seen_at, revoked_at,
  replaced_by, number, number_signature FROM old_devices;
INSERT INTO ledger SELECT 'main', device_id, day, received, elsewhere, told, shown, started,
  answered, skipped, timed_out, moved, stored FROM old_ledger;
INSERT INTO elsewhere SELECT 'main', id FROM old_elsewhere;
INSERT INTO standings SELECT 'main', device_id, waiting, quarantined, told_at FROM old_standings;
DROP TABLE old_contacts;
DROP TABLE old_responses;
DROP TABLE old_secrets;
DROP TABLE old_devices;
DROP TABLE old_ledger;
DROP TABLE old_elsewhere;
DROP TABLE old_standings;
DROP TABLE old_probe;
DROP TABLE old_units;
)sql";

/// Counts by unit, local day, month and year, and slice (central/store/rollup.hpp).
constexpr const char* kVersion6 = R"sql(
CREATE TABLE rollups (
  organiser TEXT NOT NULL, level TEXT NOT NULL CHECK (level IN ('d', 'm', 'y')),
  unit TEXT NOT NULL, start BIGINT NOT NULL, slice TEXT NOT NULL, counts TEXT NOT NULL,
  PRIMARY KEY (organiser, level, unit, start, slice)){end};
)sql";

/// Records of what retention deleted (central/ops/retention.hpp), and the way to texts that are
/// there still.
constexpr const char* kVersion7 = R"sql(
CREATE TABLE deletions (
  organiser TEXT NOT NULL, number BIGINT NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL,
  PRIMARY KEY (organiser, number)){end};
CREATE INDEX responses_with_text ON responses (organiser, answered_at) WHERE text <> '';
)sql";

/// People, their roles, and the log of who did what (central/people).
constexpr const char* kVersion9 = R"sql(
CREATE TABLE people (
  organiser TEXT NOT NULL, name TEXT NOT NULL, password_hash TEXT NOT NULL,
  disabled BIGINT NOT NULL CHECK (disabled IN (0, 1)), created_at BIGINT NOT NULL,
  ended_before BIGINT NOT NULL, PRIMARY KEY (organiser, name)){end};
CREATE TABLE people_grants (
  organiser TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, unit TEXT NOT NULL,
  PRIMARY KEY (organiser, person, role, unit)){end};
CREATE TABLE audit (
  organiser TEXT NOT NULL, number BIGINT NOT NULL, done_at BIGINT NOT NULL, who TEXT NOT NULL,
  what TEXT NOT NULL, object TEXT NOT NULL, origin TEXT NOT NULL, previous TEXT NOT NULL,
  hash TEXT NOT NULL, PRIMARY KEY (organiser, number)){end};
)sql";

void fill_version6(sql::Connection& connection) {
    for (const auto& organiser : connection.all("SELECT organiser FROM organisers", {},
                                                [](const sql::Row& row) { return row.text(0); })) {
        if (Status filled = fill_rollups({connection, organiser}); !filled) {
            throw sql::Trouble(filled.error().code, filled.error().detail);
        }
    }
}

/// Configurations, groups, signs of life and alerts of the fleet (central/fleet/stores.hpp).
constexpr const char* kVersion8 = R"sql(
CREATE TABLE fleet_configs (
  organiser TEXT NOT NULL,
  scope_kind TEXT NOT NULL CHECK (scope_kind IN ('organiser', 'unit', 'group', 'device')),
  scope_key TEXT NOT NULL, version BIGINT NOT NULL, settings TEXT NOT NULL,
  percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 100), made_at BIGINT NOT NULL,
  PRIMARY KEY (organiser, scope_kind, scope_key, version)){end};
CREATE TABLE fleet_members (
  organiser TEXT NOT NULL, name TEXT NOT NULL, device_id TEXT NOT NULL,
  PRIMARY KEY (organiser, name, device_id)){end};
CREATE TABLE fleet_heartbeats (
  organiser TEXT NOT NULL, device_id TEXT NOT NULL, heard_at BIGINT NOT NULL,
  heartbeat TEXT NOT NULL, PRIMARY KEY (organiser, device_id)){end};
CREATE TABLE fleet_books (
  organiser TEXT NOT NULL, revision BIGINT NOT NULL, book TEXT NOT NULL,
  PRIMARY KEY (organiser)){end};
)sql";

constexpr std::array<SchemaStep, 9> kSteps{{{kVersion1, nullptr, nullptr},
                                            {kVersion2, nullptr, nullptr},
                                            {kVersion3, nullptr, nullptr},
                                            {kVersion4, nullptr, nullptr},
                                            {kVersion5Before, kVersion5, kVersion5After},
                                            {nullptr, kVersion6, nullptr, fill_version6},
                                            {nullptr, kVersion7, nullptr},
                                            {nullptr, kVersion8, nullptr},
                                            {nullptr, kVersion9, nullptr}}};

}  // namespace

std::span<const SchemaStep> schema_steps() { return kSteps; }

}  // namespace kaiku::central
