#pragma once

#include <cstdint>
#include <filesystem>

#include "central/sql/connection.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// The schema version this program writes; docs/formats/central-store.md tells the versions.
inline constexpr int kStoreSchemaVersion = 9;
/// The first version that PostgreSQL knew.
inline constexpr int kFirstPostgresVersion = 5;
/// "Kaik" in SQLite's application_id: tells our files from other programs' databases.
inline constexpr int kStoreApplicationId = 0x4B61696B;

/// Brings an empty or older database to `version` in one transaction, while no other process does.
/// Throws sql::Trouble: corrupt for a database of another program, unsupported for one of a newer
/// version of this program.
void migrate(sql::Connection& connection, int version = kStoreSchemaVersion);

/// Errc::full when the disk of the folder is known to have less room than that.
Status check_free_space(const std::filesystem::path& folder, std::uint64_t min_free_bytes);

}  // namespace kaiku::central
