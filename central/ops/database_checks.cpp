#include "central/ops/database_checks.hpp"

#include "central/store/schema.hpp"

namespace kaiku::central::ops {
namespace {

class TimedDatabase final : public sql::Database {
  public:
    TimedDatabase(std::shared_ptr<sql::Database> database, WorkTimed told)
        : database_(std::move(database)), told_(std::move(told)) {}

    void with(Access access, const Work& work) override {
        const auto begun = std::chrono::steady_clock::now();
        try {
            database_->with(access, work);
        } catch (...) {
            told_(access, std::chrono::steady_clock::now() - begun);
            throw;
        }
        told_(access, std::chrono::steady_clock::now() - begun);
    }

  private:
    std::shared_ptr<sql::Database> database_;
    WorkTimed told_;
};

}  // namespace

std::shared_ptr<sql::Database> timed(std::shared_ptr<sql::Database> database, WorkTimed told) {
    return std::make_shared<TimedDatabase>(std::move(database), std::move(told));
}

Status check_schema(sql::Database& database) {
    return database.read("reading the schema's version", [](sql::Connection& db) -> Status {
        const bool sqlite = db.dialect() == sql::Dialect::sqlite;
        const auto version =
            db.first(sqlite ? "PRAGMA user_version" : "SELECT version FROM kaiku_schema", {},
                     [](const sql::Row& row) { return row.integer(0); });
        if (version == kStoreSchemaVersion) return {};
        return fail(Errc::unsupported, "store: has schema " + std::to_string(version.value_or(0)) +
                                           ", this program knows " +
                                           std::to_string(kStoreSchemaVersion) +
                                           "; update this program");
    });
}

Result<DeviceFigures> count_devices(sql::Database& database, std::int64_t seen_since_s) {
    return database.read("counting devices", [&](sql::Connection& db) -> Result<DeviceFigures> {
        DeviceFigures figures;
        db.run(
            "SELECT COUNT(*), SUM(CASE WHEN revoked_at IS NULL THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN revoked_at IS NULL AND seen_at >= $1 THEN 1 ELSE 0 END) FROM devices",
            sql::Values{seen_since_s}, [&](const sql::Row& row) {
                figures.enrolled = row.integer(1);
                figures.seen = row.integer(2);
                figures.revoked = row.integer(0) - figures.enrolled;
                return true;
            });
        return figures;
    });
}

}  // namespace kaiku::central::ops
