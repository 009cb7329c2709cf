// Many organisers in one database never see each other.
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"

namespace kaiku::central {
namespace {

Secret token(const std::string& hash) {
    Secret secret;
    secret.hash = hash;
    secret.scope = "responses:write";
    return secret;
}

Secret code(const std::string& hash) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::enrolment;
    secret.unit = "a";
    return secret;
}

Secret device(const std::string& hash, const std::string& id) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::device;
    secret.device_id = id;
    return secret;
}

std::unique_ptr<Store> store_of(Stores& stores, const std::string& organiser) {
    auto store = stores.of(organiser);
    REQUIRE(store);
    return std::move(*store);
}

std::int64_t responses_in(Store& store) {
    std::int64_t all = 0;
    const Tallies tallies = store.tally({}).value();
    for (const auto& [key, tally] : tallies) all += tally.responses;
    return all;
}

}  // namespace

TEST_CASE("organisers are added once, each under a host of its own") {
    in_every_database([](Stores& stores) {
        CHECK(stores.organisers().value() == std::vector{Organiser{kDefaultOrganiser, "", ""}});
        const Organiser north{"north", "Pohjoinen", "north.example"};
        REQUIRE(stores.add(north));
        CHECK(stores.add(north).error().code == Errc::refused);
        CHECK(stores.add({"other", "", "north.example"}).error().code == Errc::refused);
        CHECK(stores.add({"North", "", ""}).error().code == Errc::invalid);
        CHECK(stores.add({"east", "", "East.example"}).error().code == Errc::invalid);
        CHECK(stores.organisers()->size() == 2);
        CHECK(stores.of("south").error().code == Errc::not_found);
    });
}

TEST_CASE("no organiser sees, uses or changes anything of another") {
    in_every_database([](Stores& stores) {
        REQUIRE(stores.add({"north", "N", ""}));
        REQUIRE(stores.add({"south", "S", ""}));
        const auto north = store_of(stores, "north");
        const auto south = store_of(stores, "south");
        REQUIRE(north->add_unit({"a", "A", "A", "", ""}));
        CHECK(south->units()->empty());
        // A unit of the other's is no unit here, as a parent or in an answer.
        CHECK(south->add_unit({"b", "B", "B", "a", ""}).error().code == Errc::not_found);
        const std::vector<Submission> answer{{sample::response(1), "contact", "2026-11-22"}};
        CHECK(south->put(answer).error().code == Errc::not_found);
        REQUIRE(north->put(answer));

        REQUIRE(south->add_unit({"a", "Other", "Other", "", ""}));
        CHECK(south->units()->front().name_fi == "Other");
        CHECK(north->units()->front().name_fi == "A");
        CHECK_FALSE(south->holds(sample::response(1).id).value());
        CHECK(responses_in(*south) == 0);
        // The same id is another answer there.
        CHECK(south->put(answer).value() == std::vector{Stored::now});
        CHECK(responses_in(*north) == 1);
        CHECK(responses_in(*store_of(stores, kDefaultOrganiser)) == 0);

        REQUIRE(north->add_secret(token("t")));
        CHECK_FALSE(south->find_credential("t")->has_value());
        REQUIRE(north->add_secret(code("c")));
        CHECK(south->redeem("c", device("h", "d"), "KEY").error().code == Errc::unauthorized);
        REQUIRE(north->redeem("c", device("h", "d"), "KEY"));
        CHECK_FALSE(south->find_device("d")->has_value());
        CHECK(south->devices()->empty());
        CHECK(south->revoke("d", {}, "").error().code == Errc::not_found);
        CHECK_FALSE((*north->find_device("d"))->revoked_at.has_value());
        CHECK(south->take_ledger({}, {"d", 1, "s", {}}).error().code == Errc::not_found);
        CHECK(south->verify({})->empty());
    });
}

}  // namespace kaiku::central
