#include "central/sql/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <unordered_map>

namespace kaiku::central::sql {
namespace {

/// What PQexecPrepared wants: texts that end with a zero byte, or null.
class Parameters {
  public:
    explicit Parameters(std::span<const Value> values) {
        numbers_.reserve(values.size());
        for (const Value& value : values) {
            if (const auto* text = value.text()) {
                pointers_.push_back(text->c_str());
            } else if (const auto* number = value.integer()) {
                pointers_.push_back(numbers_.emplace_back(std::to_string(*number)).c_str());
            } else {
                pointers_.push_back(nullptr);
            }
        }
    }
    int count() const { return static_cast<int>(pointers_.size()); }
    const char* const* data() const { return pointers_.data(); }

  private:
    std::vector<std::string> numbers_;
    std::vector<const char*> pointers_;
};

/// Our code and cure for a five-letter SQLSTATE (PostgreSQL's documentation, appendix A).
Trouble trouble_of(std::string_view state) {
    const auto is = [&](std::string_view begin) { return state.starts_with(begin); };
    const std::string cause = " (SQLSTATE " + std::string(state) + ")";
    if (is("40001") || is("40P01")) {
        return {Errc::busy, "another process changed the same rows; try again" + cause, true};
    }
    if (is("53100") || is("53200")) {
        return {Errc::full, "the database server's disk or memory is full; make room" + cause};
    }
    if (is("25006")) return {Errc::io, "the database is read-only; look at the server" + cause};
    if (is("XX001") || is("XX002")) {
        return {Errc::corrupt, "the database is damaged; restore it from a backup" + cause};
    }
    if (is("28") || is("42501") || is("3D") || is("3F")) {
        return {Errc::io,
                "the database refuses us; check user, rights and name in --store" + cause};
    }
    if (is("08") || is("57") || is("53") || is("55")) {
        return {Errc::busy, "the database server is not at our service; try again" + cause};
    }
    return {Errc::io, "the database refused a statement; look at the server's log" + cause};
}

void append_text(std::string& array, const std::string& text) {
    array += '"';
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') array += '\\';
        array += letter;
    }
    array += '"';
}

std::int64_t changed_by(const PGresult* result) {
    const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result));
    std::int64_t number = 0;
    std::from_chars(count.data(), count.data() + count.size(), number);
    return number;
}

}  // namespace

std::string array_of(std::span<const Value> values) {
    std::string array = "{";
    for (const Value& value : values) {
        if (array.size() > 1) array += ',';
        if (const auto* text = value.text()) {
            append_text(array, *text);
        } else if (const auto* number = value.integer()) {
            array += std::to_string(*number);
        } else {
            array += "NULL";
        }
    }
    return array + "}";
}

PostgresConnection::PostgresConnection(const PostgresServer& server) {
    const std::string connect = std::to_string(server.connect_timeout.count());
    const std::string answer = std::to_string(server.answer_timeout.count() * 1000);
    const std::string options = "-c statement_timeout=" + answer +
                                " -c client_min_messages=warning -c synchronous_commit=on"
                                " -c timezone=UTC";
    const std::array<const char*, 10> keys{
        "dbname",          "connect_timeout",     "application_name", "client_encoding",  "options",
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", nullptr};
    const std::array<const char*, 10> values{server.uri.c_str(),
                                             connect.c_str(),
                                             "kaiku-central",
                                             "UTF8",
                                             options.c_str(),
                                             "10",
                                             "5",
                                             "3",
                                             answer.c_str(),
                                             nullptr};
    connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
    if (!alive()) {
        throw Trouble(Errc::busy,
                      "the database server does not answer, or refuses us; check --store, the "
                      "server, and its user and password");
    }
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
}

void PostgresConnection::fail_with(const PGresult* result) const {
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == nullptr || !alive()) {
        throw Trouble(Errc::busy, "the database server went away; try again", true);
    }
    throw trouble_of(state);
}

void PostgresConnection::check(const PGresult* result) const {
    switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_SINGLE_TUPLE:
        case PGRES_EMPTY_QUERY:
        case PGRES_PIPELINE_SYNC:
            return;
        default:
            fail_with(result);
    }
}

const std::string& PostgresConnection::prepared(std::string_view statement) {
    const auto found = statements_.find(statement);
    if (found != statements_.end()) return found->second;
    const std::string name = "k" + std::to_string(statements_.size());
    const std::string text(statement);
    const PgResult made(PQprepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr));
    check(made.get());
    return statements_.emplace(text, name).first->second;
}

namespace {

/// Shows the rows of a result until `visit` has seen enough.
bool show_rows(const PGresult* result, const Connection::Visitor& visit) {
    std::vector<Row::Cell> cells(static_cast<std::size_t>(PQnfields(result)));
    for (int row = 0; row < PQntuples(result); ++row) {
        for (int i = 0; i < static_cast<int>(cells.size()); ++i) {
            const bool null = PQgetisnull(result, row, i) != 0;
            cells[static_cast<std::size_t>(i)] =
                null ? Row::Cell{}
                     : Row::Cell{PQgetvalue(result, row, i),
                                 static_cast<std::size_t>(PQgetlength(result, row, i))};
        }
        if (!visit(Row(cells))) return false;
    }
    return true;
}

bool is_good(const PGresult* result) {
    const auto status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

std::int64_t PostgresConnection::take_rows(const Visitor& visit) {
    std::int64_t changed = 0;
    bool wanted = visit != nullptr;
    PgResult failed;
    std::exception_ptr thrown;
    while (PgResult result{PQgetResult(connection_.get())}) {
        if (!is_good(result.get())) {
            failed = std::move(result);
            continue;
        }
        changed += changed_by(result.get());
        try {
            wanted = wanted && show_rows(result.get(), visit);
        } catch (...) {
            thrown = std::current_exception();  // the connection must be read to its end first
            wanted = false;
        }
    }
    if (thrown) std::rethrow_exception(thrown);
    if (failed) fail_with(failed.get());
    return changed;
}

std::int64_t PostgresConnection::run(const char* statement, std::span<const Value> values,
                                     const Visitor& visit) {
    const std::string& name = prepared(statement);
    const Parameters parameters(values);
    if (PQsendQueryPrepared(connection_.get(), name.c_str(), parameters.count(), parameters.data(),
                            nullptr, nullptr, 0) != 1) {
        fail_with(nullptr);
    }
    return take_rows(visit);
}

void PostgresConnection::script(const std::string& statements) {
    if (PQsendQuery(connection_.get(), statements.c_str()) != 1) fail_with(nullptr);
    take_rows(nullptr);
}

void PostgresConnection::leave_pipeline() {
    while (PQpipelineStatus(connection_.get()) != PQ_PIPELINE_OFF && alive()) {
        const PgResult rest(PQgetResult(connection_.get()));
        if (PQexitPipelineMode(connection_.get()) == 1) return;
    }
}

PgResult PostgresConnection::take_pipelined(std::size_t first, const EachVisitor& visit) {
    PgResult failed;
    std::size_t place = first;
    while (alive()) {
        PgResult result(PQgetResult(connection_.get()));
        if (!result) {
            ++place;  // the end of one statement
            continue;
        }
        const auto status = PQresultStatus(result.get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (is_good(result.get())) {
            if (!visit || failed) continue;
            show_rows(result.get(), [&](const Row& row) {
                visit(place, row);
                return true;
            });
        } else if (status != PGRES_PIPELINE_ABORTED && !failed) {
            failed = std::move(result);
        }
    }
    return failed;
}

void PostgresConnection::run_part(const std::string& name, std::span<const Values> part,
                                  std::size_t first, const EachVisitor& visit) {
    if (PQenterPipelineMode(connection_.get()) != 1) fail_with(nullptr);
    bool sent = true;
    for (const Values& values : part) {
        const Parameters parameters(values);
        sent = sent && PQsendQueryPrepared(connection_.get(), name.c_str(), parameters.count(),
                                           parameters.data(), nullptr, nullptr, 0) == 1;
    }
    sent = sent && PQpipelineSync(connection_.get()) == 1;
    PgResult failed;
    if (sent) {
        try {
            failed = take_pipelined(first, visit);
        } catch (...) {
            leave_pipeline();
            throw;
        }
    }
    leave_pipeline();
    if (!sent || failed || !alive()) fail_with(failed.get());
}

void PostgresConnection::run_each(const char* statement, std::span<const Values> rows,
                                  const EachVisitor& visit) {
    // So many answers fit into the sockets' buffers: nobody waits for the other to read first.
    constexpr std::size_t kMaxAtOnce = 64;
    const std::string& name = prepared(statement);
    for (std::size_t begin = 0; begin < rows.size(); begin += kMaxAtOnce) {
        run_part(name, rows.subspan(begin, std::min(kMaxAtOnce, rows.size() - begin)), begin,
                 visit);
    }
}

std::vector<bool> PostgresConnection::insert_new(const BulkInsert& into,
                                                 std::span<const Values> rows) {
    std::vector<bool> is_new(rows.size(), false);
    if (rows.empty()) return is_new;
    std::string names;
    std::string arrays;
    Values columns;
    std::size_t key = 0;
    for (std::size_t i = 0; i < into.columns.size(); ++i) {
        const char* comma = i == 0 ? "" : ", ";
        names += std::string(comma) + into.columns[i].first;
        arrays +=
            std::string(comma) + "$" + std::to_string(i + 1) + "::" + into.columns[i].second + "[]";
        if (std::string_view(into.columns[i].first) == into.key) key = i;
        Values column;
        column.reserve(rows.size());
        for (const Values& values : rows) column.push_back(values[i]);
        columns.emplace_back(array_of(column));
    }
    const std::string statement = std::string("INSERT INTO ") + into.table + " (" + names +
                                  ") SELECT * FROM unnest(" + arrays +
                                  ") ON CONFLICT DO NOTHING RETURNING " + into.key;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        places.emplace(*rows[i][key].text(), i);  // the first of equal ones
    }
    run(statement.c_str(), columns, [&](const Row& row) {
        const auto place = places.find(row.text(0));
        if (place != places.end()) is_new[place->second] = true;
        return true;
    });
    return is_new;
}

Value PostgresConnection::list(std::span<const std::string> texts) const {
    const Values values(texts.begin(), texts.end());
    return array_of(values);
}

}  // namespace kaiku::central::sql
