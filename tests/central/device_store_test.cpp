// What central remembers of devices, in every store alike.
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace kaiku::central {
namespace {

Secret credential(const std::string& hash, const std::string& id, const char* from,
                  const char* until) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::device;
    secret.unit = "a";
    secret.device_id = id;
    secret.created_at = sample::time(from);
    if (until != nullptr) secret.expires_at = sample::time(until);
    return secret;
}

Secret code(const std::string& hash, const std::string& replaces) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::enrolment;
    secret.unit = "a";
    secret.device_id = replaces;
    return secret;
}

MessageMark mark(const std::string& id, std::int64_t number, const std::string& signature) {
    return {id, number, signature, sample::time("2026-11-22T10:00:00Z")};
}

Device device_of(Store& store, const std::string& id) {
    const auto found = store.find_device(id);
    REQUIRE(found);
    REQUIRE(found->has_value());
    return **found;
}

void devices_contract(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    CHECK(store.devices()->empty());
    CHECK_FALSE(store.find_device("d1")->has_value());
    REQUIRE(store.add_secret(code("code-1", "")));
    const auto first = credential("h1", "d1", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    REQUIRE(store.redeem("code-1", first, "KEY1"));
    CHECK(device_of(store, "d1") ==
          Device{.id = "d1", .unit = "a", .public_key = "KEY1", .enrolled_at = first.created_at});
    CHECK((*store.find_credential("h1"))->expires_at == first.expires_at);

    // A device of an earlier version: its credential is all there is of it.
    REQUIRE(store.add_secret(credential("h2", "d2", "2026-11-01T00:00:00Z", nullptr)));
    CHECK(device_of(store, "d2").public_key.empty());
    CHECK(store.devices()->size() == 2);
    CHECK(store.end_credentials(sample::time("2027-01-01T00:00:00Z")) == 1);
    CHECK((*store.find_credential("h2"))->expires_at == sample::time("2027-01-01T00:00:00Z"));
    CHECK(store.end_credentials(sample::time("2028-01-01T00:00:00Z")) == 0);

    // Its replacement leaves it where it is, marked.
    REQUIRE(store.add_secret(code("code-2", "d1")));
    REQUIRE(store.redeem("code-2", credential("h3", "d3", "2026-11-22T00:00:00Z", nullptr), ""));
    CHECK(device_of(store, "d1").replaced_by == "d3");
    CHECK(device_of(store, "d1").revoked_at == sample::time("2026-11-22T00:00:00Z"));
    CHECK_FALSE(device_of(store, "d2").revoked_at);

    REQUIRE(store.revoke("d2", sample::time("2026-11-23T00:00:00Z"), ""));
    REQUIRE(store.revoke("d2", sample::time("2026-11-24T00:00:00Z"), "d3"));
    CHECK(device_of(store, "d2").revoked_at == sample::time("2026-11-23T00:00:00Z"));
    CHECK(device_of(store, "d2").replaced_by == "d3");
    CHECK(store.revoke("d9", {}, "").error().code == Errc::not_found);
}

void marks_contract(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    REQUIRE(store.add_secret(credential("h1", "d1", "2026-11-01T00:00:00Z", nullptr)));
    const std::vector<Submission> one{{sample::response(1), "", ""}};
    const std::vector<MessageMark> marks{mark("d1", 5, "S5"), mark("d1", 3, "S3"),
                                         mark("nobody", 9, "S9")};
    REQUIRE(store.put(one, marks));
    CHECK(device_of(store, "d1").number == 5);
    CHECK(device_of(store, "d1").number_signature == "S5");
    CHECK(device_of(store, "d1").seen_at == sample::time("2026-11-22T10:00:00Z"));
    // Together with the answers, or not at all.
    const std::vector<Submission> lost{{sample::response(2, "nowhere"), "", ""}};
    CHECK_FALSE(store.put(lost, std::vector{mark("d1", 6, "S6")}));
    CHECK(device_of(store, "d1").number == 5);
    REQUIRE(store.put({}, std::vector{mark("d1", 7, "S7")}));
    CHECK(device_of(store, "d1").number == 7);
}

void renewals_contract(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    REQUIRE(
        store.add_secret(credential("h1", "d1", "2026-11-01T00:00:00Z", "2026-11-10T00:00:00Z")));
    const auto second = credential("h2", "d1", "2026-11-09T00:00:00Z", "2026-11-19T00:00:00Z");
    REQUIRE(store.renew(second, "KEY1", mark("d1", 1, "S1")));
    CHECK(device_of(store, "d1").public_key == "KEY1");
    CHECK(store.find_credential("h1")->has_value());  // its reply may be lost
    CHECK((*store.find_credential("h2"))->unit == "a");

    const auto third = credential("h3", "d1", "2026-11-18T00:00:00Z", "2026-11-28T00:00:00Z");
    CHECK(store.renew(third, "KEY2", mark("d1", 2, "S2")).error().code == Errc::refused);
    CHECK(store.renew(third, "KEY1", mark("d1", 1, "S1")).error().code == Errc::refused);
    CHECK_FALSE(store.find_credential("h3")->has_value());
    REQUIRE(store.renew(third, "KEY1", mark("d1", 2, "S2")));
    CHECK_FALSE(store.find_credential("h1")->has_value());
    CHECK(store.find_credential("h2")->has_value());
    CHECK(device_of(store, "d1").number == 2);
    const auto strange = credential("h4", "d9", "2026-11-18T00:00:00Z", "2026-11-28T00:00:00Z");
    CHECK(store.renew(strange, "KEY1", mark("d9", 1, "S")).error().code == Errc::not_found);
}

void ledger_contract(Store& store) {
    REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    REQUIRE(store.add_secret(credential("h1", "d1", "2026-11-01T00:00:00Z", nullptr)));
    const auto brings = [&](std::uint32_t number, const char* device, const char* day) {
        Submission submission{sample::response(number), "", ""};
        submission.device_id = device;
        submission.device_day = day;
        const std::vector<Submission> all{std::move(submission)};
        REQUIRE(store.put(all));
    };
    survey::Response by_phone = sample::response(3);
    by_phone.channel = survey::Channel::qr;
    const std::vector<Submission> phone{{by_phone, "", ""}};
    REQUIRE(store.put(phone));
    brings(1, "d1", "2026-11-21");
    brings(1, "d1", "2026-11-21");
    brings(2, "d1", "2026-11-22");
    brings(3, "d1", "2026-11-22");
    brings(3, "d1", "2026-11-22");
    brings(4, "", "");
    const sync::DayCounts told{.day = "2026-11-22", .shown = 8, .stored = 2};
    REQUIRE(store.take_ledger({{told}, 5, 6}, mark("d1", 9, "S")));
    CHECK(device_of(store, "d1").number == 9);
    CHECK(store.take_ledger({{told}, 5, 6}, mark("d9", 9, "S")).error().code == Errc::not_found);
    const auto ledger = store.ledger("d1", "2026-01-01", "2026-12-31");
    REQUIRE(ledger);
    CHECK(ledger->rows == std::vector<LedgerRow>{{"d1", {"2026-11-21", 1, 0}, std::nullopt},
                                                 {"d1", {"2026-11-22", 1, 1}, told}});
    CHECK(ledger->standings == std::vector<Standing>{{"d1", 5, 6, mark("d1", 9, "S").seen_at}});
    CHECK(store.ledger("", "2026-11-22", "2026-11-22")->rows.size() == 1);
    CHECK(store.ledger("d2", "2026-01-01", "2026-12-31")->rows.empty());
    const sync::DayCounts later{.day = "2026-11-22", .shown = 9, .stored = 3};
    REQUIRE(store.take_ledger({{later}, 0, 0}, mark("d1", 10, "S")));
    CHECK(store.ledger("d1", "2026-11-22", "2026-11-22")->rows.front().told == later);
}

}  // namespace

TEST_CASE("store keeps devices, their keys and who replaced whom") {
    in_every_store(devices_contract);
}

TEST_CASE("store marks a message with what it brought, and never goes back") {
    in_every_store(marks_contract);
}

TEST_CASE("store renews a credential once for each number, and the first key wins") {
    in_every_store(renewals_contract);
}

TEST_CASE("what devices and central count stands side by side") { in_every_store(ledger_contract); }

}  // namespace kaiku::central
