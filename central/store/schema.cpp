#include "central/store/schema.hpp"

#include <algorithm>
#include <string>

#include "central/store/schema_steps.hpp"

namespace kaiku::central {
namespace {

using sql::Connection;
using sql::Dialect;
using sql::Trouble;

std::int64_t number_of(Connection& connection, const char* statement) {
    return connection.first(statement, {}, [](const sql::Row& row) { return row.integer(0); })
        .value_or(0);
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), with);
    }
}

std::string in_dialect(const char* text, Dialect dialect) {
    const bool sqlite = dialect == Dialect::sqlite;
    std::string statements = text;
    replace_all(statements, "{end}", sqlite ? " WITHOUT ROWID" : "");
    replace_all(statements, "{uuid}", sqlite ? "TEXT" : "UUID");
    return statements;
}

void take_step(Connection& connection, const SchemaStep& step) {
    const bool sqlite = connection.dialect() == Dialect::sqlite;
    for (const char* text : {sqlite ? step.before_on_sqlite : nullptr, step.both,
                             sqlite ? step.after_on_sqlite : nullptr}) {
        if (text != nullptr) connection.script(in_dialect(text, connection.dialect()));
    }
    if (step.fill != nullptr) step.fill(connection);
}

/// The steps from `from` to `to` in their order.
void take_steps(Connection& connection, std::int64_t from, std::int64_t to) {
    const auto steps = schema_steps();
    for (auto step = from; step < to; ++step) {
        take_step(connection, steps[static_cast<std::size_t>(step)]);
    }
}

[[noreturn]] void refuse_newer(std::int64_t version) {
    throw Trouble(Errc::unsupported, "written by a newer kaiku-central (schema " +
                                         std::to_string(version) + ", this program knows " +
                                         std::to_string(kStoreSchemaVersion) +
                                         "); update this program");
}

void migrate_sqlite(Connection& connection, int to) {
    // Most openings find everything done: no write lock is needed to see that.
    if (number_of(connection, "PRAGMA user_version") == to &&
        number_of(connection, "PRAGMA application_id") == kStoreApplicationId) {
        return;
    }
    connection.script("BEGIN IMMEDIATE");
    const auto version = number_of(connection, "PRAGMA user_version");
    const auto application = number_of(connection, "PRAGMA application_id");
    const bool empty = number_of(connection, "SELECT COUNT(*) FROM sqlite_master") == 0;
    if (application != kStoreApplicationId && !(empty && application == 0 && version == 0)) {
        throw Trouble(Errc::corrupt, "the file belongs to another program; give another --store");
    }
    if (version > kStoreSchemaVersion || version < 0) refuse_newer(version);
    take_steps(connection, version, to);
    connection.script("PRAGMA application_id = " + std::to_string(kStoreApplicationId));
    connection.script("PRAGMA user_version = " +
                      std::to_string(std::max<std::int64_t>(to, version)));
    connection.script("COMMIT");
}

void roll_back(Connection& connection) {
    try {
        connection.script("ROLLBACK");
    } catch (const Trouble&) {
        return;  // nothing had begun, or the connection is gone and the transaction with it
    }
}

/// IF NOT EXISTS is no promise while another process makes the same table: the loser looks again.
void make_version_table(Connection& connection) {
    constexpr int kMaxAttempts = 5;
    for (int attempt = 1;; ++attempt) {
        try {
            connection.script(
                "CREATE TABLE IF NOT EXISTS kaiku_schema"
                " (one INTEGER PRIMARY KEY, version INTEGER NOT NULL)");
            return;
        } catch (const Trouble&) {
            if (attempt == kMaxAttempts) throw;
        }
    }
}

void migrate_postgres(Connection& connection, int to) {
    // Two processes may begin at once: one waits for the other's row.
    make_version_table(connection);
    connection.script("INSERT INTO kaiku_schema VALUES (1, 0) ON CONFLICT DO NOTHING");
    connection.script("BEGIN");
    const auto version =
        number_of(connection, "SELECT version FROM kaiku_schema WHERE one = 1 FOR UPDATE");
    if (version > kStoreSchemaVersion) refuse_newer(version);
    if (version < to) {
        take_steps(connection, std::max<std::int64_t>(version, kFirstPostgresVersion - 1), to);
        connection.execute("UPDATE kaiku_schema SET version = $1 WHERE one = 1", {to});
    }
    connection.script("COMMIT");
}

}  // namespace

void migrate(Connection& connection, int version) {
    try {
        switch (connection.dialect()) {
            case Dialect::sqlite:
                migrate_sqlite(connection, version);
                return;
            case Dialect::postgresql:
                migrate_postgres(connection, version);
                return;
        }
    } catch (const Trouble&) {
        roll_back(connection);
        throw;
    }
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

}  // namespace kaiku::central
