#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "central/ops/durable_file.hpp"
#include "central/sql/connection.hpp"
#include "survey/result.hpp"

/// Backups of a whole store, every organiser's, and the way back. A backup is two files: F, and
/// F.json, the manifest, which is written last. One without the other is no backup. Keys are not
/// part of it.
namespace kaiku::central::ops {

/// Rows of each table.
using TableCounts = std::map<std::string, std::int64_t>;
/// All tables of a database but the one that /ready writes to. Throws sql::Trouble.
TableCounts count_tables(sql::Connection& db);

enum class BackupKind {
    sqlite,     ///< one SQLite file
    postgresql  ///< pg_dump's custom format
};

/// What a backup holds.
struct Manifest {
    BackupKind kind = BackupKind::sqlite;
    std::string made_at;  ///< UTC, "2026-11-23T14:30:00Z"
    std::int64_t schema = 0;
    Digest digest;
    TableCounts counts;
    friend bool operator==(const Manifest&, const Manifest&) = default;
};
std::string encode_manifest(const Manifest& manifest);
/// Errc::malformed or unsupported.
Result<Manifest> decode_manifest(std::string_view text);
/// The manifest's file of a backup.
std::filesystem::path manifest_path(const std::filesystem::path& backup);

/// Copies a store that may be in use to `to`, which must not exist, checks the copy, and writes the
/// manifest. Nothing is left of it on error. Errc::refused when `to` is there already.
Result<Manifest> back_up_sqlite(const std::filesystem::path& store,
                                const std::filesystem::path& to);
Result<Manifest> back_up_postgres(const std::string& uri, const std::filesystem::path& to);

/// Reads a whole backup and compares it with its manifest: its bytes, its soundness, its schema
/// and its counts. Errc::corrupt for a difference, Errc::unsupported for a newer program's.
Result<Manifest> check_backup(const std::filesystem::path& backup);

/// What was restored, and where the store that was there before has gone.
struct Restored {
    Manifest manifest;
    std::filesystem::path kept;  ///< empty: there was none
};
/// Checks the backup, then puts it where `store` is. With `force` a store that is there is moved
/// aside, otherwise Errc::refused. Errc::busy while any program has it open. The store is unchanged
/// on error.
Result<Restored> restore_sqlite(const std::filesystem::path& backup,
                                const std::filesystem::path& store, bool force);
/// As restore_sqlite(), into a database. With `force` the tables there are replaced, for good, in
/// one transaction; tables that the backup does not know are refused.
Result<Restored> restore_postgres(const std::filesystem::path& backup, const std::string& uri,
                                  bool force);

// For the two kinds.

/// Gives `part` and then its manifest their names.
Result<Manifest> finish_backup(Manifest manifest, const std::filesystem::path& part,
                               const std::filesystem::path& to);
/// Errc::refused when there is something of that name.
Status check_free_name(const std::filesystem::path& to);
/// Whether pg_dump's archive can be read to its end.
Status check_archive(const std::filesystem::path& archive);
/// "2026-11-23T14:30:00Z", now.
std::string utc_now();

}  // namespace kaiku::central::ops
