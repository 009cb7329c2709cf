#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "central/sql/database.hpp"

namespace kaiku::central::sql {

/// How a PostgreSQL database is reached.
struct PostgresServer {
    std::string uri;  ///< "postgresql://…" as libpq reads it; a password belongs into ~/.pgpass
    std::size_t connections = 8;  ///< of this process, opened when they are needed
    std::chrono::seconds connect_timeout{5};
    /// A server that answers nothing for so long is given up; also the limit of one statement.
    std::chrono::seconds answer_timeout{30};
};

/// Opens connections as they are needed, and again after the server was away. A transaction that
/// the server asks to be begun again (40001, 40P01), or that lost its connection before COMMIT,
/// is. `prepare_schema` runs once before anything else. Throws Trouble.
std::unique_ptr<Database> open_postgres(const PostgresServer& server,
                                        const std::function<void(Connection&)>& prepare_schema);

enum class Vacuum {
    plain,   ///< the room of deleted rows is used again, and their bytes are overwritten then
    rewrite  ///< the tables are written anew without them; others wait meanwhile
};
/// Throws Trouble.
void vacuum_postgres(const std::string& uri, const std::vector<std::string>& tables, Vacuum how);

/// How a URI is said to other programs of PostgreSQL: as variables of their environment, so that
/// no password stands on a command line. Throws Trouble (invalid).
std::vector<std::pair<std::string, std::string>> postgres_environment(const std::string& uri);

}  // namespace kaiku::central::sql
