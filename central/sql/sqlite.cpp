#include "central/sql/sqlite.hpp"

#include <mutex>
#include <optional>

#include "central/sql/sqlite_connection.hpp"

namespace kaiku::central::sql {
namespace {

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(const SqliteFile& file, const std::function<void(Connection&)>& prepare_schema)
        : writer_(file) {
        prepare_schema(writer_);
        writer_.prepare();
        SqliteFile existing = file;
        existing.create = false;
        reader_.emplace(existing);
        reader_->prepare_to_read_only();
    }

    void with(Access access, const Work& work) override {
        switch (access) {
            case Access::read: {
                const std::lock_guard lock(read_mutex_);
                work(*reader_);
                return;
            }
            case Access::snapshot: {
                const std::lock_guard lock(read_mutex_);
                in_transaction(*reader_, "BEGIN", work);
                return;
            }
            case Access::rewrite:
            case Access::write: {
                const std::lock_guard lock(write_mutex_);
                in_transaction(writer_, "BEGIN IMMEDIATE", work);
                return;
            }
        }
    }

  private:
    static void in_transaction(Connection& connection, const char* begin, const Work& work) {
        connection.script(begin);
        try {
            if (work(connection)) {
                connection.script("COMMIT");
                return;
            }
        } catch (...) {
            roll_back(connection);
            throw;
        }
        roll_back(connection);
    }
    /// SQLite may have rolled back by itself already.
    static void roll_back(Connection& connection) {
        try {
            connection.script("ROLLBACK");
        } catch (const Trouble&) {
            return;
        }
    }

    std::mutex write_mutex_;
    std::mutex read_mutex_;
    SqliteConnection writer_;
    std::optional<SqliteConnection> reader_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const SqliteFile& file,
                                      const std::function<void(Connection&)>& prepare_schema) {
    return std::make_unique<SqliteDatabase>(file, prepare_schema);
}

}  // namespace kaiku::central::sql
