#include "central/people/audit_rows.hpp"

#include "central/people/store.hpp"

namespace kaiku::central::people {
namespace {

AuditEntry entry_of(const sql::Row& row) {
    return {row.integer(0),
            {time_of(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5)},
            row.text(6),
            row.text(7)};
}

class SqlAuditLog final : public AuditLog {
  public:
    SqlAuditLog(std::shared_ptr<sql::Database> database, std::string organiser)
        : database_(std::move(database)), organiser_(std::move(organiser)) {}

    Result<AuditEntry> add(const AuditEvent& event) override {
        return database_->write("writing the audit log",
                                [&](sql::Connection& db) -> Result<AuditEntry> {
                                    const Scope scope{db, organiser_};
                                    if (Status held = hold_log(scope); !held)
                                        return tl::make_unexpected(held.error());
                                    return insert_entry(scope, event);
                                });
    }
    Result<std::vector<AuditEntry>> entries() override {
        return database_->read("reading the audit log",
                               [&](sql::Connection& db) -> Result<std::vector<AuditEntry>> {
                                   return read_entries({db, organiser_});
                               });
    }

  private:
    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
};

}  // namespace

Status hold_log(Scope scope) {
    const char* const statement =
        scope.db.dialect() == sql::Dialect::sqlite  // a transaction that writes is alone there
            ? "SELECT 1 FROM organisers WHERE organiser = $1"
            : "SELECT 1 FROM organisers WHERE organiser = $1 FOR UPDATE";
    const auto held = scope.db.first(statement, {scope.organiser},
                                     [](const sql::Row& row) { return row.integer(0); });
    if (!held) return fail(Errc::not_found, "organiser '" + scope.organiser + "' does not exist");
    return {};
}

AuditEntry insert_entry(Scope scope, const AuditEvent& event) {
    const auto last = scope.db.first(
        "SELECT number, done_at, who, what, object, origin, previous, hash FROM audit"
        " WHERE organiser = $1 ORDER BY number DESC LIMIT 1",
        {scope.organiser}, entry_of);
    AuditEntry entry = next_entry(scope.organiser, last, event);
    scope.db.execute(
        "INSERT INTO audit (organiser, number, done_at, who, what, object, origin, previous, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {scope.organiser, entry.number, seconds_of(entry.event.at), entry.event.who,
         entry.event.what, entry.event.object, entry.event.from, entry.previous, entry.hash});
    return entry;
}

std::vector<AuditEntry> read_entries(Scope scope) {
    return scope.db.all(
        "SELECT number, done_at, who, what, object, origin, previous, hash FROM audit"
        " WHERE organiser = $1 ORDER BY number",
        {scope.organiser}, entry_of);
}

std::unique_ptr<AuditLog> sql_audit_log(std::shared_ptr<sql::Database> database,
                                        std::string organiser) {
    return std::make_unique<SqlAuditLog>(std::move(database), std::move(organiser));
}

}  // namespace kaiku::central::people
