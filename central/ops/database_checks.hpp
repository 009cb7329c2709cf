#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "central/sql/database.hpp"

namespace kaiku::central::ops {

/// Hears how long each piece of work with a database took, waiting for a connection included.
using WorkTimed = std::function<void(sql::Database::Access, std::chrono::duration<double>)>;

/// The same database, timed.
std::shared_ptr<sql::Database> timed(std::shared_ptr<sql::Database> database, WorkTimed told);

/// Errc::unsupported when the store has another schema than this program knows.
Status check_schema(sql::Database& database);

/// Enrolled terminals of every organiser.
struct DeviceFigures {
    std::int64_t enrolled = 0;  ///< and not revoked
    std::int64_t seen = 0;      ///< of these, since the moment that was asked for
    std::int64_t revoked = 0;
};
Result<DeviceFigures> count_devices(sql::Database& database, std::int64_t seen_since_s);

}  // namespace kaiku::central::ops
