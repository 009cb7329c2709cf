#pragma once

#include <functional>
#include <memory>
#include <string>

#include "central/sql/database.hpp"
#include "central/store/store.hpp"

namespace kaiku::central {

/// One organiser's store in a database that has the schema. `ready` says whether there is room for
/// more, before a write is tried. The database may be shared by many stores.
std::unique_ptr<Store> make_sql_store(std::shared_ptr<sql::Database> database,
                                      std::string organiser, std::function<Status()> ready);

}  // namespace kaiku::central
