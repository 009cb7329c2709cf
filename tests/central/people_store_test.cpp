// People and the log of what was done, in both engines.
#include <latch>
#include <thread>

#include "central/people/store.hpp"
#include "tests/central/every_store.hpp"

namespace kaiku::central::people {
namespace {

survey::UtcSeconds at(std::int64_t moment) {
    return survey::UtcSeconds(std::chrono::seconds(moment));
}

Person person(const std::string& name, std::vector<Grant> grants = {}) {
    return {name, "$argon2id$x", false, at(1000), {}, std::move(grants)};
}

const Change kChange{at(2000), "shell root", "kaiku-central person"};

/// Runs `test` with one organiser's people and log, and units "a" and "b", in each engine.
void in_every_engine(const std::function<void(Stores&, PeopleStore&, AuditLog&)>& test) {
    in_every_database([&](Stores& stores) {
        const auto units = stores.of(kDefaultOrganiser);
        REQUIRE((*units)->add_unit({"a", "A", "A", "", ""}));
        REQUIRE((*units)->add_unit({"b", "B", "B", "a", ""}));
        test(stores, *sql_people_store(stores.database(), kDefaultOrganiser),
             *sql_audit_log(stores.database(), kDefaultOrganiser));
    });
}

Errc code_of(const Status& status) {
    REQUIRE_FALSE(status);
    return status.error().code;
}

}  // namespace

TEST_CASE("people are kept with their roles, in the order of their names") {
    in_every_engine([](Stores&, PeopleStore& store, AuditLog&) {
        const Person olli = person("olli", {{Role::viewer, "b"}});
        const Person anna = person("anna", {{Role::reader, "a"}, {Role::admin, ""}});
        REQUIRE(store.add(olli, kChange));
        REQUIRE(store.add(anna, kChange));
        CHECK(store.people().value() == std::vector{anna, olli});
        CHECK(store.find("olli").value() == olli);
        CHECK_FALSE(store.find("nobody").value());
        CHECK(code_of(store.add(anna, kChange)) == Errc::refused);
        CHECK(code_of(store.add(person("Eva"), kChange)) == Errc::invalid);
    });
}

TEST_CASE("somebody with a role at no known unit is not added at all") {
    in_every_engine([](Stores&, PeopleStore& store, AuditLog& log) {
        CHECK(code_of(store.add(person("eva", {{Role::viewer, "none"}}), kChange)) ==
              Errc::not_found);
        CHECK(store.people()->empty());
        CHECK(log.entries()->empty());
    });
}

TEST_CASE("roles are given and taken one by one") {
    in_every_engine([](Stores&, PeopleStore& store, AuditLog&) {
        REQUIRE(store.add(person("anna"), kChange));
        REQUIRE(store.grant("anna", {Role::operating, "b"}, kChange));
        REQUIRE(store.grant("anna", {Role::operating, "b"}, kChange));
        REQUIRE(store.grant("anna", {Role::viewer, ""}, kChange));
        CHECK(store.find("anna").value()->grants ==
              std::vector<Grant>{{Role::viewer, ""}, {Role::operating, "b"}});
        REQUIRE(store.withdraw("anna", {Role::viewer, ""}, kChange));
        CHECK(store.find("anna").value()->grants == std::vector<Grant>{{Role::operating, "b"}});
        CHECK(code_of(store.withdraw("anna", {Role::viewer, ""}, kChange)) == Errc::not_found);
        CHECK(code_of(store.grant("anna", {Role::viewer, "none"}, kChange)) == Errc::not_found);
        CHECK(code_of(store.grant("eva", {Role::viewer, "a"}, kChange)) == Errc::not_found);
    });
}

TEST_CASE("a new password and disabling end what was begun before") {
    in_every_engine([](Stores&, PeopleStore& store, AuditLog&) {
        REQUIRE(store.add(person("anna"), kChange));
        REQUIRE(store.set_password("anna", "$argon2id$y", kChange));
        CHECK(store.find("anna").value()->password_hash == "$argon2id$y");
        CHECK(store.find("anna").value()->ended_before == at(2000));
        REQUIRE(store.set_disabled("anna", true, {at(3000), "shell root", "x"}));
        CHECK(store.find("anna").value()->disabled);
        CHECK(store.find("anna").value()->ended_before == at(3000));
        REQUIRE(store.set_disabled("anna", false, {at(4000), "shell root", "x"}));
        CHECK_FALSE(store.find("anna").value()->disabled);
        CHECK(code_of(store.set_password("eva", "$argon2id$y", kChange)) == Errc::not_found);
        CHECK(code_of(store.set_disabled("eva", true, kChange)) == Errc::not_found);
    });
}

TEST_CASE("each change leaves one entry without a secret, and a refused one none") {
    in_every_engine([](Stores&, PeopleStore& store, AuditLog& log) {
        REQUIRE(store.add(person("anna", {{Role::admin, ""}}), kChange));
        CHECK_FALSE(store.add(person("anna"), kChange));
        REQUIRE(store.grant("anna", {Role::viewer, "b"}, kChange));
        REQUIRE(store.set_password("anna", "$argon2id$y", kChange));
        REQUIRE(store.set_disabled("anna", true, kChange));
        REQUIRE(log.add({at(2001), "shell root", "read texts", "everything", "export"}));
        const auto entries = log.entries().value();
        std::vector<std::string> told;
        for (const AuditEntry& entry : entries) {
            told.push_back(entry.event.what + ": " + entry.event.object);
        }
        CHECK(told == std::vector<std::string>{"add person: anna: admin of everything",
                                               "give role: anna: viewer at b", "set password: anna",
                                               "disable person: anna", "read texts: everything"});
        CHECK(check_chain(kDefaultOrganiser, entries, entries[1].hash));
    });
}

TEST_CASE("entries written at once by many have an order, and nobody's is lost") {
    in_every_engine([](Stores& stores, PeopleStore&, AuditLog& log) {
        {
            std::latch together(4);
            std::vector<std::jthread> threads;
            for (int writer = 0; writer < 4; ++writer) {
                threads.emplace_back([&, writer] {
                    const auto mine = sql_audit_log(stores.database(), kDefaultOrganiser);
                    together.arrive_and_wait();
                    for (int count = 0; count < 10; ++count) {
                        (void)mine->add({at(count), std::to_string(writer), "w", "o", "f"});
                    }
                });
            }
        }
        const auto entries = log.entries().value();
        CHECK(entries.size() == 40);
        CHECK(check_chain(kDefaultOrganiser, entries, ""));
    });
}

TEST_CASE("organisers have people and logs of their own") {
    in_every_engine([](Stores& stores, PeopleStore& store, AuditLog& log) {
        REQUIRE(stores.add({"other", "Other", "other.example.fi"}));
        const auto theirs = sql_people_store(stores.database(), "other");
        REQUIRE(store.add(person("anna"), kChange));
        CHECK(theirs->people()->empty());
        CHECK(code_of(theirs->set_disabled("anna", true, kChange)) == Errc::not_found);
        REQUIRE(theirs->add(person("anna"), kChange));
        CHECK(log.entries()->size() == 1);
        CHECK(code_of(sql_people_store(stores.database(), "none")->add(person("eva"), kChange)) ==
              Errc::not_found);
    });
}

}  // namespace kaiku::central::people
