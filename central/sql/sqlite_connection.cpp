#include "central/sql/sqlite_connection.hpp"

#include <sqlite3.h>

#include <nlohmann/json.hpp>
#include <thread>

namespace kaiku::central::sql {
namespace {

Errc code_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::busy;
        case SQLITE_FULL:
            return Errc::full;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::corrupt;
        default:
            return Errc::io;
    }
}

std::string_view cure_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds the store; try again";
        case SQLITE_FULL:
            return "the disk is full; make room";
        case SQLITE_CORRUPT:
            return "the store is damaged; restore it from a backup";
        case SQLITE_NOTADB:
            return "the file is no Kaiku store; give another --store";
        case SQLITE_READONLY:
            return "the store is read-only; check permissions and the disk";
        case SQLITE_CANTOPEN:
            return "the file cannot be opened; check path and permissions";
        default:
            return "the disk or its permissions need a look";
    }
}

Trouble trouble_of(const SQLite::Exception& exception) {
    // SQLite has no code of its own for a log whose index finds no room to grow.
    const bool no_room = exception.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE;
    const int code = no_room ? SQLITE_FULL : exception.getErrorCode();
    return {code_of(code), std::string(cure_of(code)) + " (" + sqlite3_errstr(code) + ")"};
}

/// Runs `body`, turning SQLite's exceptions into ours.
template <class Body>
decltype(auto) translated(Body body) {
    try {
        return body();
    } catch (const SQLite::Exception& exception) {
        throw trouble_of(exception);
    }
}

/// $1 is a name to SQLite, numbered by its first place in the text; ?1 is a number.
std::string with_question_marks(std::string statement) {
    for (std::size_t at = 0; at + 1 < statement.size(); ++at) {
        const bool number = statement[at + 1] >= '1' && statement[at + 1] <= '9';
        if (statement[at] == '$' && number) statement[at] = '?';
    }
    return statement;
}

void bind(SQLite::Statement& statement, std::span<const Value> values) {
    int index = 0;
    for (const Value& value : values) {
        ++index;
        if (const auto* number = value.integer()) {
            statement.bind(index, *number);
        } else if (const auto* text = value.text()) {
            statement.bindNoCopy(index, *text);
        } else {
            statement.bind(index);
        }
    }
}

std::int64_t step_through(SQLite::Statement& statement, sqlite3* handle,
                          const Connection::Visitor& visit) {
    std::vector<Row::Cell> cells(static_cast<std::size_t>(statement.getColumnCount()));
    const int before = sqlite3_total_changes(handle);
    while (statement.executeStep()) {
        if (!visit) continue;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const SQLite::Column column = statement.getColumn(static_cast<int>(i));
            if (column.isNull()) {
                cells[i] = {};
            } else {
                const char* text = column.getText();
                cells[i] = {text, static_cast<std::size_t>(column.getBytes())};
            }
        }
        if (!visit(Row(cells))) break;
    }
    return sqlite3_total_changes(handle) - before;
}

/// Puts a statement back whatever happens, so that it holds no lock.
class Reset {
  public:
    explicit Reset(SQLite::Statement& statement) : statement_(statement) {}
    Reset(const Reset&) = delete;
    Reset& operator=(const Reset&) = delete;
    ~Reset() {
        (void)statement_.tryReset();
        statement_.clearBindings();
    }

  private:
    SQLite::Statement& statement_;
};

}  // namespace

SqliteConnection::SqliteConnection(const SqliteFile& file)
    : database_(translated([&] {
          return SQLite::Database(file.path.string(),
                                  SQLite::OPEN_READWRITE | (file.create ? SQLite::OPEN_CREATE : 0),
                                  static_cast<int>(file.busy_timeout.count()));
      })) {}

void SqliteConnection::prepare() {
    translated([&] {
        database_.exec("PRAGMA trusted_schema = OFF");
        // SQLite does not wait for its lock while it changes the journal mode, so this does.
        for (int attempt = 0;; ++attempt) {
            try {
                database_.exec("PRAGMA journal_mode = WAL");
                break;
            } catch (const SQLite::Exception& exception) {
                if (code_of(exception.getErrorCode()) != Errc::busy || attempt == 50) throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        }
        database_.exec("PRAGMA synchronous = FULL");
        database_.exec("PRAGMA secure_delete = ON");
    });
}

void SqliteConnection::prepare_to_read_only() {
    prepare();
    translated([&] { database_.exec("PRAGMA query_only = ON"); });
}

SQLite::Statement& SqliteConnection::prepared(std::string_view statement) {
    constexpr std::size_t kMaxPrepared = 256;
    const auto found = statements_.find(statement);
    if (found != statements_.end()) return found->second;
    if (statements_.size() == kMaxPrepared) statements_.clear();
    std::string text(statement);
    SQLite::Statement made(database_, with_question_marks(text));
    return statements_.emplace(std::move(text), std::move(made)).first->second;
}

std::int64_t SqliteConnection::run(const char* statement, std::span<const Value> values,
                                   const Visitor& visit) {
    return translated([&] {
        SQLite::Statement& known = prepared(statement);
        const Reset reset(known);
        bind(known, values);
        return step_through(known, database_.getHandle(), visit);
    });
}

void SqliteConnection::script(const std::string& statements) {
    translated([&] { database_.exec(statements); });
}

void SqliteConnection::run_each(const char* statement, std::span<const Values> rows,
                                const EachVisitor& visit) {
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (!visit) {
            run(statement, rows[place], nullptr);
            continue;
        }
        run(statement, rows[place], [&](const Row& row) {
            visit(place, row);
            return true;
        });
    }
}

std::vector<bool> SqliteConnection::insert_new(const BulkInsert& into,
                                               std::span<const Values> rows) {
    std::string names;
    std::string marks;
    for (std::size_t i = 0; i < into.columns.size(); ++i) {
        const char* comma = i == 0 ? "" : ", ";
        names += std::string(comma) + into.columns[i].first;
        marks += std::string(comma) + "$" + std::to_string(i + 1);
    }
    const std::string statement = std::string("INSERT INTO ") + into.table + " (" + names +
                                  ") VALUES (" + marks + ") ON CONFLICT DO NOTHING";
    std::vector<bool> is_new;
    is_new.reserve(rows.size());
    for (const Values& values : rows) is_new.push_back(run(statement.c_str(), values, nullptr) > 0);
    return is_new;
}

Value SqliteConnection::list(std::span<const std::string> texts) const {
    return nlohmann::json(std::vector<std::string>(texts.begin(), texts.end())).dump();
}

}  // namespace kaiku::central::sql
