#include "central/sql/postgres.hpp"

#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "central/sql/postgres_connection.hpp"

namespace kaiku::central::sql {
namespace {

class PostgresDatabase final : public Database {
  public:
    PostgresDatabase(const PostgresServer& server,
                     const std::function<void(Connection&)>& prepare_schema)
        : server_(server) {
        auto first = std::make_unique<PostgresConnection>(server_);
        prepare_schema(*first);
        idle_.push_back(std::move(first));
    }

    void with(Access access, const Work& work) override {
        constexpr int kMaxAttempts = 20;
        for (int attempt = 1;; ++attempt) {
            try {
                Lease lease(*this);
                run(*lease.connection, access, work);
                return;
            } catch (const Trouble& trouble) {
                if (!trouble.retry() || attempt == kMaxAttempts) throw;
            }
            wait_before(attempt);
        }
    }

  private:
    using Held = std::unique_ptr<PostgresConnection>;

    /// A connection for one piece of work; goes back when it is still of use.
    struct Lease {
        explicit Lease(PostgresDatabase& database)
            : database_(database), connection(database.take()) {}
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease() { database_.give_back(std::move(connection)); }
        PostgresDatabase& database_;
        Held connection;
    };

    Held take() {
        std::unique_lock lock(mutex_);
        const bool free = changed_.wait_for(lock, server_.answer_timeout, [&] {
            return !idle_.empty() || opened_ < server_.connections;
        });
        if (!free) throw Trouble(Errc::busy, "every connection to the database is at work");
        if (!idle_.empty()) {
            Held connection = std::move(idle_.back());
            idle_.pop_back();
            return connection;
        }
        ++opened_;
        lock.unlock();
        try {
            return std::make_unique<PostgresConnection>(server_);
        } catch (const Trouble&) {
            give_back(nullptr);
            throw;
        }
    }

    void give_back(Held connection) {
        const bool good = connection && connection->alive() && !connection->in_transaction();
        {
            const std::lock_guard lock(mutex_);
            if (good) {
                idle_.push_back(std::move(connection));
            } else {
                --opened_;
            }
        }
        changed_.notify_one();
    }

    static void run(PostgresConnection& connection, Access access, const Work& work) {
        switch (access) {
            case Access::read:
                work(connection);
                return;
            case Access::snapshot:
                connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                break;
            case Access::write:
                connection.script("BEGIN");
                break;
            case Access::rewrite:
                connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ");
                break;
        }
        bool keep = false;
        try {
            keep = work(connection);
        } catch (const Trouble&) {
            roll_back(connection);
            throw;
        }
        if (!keep) {
            roll_back(connection);
            return;
        }
        commit(connection);
    }

    /// What a lost COMMIT did nobody knows: the caller asks again, and ids keep him from doubles.
    static void commit(PostgresConnection& connection) {
        try {
            connection.script("COMMIT");
        } catch (const Trouble& trouble) {
            if (connection.alive()) throw;
            throw Trouble(trouble.code(), trouble.what(), false);
        }
    }

    static void roll_back(PostgresConnection& connection) {
        try {
            connection.script("ROLLBACK");
        } catch (const Trouble&) {
            return;  // the connection is gone, and with it the transaction
        }
    }

    /// So that those who met do not meet again at once: up to 2, 4, … 256 ms.
    static void wait_before(int attempt) {
        thread_local std::minstd_rand random{std::random_device{}()};
        const int most = 1 << std::min(attempt, 8);
        std::this_thread::sleep_for(
            std::chrono::milliseconds(std::uniform_int_distribution<int>(1, most)(random)));
    }

    PostgresServer server_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Held> idle_;
    std::size_t opened_ = 1;  ///< the one that prepares the schema
};

}  // namespace

std::vector<std::pair<std::string, std::string>> postgres_environment(const std::string& uri) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(uri.c_str(), nullptr), &PQconninfoFree);
    if (!options) throw Trouble(Errc::invalid, "the address of the database cannot be read");
    std::vector<std::pair<std::string, std::string>> variables;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {  // NOLINT
        if (option->val == nullptr) continue;
        if (option->envvar == nullptr) {
            throw Trouble(Errc::unsupported, std::string("give '") + option->keyword +
                                                 "' in a service file, not in the address");
        }
        variables.emplace_back(option->envvar, option->val);
    }
    return variables;
}

void vacuum_postgres(const std::string& uri, const std::vector<std::string>& tables, Vacuum how) {
    PostgresConnection connection({.uri = uri, .answer_timeout = std::chrono::hours(6)});
    for (const std::string& table : tables) {
        connection.script((how == Vacuum::rewrite ? "VACUUM (FULL) " : "VACUUM ") + table);
    }
}

std::unique_ptr<Database> open_postgres(const PostgresServer& server,
                                        const std::function<void(Connection&)>& prepare_schema) {
    return std::make_unique<PostgresDatabase>(server, prepare_schema);
}

}  // namespace kaiku::central::sql
