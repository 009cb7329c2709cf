#include "central/ops/retention.hpp"

#include <nlohmann/json.hpp>

#include "central/ops/durable_file.hpp"
#include "central/store/day.hpp"
#include "central/store/scope.hpp"
#include "sync/local_day.hpp"

namespace kaiku::central::ops {
namespace {

using std::chrono::sys_days;

/// Rows of one transaction: others wait no longer than for these.
constexpr int kMostRows = 5000;

std::string day_text(sys_days day) { return sync::local_day(start_of(day)); }

/// What "older" is compared with: a moment, or for contact wishes, which have only a day, the day.
sql::Value limit_of(const Due& due) {
    switch (due.what) {
        case DataClass::contacts:
            return day_text(due.before);
        case DataClass::open_text:
        case DataClass::devices:
            break;
    }
    return seconds_of(start_of(due.before));
}

const char* counting(DataClass what) {
    switch (what) {
        case DataClass::open_text:
            return "SELECT COUNT(*) FROM responses"
                   " WHERE organiser = $1 AND text <> '' AND answered_at < $2";
        case DataClass::contacts:
            return "SELECT COUNT(*) FROM contacts WHERE organiser = $1 AND received_day < $2";
        case DataClass::devices:
            break;
    }
    return "SELECT COUNT(*) FROM devices WHERE organiser = $1 AND revoked_at < $2";
}

/// Of one class, at most kMostRows.
std::vector<std::string> oldest(Scope scope, const Due& due) {
    const char* statement = nullptr;
    switch (due.what) {
        case DataClass::open_text:
            statement =
                "SELECT id FROM responses WHERE organiser = $1 AND text <> '' AND answered_at < $2"
                " LIMIT $3";
            break;
        case DataClass::contacts:
            statement =
                "SELECT id FROM contacts WHERE organiser = $1 AND received_day < $2 LIMIT $3";
            break;
        case DataClass::devices:
            // The first first: what the fleet knows of them goes on from each to its successor.
            statement =
                "SELECT id FROM devices WHERE organiser = $1 AND revoked_at < $2"
                " ORDER BY revoked_at LIMIT $3";
            break;
    }
    return scope.db.all(statement, {scope.organiser, limit_of(due), kMostRows},
                        [](const sql::Row& row) { return row.text(0); });
}

/// A successor stands where the device stood; from now on by itself.
constexpr const char* kHandOverGroups =
    "INSERT INTO fleet_members (organiser, name, device_id)"
    " SELECT m.organiser, m.name, next.id FROM fleet_members m"
    " JOIN devices d ON d.organiser = m.organiser AND d.id = m.device_id"
    " JOIN devices next ON next.organiser = d.organiser AND next.id = d.replaced_by"
    " WHERE m.organiser = $1 AND m.device_id = $2 ON CONFLICT DO NOTHING";
/// Unless the successor was set up by itself.
constexpr const char* kHandOverConfigs =
    "INSERT INTO fleet_configs"
    " (organiser, scope_kind, scope_key, version, settings, percent, made_at)"
    " SELECT c.organiser, c.scope_kind, next.id, c.version, c.settings, c.percent, c.made_at"
    " FROM fleet_configs c JOIN devices d ON d.organiser = c.organiser AND d.id = c.scope_key"
    " JOIN devices next ON next.organiser = d.organiser AND next.id = d.replaced_by"
    " WHERE c.organiser = $1 AND c.scope_kind = 'device' AND c.scope_key = $2"
    " AND NOT EXISTS (SELECT 1 FROM fleet_configs own WHERE own.organiser = c.organiser"
    " AND own.scope_kind = 'device' AND own.scope_key = next.id) ON CONFLICT DO NOTHING";

std::vector<const char*> deleting(DataClass what) {
    switch (what) {
        case DataClass::open_text:
            return {"UPDATE responses SET text = '' WHERE organiser = $1 AND id = $2"};
        case DataClass::contacts:
            return {"DELETE FROM contacts WHERE organiser = $1 AND id = $2"};
        case DataClass::devices:
            break;
    }
    return {"DELETE FROM ledger WHERE organiser = $1 AND device_id = $2",
            "DELETE FROM standings WHERE organiser = $1 AND device_id = $2",
            "DELETE FROM secrets WHERE organiser = $1 AND device_id = $2",
            "DELETE FROM fleet_heartbeats WHERE organiser = $1 AND device_id = $2",
            kHandOverGroups,
            "DELETE FROM fleet_members WHERE organiser = $1 AND device_id = $2",
            kHandOverConfigs,
            "DELETE FROM fleet_configs"
            " WHERE organiser = $1 AND scope_kind = 'device' AND scope_key = $2",
            "DELETE FROM devices WHERE organiser = $1 AND id = $2"};
}

/// One process at a time deletes of one organiser, so that records have an order.
void wait_for_others(Scope scope) {
    if (scope.db.dialect() == sql::Dialect::sqlite) return;  // a transaction that writes is alone
    scope.db.execute("SELECT 1 FROM organisers WHERE organiser = $1 FOR UPDATE", {scope.organiser});
}

std::string hash_of(const DeletionRecord& record) {
    return sha256_hex(record.body + "\n" + record.signature);
}

sync::SignedText signed_text(const std::string& organiser, const DeletionRecord& record) {
    return {sync::SignedType::deletion, organiser, record.number, record.body};
}

DeletionRecord record_of(const sql::Row& row) { return {row.integer(0), row.text(1), row.text(2)}; }

void write_record(Scope scope, const Due& due, std::int64_t rows, survey::UtcSeconds now,
                  const sync::SigningKey& key) {
    const auto last = scope.db.first(
        "SELECT number, body, signature FROM deletions WHERE organiser = $1"
        " ORDER BY number DESC LIMIT 1",
        {scope.organiser}, record_of);
    DeletionRecord record;
    record.number = last ? last->number + 1 : 1;
    record.body = nlohmann::ordered_json{{"class", name_of(due.what)},
                                         {"before", day_text(due.before)},
                                         {"rows", rows},
                                         {"done_at", survey::format_rfc3339(now)},
                                         {"previous", last ? hash_of(*last) : ""}}
                      .dump();
    record.signature = key.sign(signed_text(scope.organiser, record));
    scope.db.execute(
        "INSERT INTO deletions (organiser, number, body, signature) VALUES ($1, $2, $3, $4)",
        {scope.organiser, record.number, record.body, record.signature});
}

std::vector<Due> wanted(const RetentionRules& rules, sys_days today) {
    std::vector<Due> all;
    if (rules.open_text) all.push_back({DataClass::open_text, today - *rules.open_text, 0});
    if (rules.contacts) all.push_back({DataClass::contacts, today - *rules.contacts, 0});
    if (rules.devices) all.push_back({DataClass::devices, today - *rules.devices, 0});
    return all;
}

}  // namespace

std::string_view name_of(DataClass what) {
    switch (what) {
        case DataClass::open_text:
            return "open_text";
        case DataClass::contacts:
            return "contacts";
        case DataClass::devices:
            return "devices";
    }
    return "";
}

Result<std::vector<Due>> Retention::due(const RetentionRules& rules, sys_days today) {
    return database_->snapshot(
        "counting what is due", [&](sql::Connection& db) -> Result<std::vector<Due>> {
            auto all = wanted(rules, today);
            for (Due& one : all) {
                one.rows = db.first(counting(one.what), {organiser_, limit_of(one)},
                                    [](const sql::Row& row) { return row.integer(0); })
                               .value_or(0);
            }
            return all;
        });
}

Result<std::int64_t> Retention::apply(const Due& due, survey::UtcSeconds now) {
    return database_->write("deleting what is due",
                            [&](sql::Connection& db) -> Result<std::int64_t> {
                                const Scope scope{db, organiser_};
                                wait_for_others(scope);
                                const auto ids = oldest(scope, due);
                                if (ids.empty()) return 0;
                                std::vector<sql::Values> rows;
                                rows.reserve(ids.size());
                                for (const std::string& id : ids) rows.push_back({organiser_, id});
                                for (const char* statement : deleting(due.what))
                                    db.run_each(statement, rows);
                                const auto count = static_cast<std::int64_t>(ids.size());
                                write_record(scope, due, count, now, key_);
                                return count;
                            });
}

Result<std::vector<Due>> Retention::apply(const RetentionRules& rules, sys_days today,
                                          survey::UtcSeconds now) {
    auto all = wanted(rules, today);
    for (Due& one : all) {
        for (;;) {
            const auto rows = apply(one, now);
            if (!rows) return tl::make_unexpected(rows.error());
            one.rows += *rows;
            if (*rows == 0) break;
        }
    }
    return all;
}

Result<std::vector<DeletionRecord>> Retention::records() {
    return database_->read("reading the records of deletions",
                           [&](sql::Connection& db) -> Result<std::vector<DeletionRecord>> {
                               return db.all(
                                   "SELECT number, body, signature FROM deletions"
                                   " WHERE organiser = $1 ORDER BY number",
                                   {organiser_}, record_of);
                           });
}

Status check_records(const std::string& organiser, std::span<const DeletionRecord> records,
                     const sync::SignerKey& key) {
    std::string previous;
    std::int64_t number = 0;
    for (const DeletionRecord& record : records) {
        ++number;
        const auto body = nlohmann::json::parse(record.body, nullptr, false);
        const bool good = record.number == number && body.is_object() &&
                          body.value("previous", "?") == previous &&
                          sync::verify(key, signed_text(organiser, record), record.signature);
        if (!good) {
            return fail(Errc::corrupt, "record " + std::to_string(number) + " of organiser '" +
                                           organiser +
                                           "' is missing, was changed, or was signed by another "
                                           "key");
        }
        previous = hash_of(record);
    }
    return {};
}

}  // namespace kaiku::central::ops
