#include "central/ops/retention.hpp"

#include <nlohmann/json.hpp>

#include "central/fleet/stores.hpp"
#include "central/results/period.hpp"
#include "central/sql/postgres.hpp"
#include "central/sql/sqlite.hpp"
#include "central/store/day.hpp"
#include "central/store/schema.hpp"
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"

namespace kaiku::central {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const sys_days kToday = std::chrono::year(2026) / 11 / 23;
const survey::UtcSeconds kNow = sample::time("2026-11-23T12:00:00Z");

survey::UtcSeconds ago(int count) { return start_of(kToday) - days(count) + std::chrono::hours(3); }

void add_device(Store& store, const std::string& id, std::optional<int> revoked_days_ago) {
    Secret code;
    code.hash = "code-" + id;
    code.kind = SecretKind::enrolment;
    code.unit = "a";
    code.created_at = ago(900);
    code.expires_at = ago(800);
    REQUIRE(store.add_secret(code));
    Secret device;
    device.hash = "hash-" + id;
    device.kind = SecretKind::device;
    device.device_id = id;
    device.created_at = ago(890);
    REQUIRE(store.redeem(code.hash, device, ""));
    if (revoked_days_ago) REQUIRE(store.revoke(id, ago(*revoked_days_ago), ""));
}

/// Ten answers with texts of 0, 100 … 900 days ago, each with a contact wish; three devices.
void fill(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    std::vector<Submission> submissions;
    for (std::uint32_t i = 0; i < 10; ++i) {
        survey::Response response = sample::response(i + 1);
        response.answered_at = survey::floor_to_hour(ago(static_cast<int>(100 * i)));
        response.contact = "040 " + std::to_string(i);
        submissions.push_back(
            {response, "wish" + std::to_string(i), format_day(day_of(response.answered_at))});
    }
    REQUIRE(store.put(submissions));
    add_device(store, "in-use", std::nullopt);
    add_device(store, "gone-lately", 10);
    add_device(store, "gone-long-ago", 500);
}

std::map<ops::DataClass, std::int64_t> rows_of(const std::vector<ops::Due>& all) {
    std::map<ops::DataClass, std::int64_t> rows;
    for (const ops::Due& one : all) rows[one.what] = one.rows;
    return rows;
}

std::size_t texts(Store& store) {
    std::size_t count = 0;
    REQUIRE(store.visit({}, [&](const survey::Response& response) {
        if (!response.answers.text.empty()) ++count;
        return true;
    }));
    return count;
}

using ops::DataClass;
const ops::RetentionRules kRules{.open_text = days(350), .contacts = days(90), .devices = days(60)};

TEST_CASE("what is due is counted, then deleted, and nothing else") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        fill(**store);
        const Tallies before = (*store)->tally({}).value();
        const auto key = sync::SigningKey::make();
        REQUIRE(key);
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        const std::map<DataClass, std::int64_t> expected{
            {DataClass::open_text, 6}, {DataClass::contacts, 9}, {DataClass::devices, 1}};
        CHECK(rows_of(retention.due(kRules, kToday).value()) == expected);
        CHECK(texts(**store) == 10);
        CHECK(rows_of(retention.apply(kRules, kToday, kNow).value()) == expected);
        CHECK(texts(**store) == 4);
        // Figures are as they were, and every count agrees with the answers.
        CHECK((*store)->tally({}).value() == before);
        CHECK((*store)->verify({})->empty());
        const auto devices = (*store)->devices().value();
        CHECK(devices.size() == 2);
        CHECK_FALSE((*store)->find_device("gone-long-ago").value());
        CHECK_FALSE((*store)->find_credential("hash-gone-long-ago").value());
        CHECK((*store)->find_credential("hash-in-use").value());
        for (const auto& [what, rows] : rows_of(retention.apply(kRules, kToday, kNow).value())) {
            CHECK(rows == 0);
        }
        CHECK(retention.records()->size() == 3);
    });
}

TEST_CASE("a device that goes leaves nothing in the fleet; its successor stands there by itself") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE(store);
        REQUIRE((*store)->add_unit({"a", "A", "A", "", ""}));
        for (const char* id : {"first", "second", "third", "alone"}) {
            add_device(**store, id, std::nullopt);
        }
        REQUIRE((*store)->revoke("first", ago(500), "second"));
        REQUIRE((*store)->revoke("second", ago(400), "third"));
        REQUIRE((*store)->revoke("alone", ago(450), ""));
        const auto configs = fleet::make_sql_config_store(stores.database(), kDefaultOrganiser);
        const auto watch = fleet::make_sql_watch_store(stores.database(), kDefaultOrganiser);
        for (const char* id : {"first", "alone"}) {
            REQUIRE(configs->add(
                {{fleet::ScopeKind::device, id}, 1, {{"theme", "default"}}, 100, ago(890)}));
            REQUIRE(configs->set_member("lobby", id, true));
            REQUIRE(watch->hear({id, ago(500), {}}));
        }
        const auto key = sync::SigningKey::make();
        REQUIRE(key);
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        CHECK(rows_of(retention.apply(kRules, kToday, kNow).value()).at(DataClass::devices) == 3);
        CHECK(watch->heard()->empty());
        CHECK(configs->groups().value() == fleet::Groups{{"lobby", {"third"}}});
        const auto versions = configs->versions().value();
        REQUIRE(versions.size() == 1);
        CHECK(versions[0].scope.key == "third");
        CHECK(versions[0].values.at("theme") == "default");
    });
}

TEST_CASE("a class without a rule is kept for ever") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        fill(**store);
        const auto key = sync::SigningKey::make();
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        CHECK(retention.apply({}, kToday, kNow)->empty());
        const auto gone = retention.apply({.contacts = days(1)}, kToday, kNow).value();
        CHECK(rows_of(gone) == std::map<DataClass, std::int64_t>{{DataClass::contacts, 9}});
        CHECK(texts(**store) == 10);
        CHECK((*store)->devices()->size() == 3);
    });
}

TEST_CASE("an answer of exactly the last day that is kept stays, the one of the day before goes") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE((*store)->add_unit({"a", "A", "A", "", ""}));
        survey::Response kept = sample::response(1);
        kept.answered_at = start_of(kToday - days(30));
        survey::Response gone = sample::response(2);
        gone.answered_at = kept.answered_at - std::chrono::hours(1);
        REQUIRE((*store)->put(std::vector<Submission>{{kept, "", ""}, {gone, "", ""}}));
        const auto key = sync::SigningKey::make();
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        REQUIRE(retention.apply({.open_text = days(30)}, kToday, kNow));
        REQUIRE((*store)->visit({}, [&](const survey::Response& response) {
            CHECK(response.answers.text.empty() == (response.id == gone.id));
            return true;
        }));
    });
}

TEST_CASE("many are deleted in several transactions, each with a record that counts them all") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        REQUIRE((*store)->add_unit({"a", "A", "A", "", ""}));
        std::vector<Submission> submissions;
        for (std::uint32_t i = 0; i < 12'000; ++i) {
            survey::Response response = sample::response(i + 1);
            response.answered_at = survey::floor_to_hour(ago(400));
            submissions.push_back({response, "", ""});
        }
        REQUIRE((*store)->put(submissions));
        const auto key = sync::SigningKey::make();
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        CHECK(retention.apply({.open_text = days(1)}, kToday, kNow)->front().rows == 12'000);
        const auto records = retention.records().value();
        CHECK(records.size() == 3);
        std::int64_t rows = 0;
        for (const ops::DeletionRecord& record : records) {
            rows += nlohmann::json::parse(record.body)["rows"].get<std::int64_t>();
        }
        CHECK(rows == 12'000);
        CHECK(ops::check_records(kDefaultOrganiser, records, key->public_key()));
        CHECK(texts(**store) == 0);
    });
}

TEST_CASE("a store from before deletions were recorded comes along, in both engines") {
    const auto fill6 = [](sql::Connection& db) {
        migrate(db, 6);
        db.script(
            "INSERT INTO units VALUES ('main', 'a', 'A', 'A', NULL, NULL);"
            "INSERT INTO contacts VALUES ('main', 'w', 'a', '2026-01-01', 'fi', '040 1');");
    };
    const auto check = [](Stores& stores) {
        const auto key = sync::SigningKey::make();
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        CHECK(retention.records()->empty());
        CHECK(rows_of(retention.apply(kRules, kToday, kNow).value())[DataClass::contacts] == 1);
        CHECK((*stores.of(kDefaultOrganiser))->units()->size() == 1);
    };
    const test::TempDir dir;
    (void)sql::open_sqlite({.path = dir.path() / "a.db"}, fill6);
    check(*sqlite_stores(dir.path() / "a.db"));
    const std::string uri = test::new_postgres_database();
    (void)sql::open_postgres({.uri = uri}, fill6);
    check(*postgres_stores(uri));
}

TEST_CASE("organisers are nothing to each other") {
    in_every_database([](Stores& stores) {
        REQUIRE(stores.add({"north", "North", "north.example"}));
        const auto mine = stores.of(kDefaultOrganiser);
        const auto theirs = stores.of("north");
        fill(**mine);
        fill(**theirs);
        const auto key = sync::SigningKey::make();
        ops::Retention retention(stores.database(), "north", *key);
        REQUIRE(retention.apply(kRules, kToday, kNow));
        CHECK(texts(**mine) == 10);
        CHECK((*mine)->devices()->size() == 3);
        CHECK(texts(**theirs) == 4);
        ops::Retention own(stores.database(), kDefaultOrganiser, *key);
        CHECK(own.records()->empty());
        CHECK(rows_of(own.due(kRules, kToday).value())[DataClass::contacts] == 9);
    });
}

TEST_CASE("records tell no content, and whoever changes one is found out") {
    in_every_database([](Stores& stores) {
        const auto store = stores.of(kDefaultOrganiser);
        fill(**store);
        const auto key = sync::SigningKey::make();
        const auto other = sync::SigningKey::make();
        ops::Retention retention(stores.database(), kDefaultOrganiser, *key);
        REQUIRE(retention.apply(kRules, kToday, kNow));
        const auto records = retention.records().value();
        REQUIRE(records.size() == 3);
        const auto told = nlohmann::json::parse(records[0].body);
        CHECK(told["class"] == "open_text");
        CHECK(told["before"] == "2025-12-08");
        CHECK(told["rows"] == 6);
        CHECK(told["done_at"] == "2026-11-23T12:00:00Z");
        CHECK(told["previous"] == "");
        CHECK(told.size() == 5);
        const auto good = [&](const std::vector<ops::DeletionRecord>& some) {
            return ops::check_records(kDefaultOrganiser, some, key->public_key()).has_value();
        };
        CHECK(good(records));
        CHECK(good({}));
        CHECK_FALSE(ops::check_records("north", records, key->public_key()));
        CHECK_FALSE(ops::check_records(kDefaultOrganiser, records, other->public_key()));
        auto changed = records;
        changed[1].body.replace(changed[1].body.find("\"rows\":9"), 8, "\"rows\":8");
        CHECK_FALSE(good(changed));
        CHECK_FALSE(good({records[0], records[2]}));
        CHECK_FALSE(good({records[1], records[0], records[2]}));
        CHECK_FALSE(good({records[1], records[2]}));
        auto again = records;
        again.push_back(records[2]);
        CHECK_FALSE(good(again));
    });
}

}  // namespace
}  // namespace kaiku::central
