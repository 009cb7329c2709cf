// A store of every earlier version comes along whole.
#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <thread>

#include "central/sql/postgres.hpp"
#include "central/sql/sqlite.hpp"
#include "central/store/schema.hpp"
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"

namespace kaiku::central {
namespace {

/// What the program of each version wrote: a unit, a token, an enrolled device and one answer.
constexpr const char* kData1 = R"sql(
INSERT INTO units VALUES ('a', 'A-yksikkö', 'A-enhet', NULL, '1.2.3.4');
INSERT INTO units VALUES ('b', 'B', 'B', 'a', NULL);
INSERT INTO secrets VALUES ('t', 'token', NULL, 'responses:write', '', 1790000000, NULL);
INSERT INTO secrets VALUES ('h', 'device', 'a', '', 'd1', 1790000000, NULL);
INSERT INTO secrets VALUES ('c', 'enrolment', 'b', '', '', 1790000000, 1790600000);
INSERT INTO contacts VALUES ('w', 'a', '2026-11-22', 'fi', '040 1');
)sql";

std::string answer(int version) {
    const survey::Response one = sample::response(1);
    std::string row = "INSERT INTO responses VALUES ('" + one.id.text() + "', " +
                      std::to_string(one.answered_at.time_since_epoch().count()) +
                      ", 'a', 'kiosk', 'fi', 'adult', 0, 'quick-nps', 1, 9, '{\"help\":5}',"
                      " '[\"safe\"]', '{\"topic\":\"staff\"}', 'Kiitos åäö'";
    if (version >= 2) row += ", '[]', 0";
    if (version >= 4) row += ", 'unsaid'";
    return row + ")";
}

void fill(const std::filesystem::path& file, int version) {
    SQLite::Database raw(file.string(), SQLite::OPEN_READWRITE);
    raw.exec(kData1);
    if (version >= 3) {
        raw.exec(
            "INSERT INTO devices VALUES ('d1', 'a', 'KEY', 1790000000, 1790003600, NULL, '', 7, "
            "'s')");
    }
    if (version >= 4) {
        raw.exec(
            "INSERT INTO ledger (device_id, day, received, told, stored)"
            " VALUES ('d1', '2026-11-22', 1, 1, 1);"
            "INSERT INTO standings VALUES ('d1', 2, 3, 1790003600);");
    }
    raw.exec(answer(version));
}

void check_whole(Store& store, int version) {
    CHECK(store.units()->size() == 2);
    CHECK(store.units()->front().oid == "1.2.3.4");
    CHECK(store.units()->back().parent == "a");
    CHECK((*store.find_credential("t"))->scope == "responses:write");
    CHECK((*store.find_credential("h"))->device_id == "d1");
    REQUIRE(store.devices()->size() == 1);
    const Device device = store.devices()->front();
    CHECK(device.unit == "a");
    CHECK(device.number == (version >= 3 ? 7 : 0));
    CHECK(device.public_key == (version >= 3 ? "KEY" : ""));
    std::vector<survey::Response> seen;
    REQUIRE(store.visit({}, [&](const survey::Response& response) {
        seen.push_back(response);
        return true;
    }));
    REQUIRE(seen.size() == 1);
    CHECK(seen.front() == sample::response(1));
    const Tallies tallies = store.tally({}).value();
    REQUIRE(tallies.size() == 1);
    CHECK(tallies.begin()->second.responses == 1);
    CHECK(store.verify({})->empty());
    if (version >= 4) {
        const Ledger ledger = store.ledger("", "2026-01-01", "2026-12-31").value();
        REQUIRE(ledger.rows.size() == 1);
        CHECK(ledger.rows.front().central.received == 1);
        CHECK(ledger.standings.front().quarantined == 3);
    }
    // And it goes on as ever: the code still enrols, the answer is known.
    Secret enrolled;
    enrolled.hash = "h2";
    enrolled.kind = SecretKind::device;
    enrolled.device_id = "d2";
    enrolled.created_at = survey::UtcSeconds(std::chrono::seconds(1790000001));
    CHECK(store.redeem("c", enrolled, "KEY2").value().code == "b");
    const std::vector<Submission> again{{sample::response(1), "", "2026-11-22"}};
    CHECK(store.put(again).value() == std::vector{Stored::before});
}

}  // namespace

TEST_CASE("a SQLite store of every earlier version comes along with all it has") {
    for (int version = 1; version < 5; ++version) {
        INFO("version " << version);
        const test::TempDir dir;
        const auto file = dir.path() / "central.db";
        (void)sql::open_sqlite({.path = file}, [&](sql::Connection& db) { migrate(db, version); });
        fill(file, version);
        check_whole(**sqlite_stores(file)->of(kDefaultOrganiser), version);
        SQLite::Database raw(file.string(), SQLite::OPEN_READONLY);
        CHECK(raw.execAndGet("SELECT COUNT(*) FROM contacts").getInt() == 1);
        CHECK(
            raw.execAndGet("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'old%'").getInt() ==
            0);
        CHECK(raw.execAndGet("PRAGMA user_version").getInt() == kStoreSchemaVersion);
    }
}

TEST_CASE("a store from before rollups has them at once, in both engines") {
    const auto fill5 = [](sql::Connection& db) {
        migrate(db, 5);
        db.script(
            "INSERT INTO units VALUES ('main', 'a', 'A', 'A', NULL, NULL);"
            "INSERT INTO responses VALUES ('main', '" +
            sample::id(1).text() +
            "', 1795341600, 'a', 'kiosk', 'fi', 'adult', 1, 'quick-nps', 1, 9, '{\"help\":5}',"
            " '[]', '{}', '', '[\"quick\"]', 1, 'unsaid')");
    };
    const auto check = [](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        const Tallies tallies = (*store)->tally({}).value();
        REQUIRE(tallies.size() == 1);
        CHECK(tallies.begin()->second.flagged == 1);
        CHECK(tallies.begin()->second.assisted == 1);
        CHECK((*store)->verify({})->empty());
    };
    const test::TempDir dir;
    (void)sql::open_sqlite({.path = dir.path() / "a.db"}, fill5);
    check(*sqlite_stores(dir.path() / "a.db"));
    const std::string uri = test::new_postgres_database();
    (void)sql::open_postgres({.uri = uri}, fill5);
    check(*postgres_stores(uri));
}

TEST_CASE("a PostgreSQL database of a newer version is refused and left alone") {
    const std::string uri = test::new_postgres_database();
    (void)postgres_stores(uri);
    (void)sql::open_postgres({.uri = uri}, [](sql::Connection& db) {
        db.script("UPDATE kaiku_schema SET version = 99");
    });
    const auto refused = open_postgres_stores({.uri = uri});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::unsupported);
    CHECK(refused.error().detail.find("update this program") != std::string::npos);
}

TEST_CASE("several processes may open a new PostgreSQL database at once") {
    const std::string uri = test::new_postgres_database();
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            const auto stores = open_postgres_stores({.uri = uri});
            if (stores && (*stores)->organisers()) ++opened;
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(opened == 4);
}

}  // namespace kaiku::central
