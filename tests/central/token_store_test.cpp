// Tokens of integrators and their entries in the log, in both engines.
#include "central/people/token_store.hpp"

#include "tests/central/every_store.hpp"

namespace kaiku::central::people {
namespace {

survey::UtcSeconds at(std::int64_t moment) {
    return survey::UtcSeconds(std::chrono::seconds(moment));
}

Change change(std::int64_t moment) { return {at(moment), "shell root", "kaiku-central token"}; }

const std::string kFirst = "00000000000000aa" + std::string(48, '1');
const std::string kSecond = "00000000000000bb" + std::string(48, '2');
const std::string kDevice = "00000000000000cc" + std::string(48, '3');
const std::string kScope = "responses:write";

struct Room {
    Stores& stores;
    std::unique_ptr<TokenStore> tokens = sql_token_store(stores.database(), kDefaultOrganiser);
    std::unique_ptr<AuditLog> log = sql_audit_log(stores.database(), kDefaultOrganiser);
    std::unique_ptr<Store> store = std::move(*stores.of(kDefaultOrganiser));
};

void in_every_engine(const std::function<void(Room&)>& test) {
    in_every_database([&](Stores& stores) {
        Room room{stores};
        test(room);
    });
}

}  // namespace

TEST_CASE("a token that was added is found by its hash, and listed by its id alone") {
    in_every_engine([](Room& room) {
        REQUIRE(room.tokens->add(kSecond, kScope, at(9000), change(2000)));
        REQUIRE(room.tokens->add(kFirst, kScope, std::nullopt, change(1000)));
        CHECK(room.tokens->tokens().value() ==
              std::vector<TokenView>{{"00000000000000aa", kScope, at(1000), std::nullopt},
                                     {"00000000000000bb", kScope, at(2000), at(9000)}});
        const auto found = room.store->find_credential(kSecond).value();
        REQUIRE(found);
        CHECK(found->kind == SecretKind::token);
        CHECK(found->scope == kScope);
        CHECK(found->expires_at == at(9000));
    });
}

TEST_CASE("a token that was revoked is gone, and the others stay") {
    in_every_engine([](Room& room) {
        REQUIRE(room.tokens->add(kFirst, kScope, std::nullopt, change(1000)));
        REQUIRE(room.tokens->add(kSecond, kScope, std::nullopt, change(1000)));
        REQUIRE(room.tokens->revoke(token_id(kFirst), change(2000)));
        CHECK_FALSE(room.store->find_credential(kFirst).value());
        CHECK(room.store->find_credential(kSecond).value());
        CHECK(room.tokens->tokens()->size() == 1);
        const Status again = room.tokens->revoke(token_id(kFirst), change(3000));
        REQUIRE_FALSE(again);
        CHECK(again.error().code == Errc::not_found);
    });
}

TEST_CASE("a terminal's credential is neither listed nor revoked as a token") {
    in_every_engine([](Room& room) {
        REQUIRE(room.store->add_unit({"a", "A", "A", "", ""}));
        Secret secret;
        secret.hash = kDevice;
        secret.kind = SecretKind::device;
        secret.unit = "a";
        secret.device_id = "device-1";
        REQUIRE(room.store->add_secret(secret));
        CHECK(room.tokens->tokens()->empty());
        CHECK_FALSE(room.tokens->revoke(token_id(kDevice), change(1000)));
        CHECK(room.store->find_credential(kDevice).value());
    });
}

TEST_CASE("each change of tokens is one entry with the token's id, and what failed is none") {
    in_every_engine([](Room& room) {
        REQUIRE(room.tokens->add(kFirst, kScope, std::nullopt, change(1000)));
        CHECK_FALSE(room.tokens->add(kFirst, kScope, std::nullopt, change(1500)));
        REQUIRE(room.tokens->revoke(token_id(kFirst), change(2000)));
        CHECK_FALSE(room.tokens->revoke(token_id(kFirst), change(3000)));
        const auto entries = room.log->entries().value();
        REQUIRE(entries.size() == 2);
        CHECK(entries[0].event == AuditEvent{at(1000), "shell root", "token create",
                                             "00000000000000aa responses:write",
                                             "kaiku-central token"});
        CHECK(entries[1].event == AuditEvent{at(2000), "shell root", "token revoke",
                                             "00000000000000aa", "kaiku-central token"});
        CHECK(check_chain(kDefaultOrganiser, entries, ""));
    });
}

TEST_CASE("one organiser's tokens are nothing to another") {
    in_every_engine([](Room& room) {
        REQUIRE(room.stores.add({"north", "North", "north.example"}));
        const auto north = sql_token_store(room.stores.database(), "north");
        REQUIRE(room.tokens->add(kFirst, kScope, std::nullopt, change(1000)));
        CHECK(north->tokens()->empty());
        CHECK_FALSE(north->revoke(token_id(kFirst), change(2000)));
        CHECK(room.tokens->tokens()->size() == 1);
        CHECK_FALSE(sql_token_store(room.stores.database(), "nobody")
                        ->add(kSecond, kScope, std::nullopt, change(1000)));
    });
}

}  // namespace kaiku::central::people
