#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>

#include "central/sql/connection.hpp"
#include "central/sql/sqlite.hpp"

namespace kaiku::central::sql {

/// A connection to one SQLite file. The file is left as it is until prepare().
class SqliteConnection final : public Connection {
  public:
    explicit SqliteConnection(const SqliteFile& file);

    /// Write-ahead log and full synchronisation; deleted bytes are overwritten.
    void prepare();
    void prepare_to_read_only();

    Dialect dialect() const noexcept override { return Dialect::sqlite; }
    std::int64_t run(const char* statement, std::span<const Value> values,
                     const Visitor& visit) override;
    void script(const std::string& statements) override;
    using Connection::run_each;
    void run_each(const char* statement, std::span<const Values> rows,
                  const EachVisitor& visit) override;
    std::vector<bool> insert_new(const BulkInsert& into, std::span<const Values> rows) override;
    Value list(std::span<const std::string> texts) const override;

  private:
    SQLite::Statement& prepared(std::string_view statement);

    SQLite::Database database_;
    std::map<std::string, SQLite::Statement, std::less<>> statements_;
};

}  // namespace kaiku::central::sql
