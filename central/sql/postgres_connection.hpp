#pragma once

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>

#include "central/sql/connection.hpp"
#include "central/sql/postgres.hpp"

namespace kaiku::central::sql {

struct FreeResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, FreeResult>;

/// A connection to one PostgreSQL server.
class PostgresConnection final : public Connection {
  public:
    explicit PostgresConnection(const PostgresServer& server);

    /// False once the server is gone: the connection is of no more use.
    bool alive() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
    bool in_transaction() const { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }

    Dialect dialect() const noexcept override { return Dialect::postgresql; }
    std::int64_t run(const char* statement, std::span<const Value> values,
                     const Visitor& visit) override;
    void script(const std::string& statements) override;
    /// In pipeline mode: one trip for all.
    using Connection::run_each;
    void run_each(const char* statement, std::span<const Values> rows,
                  const EachVisitor& visit) override;
    std::vector<bool> insert_new(const BulkInsert& into, std::span<const Values> rows) override;
    Value list(std::span<const std::string> texts) const override;

  private:
    struct Close {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    const std::string& prepared(std::string_view statement);
    [[noreturn]] void fail_with(const PGresult* result) const;
    void check(const PGresult* result) const;
    std::int64_t take_rows(const Visitor& visit);
    /// One pipeline: the answers for the sets of values from `first` on.
    void run_part(const std::string& name, std::span<const Values> part, std::size_t first,
                  const EachVisitor& visit);
    PgResult take_pipelined(std::size_t first, const EachVisitor& visit);
    void leave_pipeline();

    std::unique_ptr<PGconn, Close> connection_;
    std::map<std::string, std::string, std::less<>> statements_;  ///< text → name at the server
};

/// Texts or numbers as one PostgreSQL array: {"a","b"}; nulls stay nulls.
std::string array_of(std::span<const Value> values);

}  // namespace kaiku::central::sql
