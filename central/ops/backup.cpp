#include "central/ops/backup.hpp"

#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "central/sql/sqlite_backup.hpp"
#include "central/store/schema.hpp"

namespace kaiku::central::ops {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::size_t kMaxManifestBytes = std::size_t{64} * 1024;

tl::unexpected<Error> error_of(const sql::Trouble& trouble, const std::filesystem::path& file) {
    return fail(trouble.code(), file.string() + ": " + trouble.what());
}

std::int64_t number_of(sql::Connection& db, const char* statement) {
    return db.first(statement, {}, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

/// What a SQLite file says of itself, once it is known to be sound.
Result<Manifest> read_sqlite(const std::filesystem::path& file) {
    try {
        const auto db = sql::open_sqlite_alone(file);
        const auto verdict = db->first("PRAGMA integrity_check(1)", {},
                                       [](const sql::Row& row) { return row.text(0); });
        if (verdict != "ok") return fail(Errc::corrupt, file.string() + ": is damaged");
        if (number_of(*db, "PRAGMA application_id") != kStoreApplicationId) {
            return fail(Errc::corrupt, file.string() + ": is no Kaiku store");
        }
        Manifest manifest;
        manifest.schema = number_of(*db, "PRAGMA user_version");
        manifest.counts = count_tables(*db);
        return manifest;
    } catch (const sql::Trouble& trouble) {
        return error_of(trouble, file);
    }
}

Result<Manifest> read_manifest(const std::filesystem::path& backup) {
    const auto path = manifest_path(backup);
    std::ifstream in(path, std::ios::binary);
    std::string text(kMaxManifestBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.empty()) {
        return fail(Errc::not_found, path.string() +
                                         ": is missing; a backup without its manifest was never "
                                         "finished, or belongs to no backup of this program");
    }
    auto manifest = decode_manifest(text);
    if (!manifest) return fail(manifest.error().code, path.string() + manifest.error().detail);
    return manifest;
}

void move_aside(const std::filesystem::path& store, const std::filesystem::path& aside) {
    for (const char* ending : {"-shm", "-wal", ""}) {
        std::error_code absent;
        std::filesystem::rename(store.string() + ending, aside.string() + ending, absent);
    }
}

bool is_there(const std::filesystem::path& store) {
    std::error_code failed;
    return std::filesystem::exists(store, failed) ||
           std::filesystem::exists(store.string() + "-wal", failed);
}

Status check_target(const std::filesystem::path& store, bool force) {
    if (!is_there(store)) return {};
    if (sql::is_sqlite_in_use(store)) {
        return fail(Errc::busy, store.string() + ": is in use; stop kaiku-central first");
    }
    if (force) return {};
    return fail(Errc::refused, store.string() +
                                   ": is there already; --force moves it aside and puts the "
                                   "backup in its place");
}

}  // namespace

TableCounts count_tables(sql::Connection& db) {
    const bool sqlite = db.dialect() == sql::Dialect::sqlite;
    const auto names = db.all(
        sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
               : "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
        {}, [](const sql::Row& row) { return row.text(0); });
    TableCounts counts;
    for (const std::string& name : names) {
        if (name == "probe") continue;
        const std::string statement = "SELECT COUNT(*) FROM \"" + name + "\"";
        counts[name] = number_of(db, statement.c_str());
    }
    return counts;
}

std::string utc_now() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::string text(24, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc));
    return text;
}

std::string encode_manifest(const Manifest& manifest) {
    const ordered_json document{
        {"format", kFormat},
        {"kind", manifest.kind == BackupKind::sqlite ? "sqlite" : "postgresql"},
        {"made_at", manifest.made_at},
        {"schema", manifest.schema},
        {"bytes", manifest.digest.bytes},
        {"sha256", manifest.digest.sha256},
        {"counts", manifest.counts}};
    return document.dump(1) + "\n";
}

Result<Manifest> decode_manifest(std::string_view text) {
    try {
        const json document = json::parse(text);
        if (document.at("format") != kFormat) {
            return fail(Errc::unsupported, ": was written by a newer kaiku-central; use that one");
        }
        const auto kind = document.at("kind").get<std::string>();
        if (kind != "sqlite" && kind != "postgresql") {
            return fail(Errc::malformed, ": is of no known kind");
        }
        Manifest manifest;
        manifest.kind = kind == "sqlite" ? BackupKind::sqlite : BackupKind::postgresql;
        manifest.made_at = document.at("made_at").get<std::string>();
        manifest.schema = document.at("schema").get<std::int64_t>();
        manifest.digest.bytes = document.at("bytes").get<std::int64_t>();
        manifest.digest.sha256 = document.at("sha256").get<std::string>();
        manifest.counts = document.at("counts").get<TableCounts>();
        return manifest;
    } catch (const json::exception&) {
        return fail(Errc::malformed, ": is no manifest of a backup");
    }
}

std::filesystem::path manifest_path(const std::filesystem::path& backup) {
    return backup.string() + ".json";
}

Status check_free_name(const std::filesystem::path& to) {
    std::error_code failed;
    if (!std::filesystem::exists(to, failed) && !std::filesystem::exists(manifest_path(to), failed))
        return {};
    return fail(Errc::refused, to.string() + ": is there already; give another name");
}

Result<Manifest> finish_backup(Manifest manifest, const std::filesystem::path& part,
                               const std::filesystem::path& to) {
    auto digest = digest_of(part);
    if (!digest) return tl::make_unexpected(digest.error());
    manifest.digest = *std::move(digest);
    if (Status named = finish(part, to); !named) return tl::make_unexpected(named.error());
    if (Status told = write_durably(manifest_path(to), encode_manifest(manifest)); !told) {
        return tl::make_unexpected(told.error());
    }
    return manifest;
}

Result<Manifest> back_up_sqlite(const std::filesystem::path& store,
                                const std::filesystem::path& to) {
    if (Status free = check_free_name(to); !free) return tl::make_unexpected(free.error());
    if (!is_there(store)) return fail(Errc::not_found, "store: there is no file " + store.string());
    const std::filesystem::path part = to.string() + ".part";
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    const std::string begun = utc_now();
    auto copied = [&]() -> Result<Manifest> {
        try {
            sql::copy_sqlite(store, part);
        } catch (const sql::Trouble& trouble) {
            return fail(trouble.code(), "backup: " + store.string() + " to " + part.string() +
                                            ": " + trouble.what());
        }
        auto manifest = read_sqlite(part);
        if (!manifest) return manifest;
        manifest->made_at = begun;
        return finish_backup(*std::move(manifest), part, to);
    }();
    if (!copied) std::filesystem::remove(part, ignored);
    return copied;
}

Result<Manifest> check_backup(const std::filesystem::path& backup) {
    auto manifest = read_manifest(backup);
    if (!manifest) return manifest;
    const auto digest = digest_of(backup);
    if (!digest) return tl::make_unexpected(digest.error());
    if (*digest != manifest->digest) {
        return fail(Errc::corrupt, backup.string() +
                                       ": differs from its manifest (SHA-256); it was changed or "
                                       "damaged; take another backup");
    }
    if (manifest->schema > kStoreSchemaVersion) {
        return fail(Errc::unsupported,
                    backup.string() + ": has schema " + std::to_string(manifest->schema) +
                        ", this program knows " + std::to_string(kStoreSchemaVersion) +
                        "; update this program");
    }
    if (manifest->kind == BackupKind::postgresql) {
        if (Status sound = check_archive(backup); !sound) {
            return tl::make_unexpected(sound.error());
        }
        return manifest;
    }
    auto found = read_sqlite(backup);
    if (!found) return found;
    if (found->schema != manifest->schema || found->counts != manifest->counts) {
        return fail(Errc::corrupt, backup.string() + ": holds other rows than its manifest says");
    }
    return manifest;
}

Result<Restored> restore_sqlite(const std::filesystem::path& backup,
                                const std::filesystem::path& store, bool force) {
    if (Status free = check_target(store, force); !free) return tl::make_unexpected(free.error());
    auto manifest = check_backup(backup);
    if (!manifest) return tl::make_unexpected(manifest.error());
    if (manifest->kind != BackupKind::sqlite) {
        return fail(Errc::invalid, backup.string() +
                                       ": is a backup of a PostgreSQL store; give --store "
                                       "postgresql://…");
    }
    const std::filesystem::path part = store.string() + ".restoring";
    const auto copied = copy_durably(backup, part);
    if (!copied) return tl::make_unexpected(copied.error());
    Restored restored{*std::move(manifest), {}};
    std::error_code ignored;
    if (*copied != restored.manifest.digest) {
        std::filesystem::remove(part, ignored);
        return fail(Errc::corrupt, backup.string() + ": changed while it was copied");
    }
    if (is_there(store)) {
        restored.kept = store.string() + ".before-" + utc_now();
        move_aside(store, restored.kept);
    }
    if (Status put = finish(part, store); !put) {
        if (!restored.kept.empty()) move_aside(restored.kept, store);
        std::filesystem::remove(part, ignored);
        return tl::make_unexpected(put.error());
    }
    return restored;
}

}  // namespace kaiku::central::ops
