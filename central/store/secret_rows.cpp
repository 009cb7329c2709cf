#include "central/store/secret_rows.hpp"

#include "central/store/device_rows.hpp"

namespace kaiku::central {
namespace {

const char* name_of(SecretKind kind) {
    switch (kind) {
        case SecretKind::enrolment:
            return "enrolment";
        case SecretKind::device:
            return "device";
        case SecretKind::token:
            return "token";
    }
    return "";
}

}  // namespace

std::optional<Secret> read_credential(Scope scope, const std::string& hash) {
    return scope.db.first(
        "SELECT kind, unit, scope, device_id, created_at, expires_at FROM secrets"
        " WHERE organiser = $1 AND hash = $2 AND kind IN ('device', 'token')",
        {scope.organiser, hash}, [&](const sql::Row& row) {
            Secret secret;
            secret.hash = hash;
            secret.kind = row.view(0) == "device" ? SecretKind::device : SecretKind::token;
            secret.unit = row.text(1);
            secret.scope = row.text(2);
            secret.device_id = row.text(3);
            secret.created_at = time_of(row.integer(4));
            if (!row.is_null(5)) secret.expires_at = time_of(row.integer(5));
            return secret;
        });
}

void insert_secret(Scope scope, const Secret& secret, const std::string& public_key) {
    scope.db.execute(
        "INSERT INTO secrets (organiser, hash, kind, unit, scope, device_id, created_at,"
        " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {scope.organiser, secret.hash, name_of(secret.kind), text_or_null(secret.unit),
         secret.scope, secret.device_id, seconds_of(secret.created_at),
         secret.expires_at ? sql::Value(seconds_of(*secret.expires_at)) : sql::Value()});
    if (secret.kind == SecretKind::device) {
        insert_device(scope, {.id = secret.device_id,
                              .unit = secret.unit,
                              .public_key = public_key,
                              .enrolled_at = secret.created_at});
    }
}

std::optional<Secret> take_code(Scope scope, const std::string& hash, survey::UtcSeconds now) {
    return scope.db.first(
        "DELETE FROM secrets WHERE organiser = $1 AND hash = $2 AND kind = 'enrolment'"
        " AND (expires_at IS NULL OR expires_at > $3) RETURNING unit, device_id",
        {scope.organiser, hash, seconds_of(now)}, [&](const sql::Row& row) {
            Secret code;
            code.hash = hash;
            code.kind = SecretKind::enrolment;
            code.unit = row.text(0);
            code.device_id = row.text(1);
            return code;
        });
}

void delete_expired(Scope scope, const std::string& device_id, survey::UtcSeconds now) {
    scope.db.execute(
        "DELETE FROM secrets WHERE organiser = $1 AND kind = 'device' AND device_id = $2"
        " AND expires_at <= $3",
        {scope.organiser, device_id, seconds_of(now)});
}

std::int64_t end_credentials(Scope scope, survey::UtcSeconds when) {
    return scope.db.execute(
        "UPDATE secrets SET expires_at = $2"
        " WHERE organiser = $1 AND kind = 'device' AND expires_at IS NULL",
        {scope.organiser, seconds_of(when)});
}

}  // namespace kaiku::central
