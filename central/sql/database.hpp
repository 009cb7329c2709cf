#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "central/sql/connection.hpp"

namespace kaiku::central::sql {

/// The connections of one process to one database. Safe to call from any thread.
class Database {
  public:
    virtual ~Database() = default;

    enum class Access { read, snapshot, write, rewrite };
    /// Whether the work is to be kept.
    using Work = std::function<bool(Connection&)>;
    /// Runs `work` with a connection of its own: alone (read), in a transaction that sees one
    /// moment (snapshot), or in one that is kept when `work` returns true (write) and durable when
    /// this returns. A rewrite also sees one moment, and is begun again when somebody changed what
    /// it changes. `work` may be run again from its beginning. Throws Trouble.
    virtual void with(Access access, const Work& work) = 0;

    /// What `work(connection)` returns, a Result or Status; Trouble becomes an error that begins
    /// with "store: <what>: ".
    template <class F>
    std::invoke_result_t<F, Connection&> read(std::string_view what, F work) {
        return run(Access::read, what, std::move(work));
    }
    template <class F>
    std::invoke_result_t<F, Connection&> snapshot(std::string_view what, F work) {
        return run(Access::snapshot, what, std::move(work));
    }
    /// Changes are kept only if `work` returns no error.
    template <class F>
    std::invoke_result_t<F, Connection&> write(std::string_view what, F work) {
        return run(Access::write, what, std::move(work));
    }
    template <class F>
    std::invoke_result_t<F, Connection&> rewrite(std::string_view what, F work) {
        return run(Access::rewrite, what, std::move(work));
    }

  private:
    template <class F>
    std::invoke_result_t<F, Connection&> run(Access access, std::string_view what, F work) {
        using Answer = std::invoke_result_t<F, Connection&>;
        std::optional<Answer> answer;
        try {
            with(access, [&](Connection& connection) {
                answer.emplace(work(connection));
                return answer->has_value();
            });
        } catch (const Trouble& trouble) {
            return error_of(trouble, what);
        }
        return std::move(*answer);
    }
    static tl::unexpected<Error> error_of(const Trouble& trouble, std::string_view what);
};

}  // namespace kaiku::central::sql
