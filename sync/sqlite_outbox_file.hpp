#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <memory>

#include "sync/sqlite_outbox.hpp"

/// The file of the outbox: opening, checking, setting aside. For sqlite_outbox.cpp only.
namespace kaiku::sync {

/// One use of a statement that stays prepared: leaves no open read and no bound answer behind.
class Use {
  public:
    explicit Use(SQLite::Statement& statement) noexcept : statement_(statement) {}
    ~Use() {
        statement_.tryReset();
        statement_.clearBindings();  // SQLite never refuses this
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    SQLite::Statement* operator->() noexcept { return &statement_; }
    SQLite::Statement& operator*() noexcept { return statement_; }

  private:
    SQLite::Statement& statement_;
};

/// What every answer runs, prepared once: parsing takes longer than executing.
struct PutStatements {
    explicit PutStatements(SQLite::Database& database)
        : find(database,
               "SELECT EXISTS(SELECT 1 FROM waiting WHERE id = ?1) OR "
               "EXISTS(SELECT 1 FROM quarantined WHERE id = ?1)"),
          insert(database, "INSERT INTO waiting(id, shield, payload) VALUES(?, zeroblob(?), ?)"),
          tally(database, "SELECT value FROM tally WHERE name = ?"),
          add(database, "UPDATE tally SET value = value + ? WHERE name = ?"),
          day(database,
              "INSERT INTO ledger(day, stored) VALUES(?, 1) "
              "ON CONFLICT(day) DO UPDATE SET stored = stored + 1, settled = 0") {}

    SQLite::Statement find;
    SQLite::Statement insert;
    SQLite::Statement tally;
    SQLite::Statement add;
    SQLite::Statement day;
};

struct OpenDatabase {
    std::unique_ptr<SQLite::Database> database;
    std::unique_ptr<PutStatements> prepared;
    int shield_bytes = 0;
};

/// Opens, checks and migrates the file; Errc::corrupt when it is no sound database.
Result<OpenDatabase> open_outbox_file(const std::filesystem::path& path,
                                      const SqliteOutboxOptions& options);

/// Renames the database and its companions to the first free "outbox.db.corrupt-<n>".
Result<std::filesystem::path> set_aside(const std::filesystem::path& path);

}  // namespace kaiku::sync
