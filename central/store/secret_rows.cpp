#include "central/store/secret_rows.hpp"

namespace kaiku::central {

std::optional<Secret> read_credential(SQLite::Database& database, const std::string& hash) {
    SQLite::Statement row(database,
                          "SELECT kind, unit, scope, device_id, created_at, expires_at"
                          " FROM secrets"
                          " WHERE hash = ? AND kind IN ('device', 'token')");
    row.bind(1, hash);
    if (!row.executeStep()) {
        return std::nullopt;
    }
    Secret secret;
    secret.hash = hash;
    secret.kind = row.getColumn(0).getString() == "device" ? SecretKind::device : SecretKind::token;
    secret.unit = row.getColumn(1).getString();
    secret.scope = row.getColumn(2).getString();
    secret.device_id = row.getColumn(3).getString();
    secret.created_at = survey::UtcSeconds(std::chrono::seconds(row.getColumn(4).getInt64()));
    if (!row.getColumn(5).isNull()) {
        secret.expires_at = survey::UtcSeconds(std::chrono::seconds(row.getColumn(5).getInt64()));
    }
    return secret;
}

}  // namespace kaiku::central
