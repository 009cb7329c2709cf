#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <vector>

#include "central/store/store.hpp"

/// The rows of devices in central's SQLite store. All may throw SQLite::Exception; changes belong
/// into a transaction of the caller's.
namespace kaiku::central {

void insert_device(SQLite::Database& database, const Device& device);
std::optional<Device> read_device(SQLite::Database& database, const std::string& id);
std::vector<Device> read_devices(SQLite::Database& database);
/// Errc::not_found, or Errc::refused for another key or a number that was used.
Status renew_device(SQLite::Database& database, const std::string& id,
                    const std::string& public_key, const MessageMark& mark);
/// Errc::not_found for an unknown device; what stands of an earlier revocation stays.
Status revoke_device(SQLite::Database& database, const std::string& id, survey::UtcSeconds when,
                     const std::string& replaced_by);
void mark_message(SQLite::Database& database, const MessageMark& mark);

}  // namespace kaiku::central
