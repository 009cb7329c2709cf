// What the fleet's stores promise, they promise in memory, in SQLite and in PostgreSQL.
#include "central/fleet/stores.hpp"
#include "tests/central/every_store.hpp"

namespace kaiku::central::fleet {
namespace {

const survey::UtcSeconds kNow = survey::parse_rfc3339("2026-11-23T10:00:00Z").value();
const ConfigScope kUnit{ScopeKind::unit, "a"};

void in_every_config_store(const std::function<void(ConfigStore&)>& contract) {
    {
        INFO("memory");
        contract(*make_memory_config_store());
    }
    in_every_database([&](Stores& stores) {
        contract(*make_sql_config_store(stores.database(), kDefaultOrganiser));
    });
}

void in_every_watch_store(const std::function<void(WatchStore&)>& contract) {
    {
        INFO("memory");
        contract(*make_memory_watch_store());
    }
    in_every_database([&](Stores& stores) {
        contract(*make_sql_watch_store(stores.database(), kDefaultOrganiser));
    });
}

Heard heard(const std::string& id, survey::UtcSeconds at) {
    Heard made{id, at, {}};
    made.heartbeat.version = "0.3.0";
    made.heartbeat.clock = at;
    made.heartbeat.errors = {{"network", 2}};
    return made;
}

}  // namespace

TEST_CASE("a fleet store keeps every version of a configuration, and how far it went") {
    in_every_config_store([](ConfigStore& store) {
        CHECK(store.versions()->empty());
        const ConfigVersion first{kUnit, 1, {{"theme", "default"}}, 100, kNow};
        const ConfigVersion second{kUnit, 2, {{"opening_hours", "mon 08:00-16:00 \"ä'"}}, 10, kNow};
        const ConfigVersion wide{{ScopeKind::organiser, ""}, 1, {}, 100, kNow};
        REQUIRE(store.add(second));
        REQUIRE(store.add(first));
        REQUIRE(store.add(wide));
        CHECK(store.versions().value() == std::vector{wide, first, second});
        CHECK(store.add(first).error().code == Errc::refused);
        REQUIRE(store.roll_out(kUnit, 2, 0));
        CHECK(store.versions()->at(2).percent == 0);
        CHECK(store.roll_out(kUnit, 3, 1).error().code == Errc::not_found);
        CHECK(store.roll_out({ScopeKind::group, "a"}, 1, 1).error().code == Errc::not_found);
    });
}

TEST_CASE("a group is there while a device is in it") {
    in_every_config_store([](ConfigStore& store) {
        REQUIRE(store.set_member("lobby", "d1", true));
        REQUIRE(store.set_member("lobby", "d1", true));
        REQUIRE(store.set_member("lobby", "d2", true));
        REQUIRE(store.set_member("night", "d1", true));
        CHECK(store.groups().value() == Groups{{"lobby", {"d1", "d2"}}, {"night", {"d1"}}});
        REQUIRE(store.set_member("night", "d1", false));
        REQUIRE(store.set_member("night", "d1", false));
        CHECK(store.groups().value() == Groups{{"lobby", {"d1", "d2"}}});
    });
}

TEST_CASE("the last sign of life of each device stays, and the hour of its last answer too") {
    in_every_watch_store([](WatchStore& store) {
        Heard first = heard("d1", kNow);
        first.heartbeat.last_answer = kNow - std::chrono::hours(2);
        REQUIRE(store.hear(first));
        REQUIRE(store.hear(heard("d0", kNow)));
        // After a restart the device does not know of its last answer.
        REQUIRE(store.hear(heard("d1", kNow + std::chrono::minutes(5))));
        const auto all = store.heard().value();
        REQUIRE(all.size() == 2);
        CHECK(all[0] == heard("d0", kNow));
        CHECK(all[1].at == kNow + std::chrono::minutes(5));
        CHECK(all[1].heartbeat.errors == heard("d1", kNow).heartbeat.errors);
        CHECK(all[1].heartbeat.last_answer == kNow - std::chrono::hours(2));
        Heard later = heard("d1", kNow + std::chrono::hours(1));
        later.heartbeat.last_answer = kNow;
        REQUIRE(store.hear(later));
        CHECK(store.heard()->at(1).heartbeat.last_answer == kNow);
    });
}

TEST_CASE("signs of life that came together are kept together, the later of each device") {
    in_every_watch_store([](WatchStore& store) {
        REQUIRE(store.hear(std::span<const Heard>()));
        Heard early = heard("d2", kNow);
        early.heartbeat.last_answer = kNow;
        const std::vector<Heard> together{early, heard("d1", kNow),
                                          heard("d2", kNow + std::chrono::seconds(1))};
        REQUIRE(store.hear(together));
        const auto all = store.heard().value();
        REQUIRE(all.size() == 2);
        CHECK(all[0] == heard("d1", kNow));
        CHECK(all[1].at == kNow + std::chrono::seconds(1));
        CHECK(all[1].heartbeat.last_answer == kNow);
    });
}

TEST_CASE("of two who look after the fleet at once, one keeps the book") {
    in_every_watch_store([](WatchStore& store) {
        CHECK(store.book().value() == std::pair<AlertBook, std::int64_t>{});
        AlertBook book;
        book.open[{"d1", AlertKind::full}] = {"a", "3 MB free", kNow, kNow, {}};
        REQUIRE(store.keep_book(book, 0));
        CHECK(store.keep_book({}, 0).error().code == Errc::busy);
        CHECK(store.book().value() == std::pair(book, std::int64_t{1}));
        REQUIRE(store.keep_book({}, 1));
        CHECK(store.keep_book(book, 1).error().code == Errc::busy);
        CHECK(store.book().value() == std::pair(AlertBook{}, std::int64_t{2}));
    });
}

TEST_CASE("one organiser's fleet is nobody else's") {
    in_every_database([](Stores& stores) {
        REQUIRE(stores.add({"other", "Other", "other.example"}));
        const auto mine = make_sql_config_store(stores.database(), kDefaultOrganiser);
        const auto theirs = make_sql_config_store(stores.database(), "other");
        REQUIRE(mine->add({kUnit, 1, {{"theme", "default"}}, 100, kNow}));
        REQUIRE(mine->set_member("lobby", "d1", true));
        CHECK(theirs->versions()->empty());
        CHECK(theirs->groups()->empty());
        CHECK(theirs->roll_out(kUnit, 1, 0).error().code == Errc::not_found);
        REQUIRE(theirs->set_member("lobby", "d1", false));
        CHECK(mine->groups()->size() == 1);
        const auto my_watch = make_sql_watch_store(stores.database(), kDefaultOrganiser);
        const auto their_watch = make_sql_watch_store(stores.database(), "other");
        REQUIRE(my_watch->hear(heard("d1", kNow)));
        REQUIRE(my_watch->keep_book({}, 0));
        CHECK(their_watch->heard()->empty());
        CHECK(their_watch->book()->second == 0);
    });
}

}  // namespace kaiku::central::fleet
