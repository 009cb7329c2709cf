#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "central/sql/database.hpp"
#include "central/sql/postgres.hpp"
#include "central/store/sqlite_store.hpp"
#include "central/store/store.hpp"

namespace kaiku::central {

/// A wellbeing services county, or whoever else collects feedback here. Organisers share the
/// program and its database, and nothing else.
struct Organiser {
    std::string code;  ///< [a-z][a-z0-9-]{0,31}
    std::string name;
    std::string host;  ///< name under which its devices and people reach central; empty: any other
    friend bool operator==(const Organiser&, const Organiser&) = default;
};

/// Whose everything is when nobody else is named.
inline constexpr const char* kDefaultOrganiser = "main";

/// Every organiser's store in one database. Safe to call from any thread.
class Stores {
  public:
    Stores(std::shared_ptr<sql::Database> database, std::function<Status()> ready)
        : database_(std::move(database)), ready_(std::move(ready)) {}

    /// In the order of their codes.
    Result<std::vector<Organiser>> organisers();
    /// Errc::refused if the code or the host is taken, Errc::invalid for a bad code.
    Status add(const Organiser& organiser);
    /// Errc::not_found for an unknown organiser. The store lives on without this object.
    Result<std::unique_ptr<Store>> of(const std::string& organiser);
    /// Errc::full when the store's disk has too little room for more.
    Status check_room() const { return ready_(); }
    /// From now on everything goes through what `wrap` makes of the database; before any store.
    template <class Wrap>
    void wrap_database(Wrap wrap) {
        database_ = wrap(std::move(database_));
    }
    /// For other rooms' ports in the same database.
    const std::shared_ptr<sql::Database>& database() const noexcept { return database_; }

  private:
    std::shared_ptr<sql::Database> database_;
    std::function<Status()> ready_;
};

/// Opens (and creates or migrates) one SQLite file; errors as open_sqlite_store.
Result<std::unique_ptr<Stores>> open_sqlite_stores(const SqliteOptions& options);

/// Connects, and creates or migrates the tables. Errors name no password.
Result<std::unique_ptr<Stores>> open_postgres_stores(const sql::PostgresServer& server);

}  // namespace kaiku::central
