#pragma once

#include <functional>
#include <memory>
#include <string>

#include "central/store/memory_store.hpp"
#include "central/store/stores.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/temp_dir.hpp"

/// What a store promises, it promises in memory, in SQLite and in PostgreSQL.
namespace kaiku::central {

inline std::unique_ptr<Stores> sqlite_stores(const std::filesystem::path& file) {
    auto stores = open_sqlite_stores({.path = file});
    REQUIRE(stores);
    return std::move(*stores);
}

inline std::unique_ptr<Stores> postgres_stores(const std::string& uri) {
    auto stores = open_postgres_stores({.uri = uri});
    REQUIRE(stores);
    return std::move(*stores);
}

/// Runs `test` with an empty database of each engine.
inline void in_every_database(const std::function<void(Stores&)>& test) {
    {
        INFO("SQLite");
        const test::TempDir dir;
        test(*sqlite_stores(dir.path() / "central.db"));
    }
    INFO("PostgreSQL");
    test(*postgres_stores(test::new_postgres_database()));
}

/// Runs `contract` with an empty store of each kind.
inline void in_every_store(const std::function<void(Store&)>& contract) {
    {
        INFO("memory");
        MemoryStore memory;
        contract(memory);
    }
    in_every_database([&](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        contract(**store);
    });
}

}  // namespace kaiku::central
