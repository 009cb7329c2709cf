#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "survey/result.hpp"

/// One SQL text for SQLite and PostgreSQL: parameters are $1, $2, … in both. What both engines
/// understand is what distributed engines with PostgreSQL's protocol take too (docs/SCALE.md).
namespace kaiku::central::sql {

enum class Dialect { sqlite, postgresql };

/// A parameter: null, a whole number or a text without zero bytes.
class Value {
  public:
    Value() = default;
    Value(std::string text) : value_(std::move(text)) {}
    Value(std::string_view text) : value_(std::string(text)) {}
    Value(const char* text) : value_(std::string(text)) {}
    template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
    Value(Number number) : value_(static_cast<std::int64_t>(number)) {}
    template <class Held>
    Value(const std::optional<Held>& held) {
        if (held) *this = Value(*held);
    }
    bool is_null() const noexcept { return value_.index() == 0; }
    const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&value_); }
    const std::string* text() const noexcept { return std::get_if<std::string>(&value_); }

  private:
    std::variant<std::monostate, std::int64_t, std::string> value_;
};
using Values = std::vector<Value>;

/// What the database could not do. Connections throw it; guarded() turns it into an Error where a
/// port begins.
class Trouble : public std::exception {
  public:
    Trouble(Errc code, std::string cure, bool retry = false)
        : code_(code), cure_(std::move(cure)), retry_(retry) {}
    Errc code() const noexcept { return code_; }
    /// The same transaction may succeed when it is begun again.
    bool retry() const noexcept { return retry_; }
    const char* what() const noexcept override { return cure_.c_str(); }

  private:
    Errc code_;
    std::string cure_;  ///< one line: cure and cause, never data
    bool retry_;
};

/// One row of an answer; its texts live as long as the visitor's call.
class Row {
  public:
    struct Cell {
        const char* data = nullptr;  ///< nothing: null
        std::size_t size = 0;
    };
    explicit Row(std::span<const Cell> cells) : cells_(cells) {}

    bool is_null(std::size_t column) const { return cells_[column].data == nullptr; }
    /// Empty for null.
    std::string_view view(std::size_t column) const {
        return {cells_[column].data == nullptr ? "" : cells_[column].data, cells_[column].size};
    }
    std::string text(std::size_t column) const { return std::string(view(column)); }
    /// 0 for null. Throws Trouble (corrupt) for what is no whole number.
    std::int64_t integer(std::size_t column) const;
    std::optional<std::int64_t> integer_or_none(std::size_t column) const {
        return is_null(column) ? std::nullopt : std::optional(integer(column));
    }

  private:
    std::span<const Cell> cells_;
};

/// Where new rows go, many at once.
struct BulkInsert {
    const char* table;
    std::vector<std::pair<const char*, const char*>> columns;  ///< name and type: TEXT, BIGINT …
    const char* key;  ///< the column that tells the rows of one call apart
};

/// A connection for one thread at a time. Statements are prepared once; their texts must be
/// literals. Every call may throw Trouble.
class Connection {
  public:
    virtual ~Connection() = default;
    virtual Dialect dialect() const noexcept = 0;

    using Visitor = std::function<bool(const Row&)>;
    /// Runs one statement; `visit` sees each row and returns false to see no more. Returns how
    /// many rows were changed.
    virtual std::int64_t run(const char* statement, std::span<const Value> values,
                             const Visitor& visit) = 0;
    /// Runs statements without parameters, separated by semicolons: schema steps, BEGIN, COMMIT.
    virtual void script(const std::string& statements) = 0;
    /// The same statement once for each set of values, in one trip where the engine can; `visit`
    /// sees each row of an answer, and for which set of values it came.
    using EachVisitor = std::function<void(std::size_t, const Row&)>;
    virtual void run_each(const char* statement, std::span<const Values> rows,
                          const EachVisitor& visit) = 0;
    void run_each(const char* statement, std::span<const Values> rows) {
        run_each(statement, rows, nullptr);
    }
    /// Inserts the rows whose key is not there yet; says for each whether it went in. A key that
    /// comes twice goes in once.
    virtual std::vector<bool> insert_new(const BulkInsert& into, std::span<const Values> rows) = 0;
    /// A list of texts as one parameter, for `in_list`.
    virtual Value list(std::span<const std::string> texts) const = 0;

    std::int64_t execute(const char* statement, std::initializer_list<Value> values = {}) {
        return run(statement, {values.begin(), values.size()}, nullptr);
    }
    /// `make(row)` of every row.
    template <class Make>
    auto all(const char* statement, const Values& values, Make make) {
        std::vector<std::invoke_result_t<Make, const Row&>> made;
        run(statement, values, [&](const Row& row) {
            made.push_back(make(row));
            return true;
        });
        return made;
    }
    /// `make(row)` of the first row, or nothing.
    template <class Make>
    auto first(const char* statement, const Values& values, Make make) {
        std::optional<std::invoke_result_t<Make, const Row&>> made;
        run(statement, values, [&](const Row& row) {
            made.emplace(make(row));
            return false;
        });
        return made;
    }
};

}  // namespace kaiku::central::sql
