#pragma once

#include <string>

namespace kaiku::test {

/// The address of a new, empty database on this process's own PostgreSQL server, which is started
/// at the first call and goes with the process. Throws std::runtime_error if it does not start.
std::string new_postgres_database();

}  // namespace kaiku::test
