// What a connection promises, SQLite and PostgreSQL promise alike.
#include <atomic>
#include <thread>

#include "central/sql/postgres.hpp"
#include "central/sql/sqlite.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/temp_dir.hpp"

namespace kaiku::central::sql {
namespace {

constexpr const char* kTable =
    "CREATE TABLE things (key TEXT PRIMARY KEY, number BIGINT, word TEXT)";

void make_table(Connection& db) { db.script(kTable); }

void in_both(const std::function<void(Database&)>& contract) {
    {
        INFO("SQLite");
        const test::TempDir dir;
        contract(*open_sqlite({.path = dir.path() / "a.db"}, make_table));
    }
    INFO("PostgreSQL");
    contract(*open_postgres({.uri = test::new_postgres_database()}, make_table));
}

std::int64_t count(Database& database) {
    return database
        .read("counting",
              [](Connection& db) -> Result<std::int64_t> {
                  return db
                      .first("SELECT COUNT(*) FROM things", {},
                             [](const Row& row) { return row.integer(0); })
                      .value_or(-1);
              })
        .value();
}

const BulkInsert& into_things() {
    static const BulkInsert into{
        "things", {{"key", "TEXT"}, {"number", "BIGINT"}, {"word", "TEXT"}}, "key"};
    return into;
}

}  // namespace

TEST_CASE("values come back as they went in") {
    in_both([](Database& database) {
        const std::string hard = "ä\"{},\\n'; DROP TABLE things; -- \n\t€ NULL";
        REQUIRE(database.write("writing", [&](Connection& db) -> Status {
            db.execute("INSERT INTO things VALUES ($1, $2, $3)", {"a", INT64_MIN, hard});
            db.execute("INSERT INTO things VALUES ($1, $2, $3)", {"b", Value(), ""});
            const std::vector<Values> more{{"c", 7, hard}, {"d", Value(), "NULL"}, {"e", 1, ""}};
            CHECK(db.insert_new(into_things(), more) == std::vector<bool>{true, true, true});
            return {};
        }));
        REQUIRE(database.read("reading", [&](Connection& db) -> Status {
            const auto words = db.all("SELECT word FROM things ORDER BY key", {},
                                      [](const Row& row) { return row.text(0); });
            CHECK(words == std::vector<std::string>{hard, "", hard, "NULL", ""});
            const auto numbers = db.all("SELECT number FROM things ORDER BY key", {},
                                        [](const Row& row) { return row.integer_or_none(0); });
            CHECK(numbers == std::vector<std::optional<std::int64_t>>{INT64_MIN, {}, 7, {}, 1});
            const std::vector<std::string> wanted{"a", "c,", "\"d\"", "e"};
            const std::string statement =
                std::string("SELECT COUNT(*) FROM things WHERE key ") +
                (db.dialect() == Dialect::sqlite ? "IN (SELECT value FROM json_each($1))"
                                                 : "= ANY($1::text[])");
            CHECK(db.first(statement.c_str(), {db.list(wanted)},
                           [](const Row& row) { return row.integer(0); }) == 2);
            return {};
        }));
    });
}

TEST_CASE("an order of parameters other than their numbers is kept") {
    in_both([](Database& database) {
        REQUIRE(database.write("writing", [&](Connection& db) -> Status {
            db.execute("INSERT INTO things (word, key, number) VALUES ($3, $1, $2)",
                       {"key", 5, "word"});
            CHECK(db.first("SELECT word FROM things WHERE number = $2 AND key = $1", {"key", 5},
                           [](const Row& row) { return row.text(0); }) == "word");
            return {};
        }));
    });
}

TEST_CASE("new rows are told from those that were there, also twice in one call") {
    in_both([](Database& database) {
        REQUIRE(database.write("writing", [&](Connection& db) -> Status {
            const std::vector<Values> first{{"b", 1, "x"}, {"a", 1, "x"}, {"b", 2, "y"}};
            CHECK(db.insert_new(into_things(), first) == std::vector<bool>{true, true, false});
            const std::vector<Values> second{{"c", 1, "x"}, {"a", 3, "z"}};
            CHECK(db.insert_new(into_things(), second) == std::vector<bool>{true, false});
            CHECK(db.insert_new(into_things(), {}).empty());
            CHECK(db.execute("UPDATE things SET number = 9 WHERE number = 1") == 3);
            return {};
        }));
        CHECK(count(database) == 3);
    });
}

TEST_CASE("many rows of values give their answers in their places") {
    in_both([](Database& database) {
        REQUIRE(database.write("writing", [&](Connection& db) -> Status {
            std::vector<Values> rows;
            for (int i = 0; i < 300; ++i) rows.push_back({std::to_string(i), i, "x"});
            db.run_each("INSERT INTO things VALUES ($1, $2, $3)", rows);
            std::vector<Values> keys;
            for (int i = 299; i >= 0; --i) keys.push_back({std::to_string(i)});
            std::vector<std::int64_t> numbers(300, -1);
            db.run_each(
                "SELECT number FROM things WHERE key = $1", keys,
                [&](std::size_t place, const Row& row) { numbers.at(place) = row.integer(0); });
            for (std::int64_t i = 0; i < 300; ++i) {
                REQUIRE(numbers.at(static_cast<std::size_t>(i)) == 299 - i);
            }
            return {};
        }));
        CHECK(count(database) == 300);
    });
}

TEST_CASE("what fails leaves nothing, and the connection is of use afterwards") {
    in_both([](Database& database) {
        const auto insert = [](Connection& db) {
            db.execute("INSERT INTO things VALUES ($1, $2, $3)", {"a", 1, "x"});
        };
        const Status refused = database.write("writing", [&](Connection& db) -> Status {
            insert(db);
            return fail(Errc::refused, "no");
        });
        CHECK(refused.error().code == Errc::refused);
        const Status broken = database.write("breaking", [&](Connection& db) -> Status {
            insert(db);
            const std::vector<Values> rows{{"b", 1, "x"}, {"a", 1, "x"}, {"c", 1, "x"}};
            db.run_each("INSERT INTO things VALUES ($1, $2, $3)", rows);
            return {};
        });
        REQUIRE_FALSE(broken);
        CHECK(broken.error().detail.starts_with("store: breaking: "));
        CHECK(count(database) == 0);
        REQUIRE(database.write("writing", [&](Connection& db) -> Status {
            insert(db);
            return {};
        }));
        CHECK(count(database) == 1);
    });
}

TEST_CASE("a snapshot sees one moment while others write") {
    in_both([](Database& database) {
        const auto numbers = [](Connection& db) {
            return db.first("SELECT COUNT(*) FROM things", {},
                            [](const Row& row) { return row.integer(0); });
        };
        REQUIRE(database.snapshot("looking", [&](Connection& db) -> Status {
            CHECK(numbers(db) == 0);
            CHECK(database.write("writing", [](Connection& other) -> Status {
                other.execute("INSERT INTO things VALUES ('a', 1, 'x')");
                return {};
            }));
            CHECK(numbers(db) == 0);
            return {};
        }));
        CHECK(count(database) == 1);
    });
}

TEST_CASE("counting from many threads loses nothing") {
    in_both([](Database& database) {
        REQUIRE(database.write("writing", [](Connection& db) -> Status {
            db.execute("INSERT INTO things VALUES ('a', 0, ''), ('b', 0, '')");
            return {};
        }));
        constexpr int kThreads = 4;
        constexpr int kRounds = 50;
        std::vector<std::thread> threads;
        std::atomic<int> failed = 0;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&, thread] {
                for (int round = 0; round < kRounds; ++round) {
                    // Half of them in the other order: PostgreSQL sees rings and breaks them.
                    const char* first = thread % 2 == 0 ? "a" : "b";
                    const char* second = thread % 2 == 0 ? "b" : "a";
                    const Status done = database.write("adding", [&](Connection& db) -> Status {
                        for (const char* key : {first, second}) {
                            db.execute("UPDATE things SET number = number + 1 WHERE key = $1",
                                       {key});
                        }
                        return {};
                    });
                    if (!done) ++failed;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK(failed == 0);
        REQUIRE(database.read("reading", [](Connection& db) -> Status {
            const auto sum = db.first("SELECT CAST(SUM(number) AS BIGINT) FROM things", {},
                                      [](const Row& row) { return row.integer(0); });
            CHECK(sum == 2LL * kThreads * kRounds);
            return {};
        }));
    });
}

TEST_CASE("a PostgreSQL server that went away is found again") {
    const std::string uri = test::new_postgres_database();
    const auto database = open_postgres({.uri = uri}, make_table);
    const auto killer = open_postgres({.uri = uri}, [](Connection&) {});
    REQUIRE(killer->write("killing", [](Connection& db) -> Status {
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        return {};
    }));
    CHECK(database->write("writing", [](Connection& db) -> Status {
        db.execute("INSERT INTO things VALUES ('a', 1, 'x')");
        return {};
    }));
    CHECK(count(*database) == 1);
}

TEST_CASE("a PostgreSQL server that is not there is an error without the password") {
    try {
        (void)open_postgres({.uri = "postgresql://user:secret@127.0.0.1:1/none"},
                            [](Connection&) {});
        FAIL("there is no such server");
    } catch (const Trouble& trouble) {
        CHECK(trouble.code() == Errc::busy);
        CHECK(std::string(trouble.what()).find("secret") == std::string::npos);
    }
}

}  // namespace kaiku::central::sql
