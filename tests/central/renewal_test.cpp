// A device's credential over the years: renewed in time, after its end, never for somebody else.
#include "sync/renewal.hpp"

#include "survey/wire.hpp"
#include "sync/memory_outbox.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/signed_central.hpp"

namespace kaiku::central {
namespace {

using Kind = sync::SendOutcome::Kind;
using std::chrono::days;
using test::SignedCentral;
using test::SignedDevice;

std::unique_ptr<sync::Outbox> outbox(const sync::Enrolment& enrolment, std::uint32_t first,
                                     std::uint32_t count = 1) {
    auto made = sync::make_memory_outbox();
    const auto key = sync::decode_key(enrolment.sealing_key).value();
    for (std::uint32_t n = first; n < first + count; ++n) {
        const auto plain = survey::encode_response(sample::response(n));
        REQUIRE(made->put({sample::id(n), sync::seal_answer(plain, key).value()}));
    }
    return made;
}

/// A device enrolled by a program that had no key.
struct OldDevice : SignedDevice {
    explicit OldDevice(SignedCentral& central) : SignedDevice(central) {
        const auto reply =
            uplink.post({"/v1/enroll", "", sync::encode_enrolment({central.code()})});
        REQUIRE(reply);
        enrolment = sync::decode_enrolled(reply->body).value();
        CHECK(enrolment.signing_key.empty());
        forget();
    }
};

}  // namespace

TEST_CASE("a device of an earlier version makes its key known with its first batch") {
    SignedCentral central;
    OldDevice device(central);
    auto waiting = outbox(device.enrolment, 1, 300);
    // The old program itself still sends, unsigned.
    CHECK(sync::send_once(*waiting, device.uplink, device.enrolment.credential)->accepted == 256);
    auto sender = device.sender();
    const auto outcome = sender.send(*waiting, device.uplink);
    CHECK(outcome->accepted == 44);
    CHECK(outcome->renewed);
    CHECK(central.stored() == 300);
    CHECK(central.device(device.enrolment.device_id).public_key ==
          sync::encode_signer(device.key->public_key()));
    CHECK(device.enrolment.signing_key == sync::encode_signer(central.signing.public_key()));
    // From now on nothing unsigned is taken from it.
    waiting = outbox(device.enrolment, 1000);
    CHECK(sync::send_once(*waiting, device.uplink, device.enrolment.credential)->kind ==
          Kind::unauthorized);
    CHECK(device.sender().send(*waiting, device.uplink)->accepted == 1);
}

TEST_CASE("the first key of a device wins, and who comes second keeps his answers") {
    SignedCentral central;
    OldDevice device(central);
    OldDevice thief(central);
    thief.enrolment = device.enrolment;
    auto nothing = sync::make_memory_outbox();
    auto first = thief.sender();
    auto stolen = outbox(device.enrolment, 1);
    CHECK(first.send(*stolen, thief.uplink)->renewed);
    auto waiting = outbox(device.enrolment, 10, 5);
    auto sender = device.sender();
    const auto outcome = sender.send(*waiting, device.uplink);
    CHECK(outcome->kind == Kind::unauthorized);
    CHECK(outcome->detail.find("another key") != std::string::npos);
    CHECK(waiting->counts()->waiting == 5);
    // Revoking the one and enrolling anew lets them through.
    REQUIRE(central.store.revoke(device.enrolment.device_id, central.now, ""));
    CHECK(first.send(*outbox(device.enrolment, 2), thief.uplink)->kind == Kind::unauthorized);
    SignedDevice again(central);
    CHECK(again.sender().send(*waiting, again.uplink)->accepted == 5);
}

TEST_CASE("a credential is renewed when two thirds of its life are over") {
    SignedCentral central;
    SignedDevice device(central);
    const auto first = device.enrolment.credential;
    auto sender = device.sender();
    central.now += days(59);
    CHECK_FALSE(sender.send(*outbox(device.enrolment, 1), device.uplink)->renew);
    central.now += days(1);
    CHECK(sender.send(*outbox(device.enrolment, 2), device.uplink)->renewed);
    CHECK(device.enrolment.credential != first);
    CHECK_FALSE(sender.send(*outbox(device.enrolment, 3), device.uplink)->renew);
    CHECK(device.uplink.requests.back().bearer == device.enrolment.credential);
    CHECK(central.stored() == 3);
    // For years, one renewal in sixty days.
    int renewals = 0;
    for (std::uint32_t day = 0; day < 1200; ++day) {
        central.now += days(1);
        renewals +=
            sender.send(*outbox(device.enrolment, 100 + day), device.uplink)->renewed ? 1 : 0;
    }
    CHECK(renewals == 20);
    CHECK(central.stored() == 1203);
}

TEST_CASE("a device that comes back after its credential's end renews it and loses nothing") {
    SignedCentral central;
    SignedDevice device(central);
    central.now += days(800);
    auto waiting = outbox(device.enrolment, 1, 400);
    auto sender = device.sender();
    const auto outcome = sender.send(*waiting, device.uplink);
    CHECK(outcome->accepted == 256);
    CHECK(outcome->renewed);
    CHECK(sender.send(*waiting, device.uplink)->accepted == 144);
    CHECK(central.stored() == 400);
}

TEST_CASE("a renewal whose answer is lost, or finds no room on the disk, is done again") {
    SignedCentral central;
    SignedDevice device(central);
    const auto first = device.enrolment.credential;
    central.now += days(70);
    auto sender = device.sender();
    device.disk_works = false;
    const auto full = sender.send(*outbox(device.enrolment, 1), device.uplink);
    CHECK(full->accepted == 1);
    CHECK_FALSE(full->renewed);
    CHECK(full->renewal_trouble == "no room");
    CHECK(device.enrolment.credential == first);
    device.disk_works = true;
    // It is not asked for with every batch, and the old credential goes on working.
    for (std::uint32_t n = 0; n < 64; ++n) {
        CHECK(sender.send(*outbox(device.enrolment, 10 + n), device.uplink)->accepted == 1);
    }
    CHECK(device.enrolment.credential == first);
    CHECK(sender.send(*outbox(device.enrolment, 99), device.uplink)->renewed);
    CHECK(device.enrolment.credential != first);
}

TEST_CASE("a recorded renewal brings nobody a credential") {
    SignedCentral central;
    SignedDevice device(central);
    central.now += days(70);
    auto sender = device.sender();
    CHECK(sender.send(*outbox(device.enrolment, 1), device.uplink)->renewed);
    const auto recorded = device.uplink.requests.back();
    REQUIRE(recorded.path == "/v1/renew");
    const Reply again = central.handle(recorded);
    CHECK(again.status == 409);
    CHECK(again.body.find("kaiku_d_") == std::string::npos);
    // Nor do another key, another device's signature, or none.
    const auto stranger =
        std::make_shared<const sync::SigningKey>(sync::SigningKey::make().value());
    sync::DeviceSession forged(device.enrolment, stranger, [] { return std::int64_t{1} << 42; });
    CHECK(sync::renew(device.uplink, forged, device.enrolment).error().code == Errc::unauthorized);
    auto bare = recorded;
    bare.headers.clear();
    CHECK(central.handle(bare).status == 401);
    auto unknown = recorded;
    unknown.body = sync::encode_renewal({"nobody", device.key->public_key()});
    CHECK(central.handle(unknown).status == 401);
}

TEST_CASE("an answer to a renewal that central did not sign changes nothing and is reported") {
    SignedCentral central;
    SignedDevice device(central);
    const auto before = device.enrolment;
    central.now += days(70);
    const auto thief = sync::KeyPair::make().value();
    const auto stranger = sync::SigningKey::make().value();
    const auto forged = [&](std::function<void(sync::UplinkReply&)> tamper) {
        auto sender = device.sender();
        device.uplink.tamper = [&](sync::UplinkReply& reply) {
            if (device.uplink.requests.back().path == "/v1/renew") tamper(reply);
        };
        static std::uint32_t number = 0;
        const auto outcome = sender.send(*outbox(before, ++number), device.uplink);
        CHECK(outcome->accepted == 1);
        CHECK_FALSE(outcome->renewed);
        CHECK(outcome->renewal_trouble.starts_with("renewal: "));
        CHECK(device.enrolment == before);
    };
    const auto with_thiefs_key = [&](sync::UplinkReply& reply) {
        auto enrolment = sync::decode_enrolled(reply.body).value();
        enrolment.sealing_key = sync::encode_key(thief.public_key());
        reply.body = sync::encode_enrolled(enrolment);
    };
    forged(with_thiefs_key);
    forged([&](auto& reply) {
        with_thiefs_key(reply);
        reply.headers = {{std::string(sync::kSignatureHeader), stranger.sign_bytes(reply.body)}};
    });
    forged([](auto& reply) { reply.headers.clear(); });
    forged([](auto& reply) { reply.body = "<html>"; });
    forged([](auto& reply) { reply.status = 500; });
}

TEST_CASE("a revoked device is told so, keeps its answers and cannot renew") {
    SignedCentral central;
    SignedDevice device(central);
    REQUIRE(central.store.revoke(device.enrolment.device_id, central.now, ""));
    auto waiting = outbox(device.enrolment, 1, 3);
    auto sender = device.sender();
    const auto outcome = sender.send(*waiting, device.uplink);
    CHECK(outcome->kind == Kind::unauthorized);
    CHECK(outcome->detail.find("revoked") != std::string::npos);
    CHECK(waiting->counts()->waiting == 3);
    CHECK(device.uplink.statuses == std::vector{403});
    sync::DeviceSession session(device.enrolment, device.key, [] { return std::int64_t{1} << 42; });
    CHECK(sync::renew(device.uplink, session, device.enrolment).error().code == Errc::unauthorized);
}

TEST_CASE("sending never gives up: a terminal that was refused for a month still sends") {
    SignedCentral central;
    SignedDevice device(central);
    auto waiting = outbox(device.enrolment, 1, 3);
    const auto clock = central.now;
    const auto month = std::chrono::milliseconds(days(30));
    std::chrono::milliseconds passed{0};
    unsigned failures = 0;
    std::uint64_t random = 1;
    auto sender = device.sender();
    int attempts = 0;
    std::chrono::milliseconds longest{0};
    const auto attempt = [&] {
        const auto outcome = sender.send(*waiting, device.uplink);
        REQUIRE(outcome);
        random = random * 6364136223846793005U + 1442695040888963407U;
        const auto wait = sync::wait_after(*outcome, failures, random);
        longest = std::max(longest, wait);
        passed += wait;
        central.now = clock + std::chrono::duration_cast<std::chrono::seconds>(passed);
        ++attempts;
        return *outcome;
    };
    // Refused in every way there is, in turn.
    device.uplink.tamper = [&](sync::UplinkReply& reply) {
        constexpr int kStatuses[] = {401, 403, 503, 429, 500, 404, 400, 301};
        reply = {kStatuses[static_cast<std::size_t>(attempts) % 8], "application/problem+json",
                 "{}", attempts % 7 == 0 ? 999'999 : 0};
    };
    while (passed < month) {
        CHECK(attempt().accepted == 0);
        REQUIRE(waiting->counts()->waiting == 3);
        REQUIRE(waiting->counts()->quarantined == 0);
    }
    CHECK(attempts > 1000);
    CHECK(longest <= std::chrono::hours(1));
    device.uplink.tamper = nullptr;
    while (attempt().kind != Kind::idle) {
    }
    CHECK(central.stored() == 3);
    CHECK(waiting->counts()->waiting == 0);
}

}  // namespace kaiku::central
