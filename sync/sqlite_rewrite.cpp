#include "sync/sqlite_rewrite.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <string>
#include <utility>
#include <vector>

namespace kaiku::sync {
namespace {

constexpr int kRowsAtOnce = 256;

struct Row {
    std::string id;  ///< its bytes
    std::string payload;
};

std::string bytes_of(const SQLite::Column& column) {
    return {static_cast<const char*>(column.getBlob()),
            static_cast<std::size_t>(column.getBytes())};
}

std::vector<Row> rows_after(SQLite::Database& database, const std::string& table,
                            const std::string& id) {
    SQLite::Statement query(
        database, "SELECT id, payload FROM " + table + " WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(1, id.data(), static_cast<int>(id.size()));
    query.bind(2, kRowsAtOnce);
    std::vector<Row> rows;
    while (query.executeStep()) {
        rows.push_back({bytes_of(query.getColumn(0)), bytes_of(query.getColumn(1))});
    }
    return rows;
}

Result<std::int64_t> rewrite_rows(SQLite::Database& database, const std::string& table,
                                  const std::vector<Row>& rows, const Outbox::Change& change) {
    SQLite::Statement write(database, "UPDATE " + table + " SET payload = ? WHERE id = ?");
    std::int64_t count = 0;
    for (const Row& row : rows) {
        const auto changed = change(row.payload);
        if (!changed) return tl::make_unexpected(changed.error());
        if (!*changed) continue;
        write.reset();
        write.bindNoCopy(1, (*changed)->data(), static_cast<int>((*changed)->size()));
        write.bindNoCopy(2, row.id.data(), static_cast<int>(row.id.size()));
        count += write.exec();
    }
    return count;
}

}  // namespace

Result<std::int64_t> rewrite_payloads(SQLite::Database& database, const Outbox::Change& change) {
    std::int64_t count = 0;
    for (const std::string table : {"waiting", "quarantined"}) {
        std::string last;  // an empty blob stands before every id
        for (;;) {
            SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
            const std::vector<Row> rows = rows_after(database, table, last);
            if (rows.empty()) break;
            auto replaced = rewrite_rows(database, table, rows, change);
            if (!replaced) return replaced;
            transaction.commit();
            count += *replaced;
            last = rows.back().id;
        }
    }
    return count;
}

}  // namespace kaiku::sync
