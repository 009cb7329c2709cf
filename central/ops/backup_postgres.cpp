#include <algorithm>

#include "central/ops/backup.hpp"
#include "central/ops/child.hpp"
#include "central/sql/postgres.hpp"

namespace kaiku::central::ops {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// A connection that changes no schema, and may count for a long time.
std::unique_ptr<sql::Database> open_as_it_is(const std::string& uri) {
    return sql::open_postgres(
        {.uri = uri, .connections = 1, .answer_timeout = std::chrono::hours(6)},
        [](sql::Connection&) {});
}

tl::unexpected<Error> error_of(const sql::Trouble& trouble) {
    return fail(trouble.code(), std::string("store: ") + trouble.what());
}

std::string text_of(sql::Connection& db, const char* statement) {
    return db.first(statement, {}, [](const sql::Row& row) { return row.text(0); }).value_or("");
}

Result<Manifest> dump(sql::Connection& db, const Environment& environment,
                      const std::filesystem::path& part) {
    Manifest manifest;
    manifest.kind = BackupKind::postgresql;
    manifest.made_at = utc_now();
    manifest.counts = count_tables(db);
    if (!manifest.counts.contains("kaiku_schema")) {
        return fail(Errc::not_found, "store: the database holds no Kaiku store");
    }
    manifest.schema = db.first("SELECT version FROM kaiku_schema", {}, [](const sql::Row& row) {
                            return row.integer(0);
                        }).value_or(0);
    // pg_dump sees the moment that was counted.
    const std::string snapshot = text_of(db, "SELECT pg_export_snapshot()");
    if (Status done = run_child({{"pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                                  "--snapshot=" + snapshot, "--file=" + part.string()},
                                 environment});
        !done) {
        return tl::make_unexpected(done.error());
    }
    if (Status sound = check_archive(part); !sound) return tl::make_unexpected(sound.error());
    return manifest;
}

Status check_target(sql::Connection& db, const Manifest& manifest, bool force) {
    const auto others = text_of(db,
                                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname ="
                                " current_database() AND pid <> pg_backend_pid()"
                                " AND backend_type = 'client backend'");
    if (others != "0") {
        return fail(Errc::busy, "store: the database has " + others +
                                    " other connections; stop every kaiku-central first");
    }
    const TableCounts there = count_tables(db);
    if (there.empty()) return {};
    if (!force) {
        return fail(Errc::refused,
                    "store: the database holds tables already; --force replaces them for good "
                    "(back them up first)");
    }
    const bool all_known = std::all_of(there.begin(), there.end(), [&](const auto& table) {
        return manifest.counts.contains(table.first);
    });
    if (all_known) return {};
    return fail(Errc::refused,
                "store: the database holds tables that the backup does not know; restore into a "
                "new, empty database");
}

Status compare(sql::Connection& db, const Manifest& manifest) {
    if (count_tables(db) == manifest.counts) return {};
    return fail(Errc::corrupt,
                "store: what was restored has other counts than the manifest; restore again "
                "into a new database");
}

}  // namespace

Status check_archive(const std::filesystem::path& archive) {
    Status read = run_child({{"pg_restore", "--file=/dev/null", archive.string()}, {}});
    if (!read && read.error().code == Errc::io) {
        return fail(Errc::corrupt, archive.string() + ": " + read.error().detail);
    }
    return read;
}

Result<Manifest> back_up_postgres(const std::string& uri, const std::filesystem::path& to) {
    if (Status free = check_free_name(to); !free) return tl::make_unexpected(free.error());
    const std::filesystem::path part = to.string() + ".part";
    try {
        const auto environment = sql::postgres_environment(uri);
        const auto database = open_as_it_is(uri);
        auto manifest = database->snapshot(
            "backing up", [&](sql::Connection& db) { return dump(db, environment, part); });
        if (manifest) return finish_backup(*manifest, part, to);
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        return manifest;
    } catch (const sql::Trouble& trouble) {
        return error_of(trouble);
    }
}

Result<Restored> restore_postgres(const std::filesystem::path& backup, const std::string& uri,
                                  bool force) {
    auto manifest = check_backup(backup);
    if (!manifest) return tl::make_unexpected(manifest.error());
    if (manifest->kind != BackupKind::postgresql) {
        return fail(Errc::invalid,
                    backup.string() + ": is a backup of a SQLite store; give --store sqlite:PATH");
    }
    try {
        const auto environment = sql::postgres_environment(uri);
        const auto database = open_as_it_is(uri);
        std::string name;
        Status ready = database->read("looking at the database", [&](sql::Connection& db) {
            name = text_of(db, "SELECT current_database()");
            return check_target(db, *manifest, force);
        });
        if (!ready) return tl::make_unexpected(ready.error());
        Child child{{"pg_restore", "--single-transaction", "--exit-on-error", "--no-owner",
                     "--no-privileges", "--dbname=" + name},
                    environment};
        if (force) {
            child.arguments.emplace_back("--clean");
            child.arguments.emplace_back("--if-exists");
        }
        child.arguments.push_back(backup.string());
        if (Status put = run_child(child); !put) return tl::make_unexpected(put.error());
        Status same =
            database->read("counting", [&](sql::Connection& db) { return compare(db, *manifest); });
        if (!same) return tl::make_unexpected(same.error());
        return Restored{*std::move(manifest), {}};
    } catch (const sql::Trouble& trouble) {
        return error_of(trouble);
    }
}

}  // namespace kaiku::central::ops
