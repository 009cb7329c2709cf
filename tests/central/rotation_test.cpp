// A new sealing key at central: devices learn it from whom they know, and no answer is lost.
#include "central/service/service.hpp"
#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/memory_outbox.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/signed_central.hpp"
#include "tests/support/temp_dir.hpp"

namespace kaiku::central {
namespace {

using test::SignedCentral;
using test::SignedDevice;

std::unique_ptr<sync::Outbox> outbox(const std::string& key, std::uint32_t first,
                                     std::uint32_t count = 1) {
    auto made = sync::make_memory_outbox();
    for (std::uint32_t n = first; n < first + count; ++n) {
        const auto plain = survey::encode_response(sample::response(n));
        REQUIRE(made->put(
            {sample::id(n), sync::seal_answer(plain, sync::decode_key(key).value()).value()}));
    }
    return made;
}

/// A central whose ring is in a file.
struct Rotating {
    void rotate() { REQUIRE(central.sealing.rotate(path)); }
    std::string key_now() { return sync::encode_key(central.sealing.public_key()); }
    test::TempDir folder;
    std::filesystem::path path = folder.path() / "key";
    SignedCentral central;
};

/// A keyholder that is away.
class Away final : public sync::Opener {
  public:
    explicit Away(const sync::Opener& key) : key_(key) {}
    sync::PublicKey public_key() const override { return key_.public_key(); }
    std::vector<Result<std::string>> open_answers(
        std::span<const std::string_view> sealed) const override {
        return {sealed.size(), fail(Errc::network, "away")};
    }
    Result<std::string> open(std::string_view /*sealed*/) const override {
        return fail(Errc::network, "away");
    }
    Status check() const override { return fail(Errc::network, "away"); }

  private:
    const sync::Opener& key_;
};

}  // namespace

TEST_CASE("a device learns the new sealing key with the next batch, which loses no answer") {
    Rotating rig;
    SignedDevice device(rig.central);
    const std::string old_key = device.enrolment.sealing_key;
    rig.rotate();
    auto sender = device.sender();
    const auto outcome = sender.send(*outbox(old_key, 1, 3), device.uplink);
    CHECK(outcome->accepted == 3);
    CHECK(outcome->renewed);
    CHECK(device.enrolment.sealing_key == rig.key_now());
    CHECK(device.enrolment.former_keys == std::vector{old_key});
    // Then nothing is asked for any more, and what is left of the old key still comes in.
    CHECK_FALSE(sender.send(*outbox(rig.key_now(), 10), device.uplink)->renewed);
    CHECK(sender.send(*outbox(old_key, 20), device.uplink)->accepted == 1);
    CHECK(rig.central.stored() == 5);
}

TEST_CASE("a device does not go back to a sealing key of before, nor to none") {
    Rotating rig;
    SignedDevice device(rig.central);
    const std::string old_key = device.enrolment.sealing_key;
    rig.rotate();
    CHECK(device.sender().send(*outbox(old_key, 1), device.uplink)->renewed);
    const auto held = device.enrolment;
    // Central's own signature does not help: it came out of an old backup, say.
    for (const bool none : {false, true}) {
        auto enrolment = held;
        enrolment.former_keys.clear();
        enrolment.sealing_key = none ? "" : old_key;
        device.uplink.tamper = [&](sync::UplinkReply& reply) {
            const auto& request = device.uplink.requests.back();
            if (request.path != "/v1/renew") return;
            reply.body = sync::encode_enrolled(enrolment);
            const auto number =
                sync::parse_number(sync::header_of(request.headers, sync::kNumberHeader)).value();
            reply.headers = {{std::string(sync::kSignatureHeader),
                              rig.central.signing.sign({sync::SignedType::credential,
                                                        held.device_id, number, reply.body})}};
        };
        const auto outcome = device.sender().send(*outbox(old_key, none ? 30 : 31), device.uplink);
        CHECK(outcome->accepted == 1);
        CHECK_FALSE(outcome->renewed);
        CHECK(outcome->renewal_trouble.find("sealing key") != std::string::npos);
        CHECK(device.enrolment == held);
    }
}

TEST_CASE("what a device remembers of its former keys survives a restart") {
    test::TempDir folder;
    Rotating rig;
    SignedDevice device(rig.central);
    const std::string old_key = device.enrolment.sealing_key;
    rig.rotate();
    CHECK(device.sender().send(*outbox(old_key, 1), device.uplink)->renewed);
    const auto data = folder.path() / "device";
    REQUIRE(sync::save_identity(data, {"https://central.example", device.enrolment}));
    CHECK((*sync::load_identity(data))->enrolment == device.enrolment);
    // Dozens of rotations later the oldest are forgotten, never the last.
    for (std::uint32_t n = 0; n < 33; ++n) {
        const std::string key = device.enrolment.sealing_key;
        const auto ring = rig.central.sealing.keys();
        if (ring.size() == sync::kMaxKeys) {
            REQUIRE(rig.central.sealing.retire(rig.path, sync::key_id(ring.back())));
        }
        rig.rotate();
        CHECK(device.sender().send(*outbox(key, 100 + n), device.uplink)->renewed);
        CHECK(device.enrolment.former_keys.back() == key);
    }
    CHECK(device.enrolment.former_keys.size() == sync::kMaxFormerKeys);
}

TEST_CASE("answers of a retired key are refused with a cure and kept by the device") {
    Rotating rig;
    SignedDevice device(rig.central);
    const std::string old_key = device.enrolment.sealing_key;
    rig.rotate();
    REQUIRE(rig.central.sealing.retire(rig.path, sync::key_id(*sync::decode_key(old_key))));
    auto waiting = outbox(old_key, 1);
    const auto outcome = device.sender().send(*waiting, device.uplink);
    CHECK(outcome->quarantined == 1);
    CHECK(outcome->renewed);
    CHECK(waiting->counts()->quarantined == 1);
    CHECK(waiting->quarantined()->front().reason.find("former key") != std::string::npos);
}

TEST_CASE("while the keyholder is away nothing is acknowledged and nothing refused") {
    SignedCentral central;
    SignedDevice device(central);
    const Away away(central.sealing);
    auto environment = central.environment();
    environment.key = &away;
    Service without(central.store, environment);
    auto waiting = outbox(device.enrolment.sealing_key, 1, 3);
    const auto batch = waiting->next_batch(10).value();
    sync::DeviceSession session(device.enrolment, device.key, [] { return std::int64_t{1}; });
    const auto letter =
        session.letter(sync::SignedType::batch, "/v1/batches", sync::encode_batch(batch));
    const auto ask = [&](Service& service) {
        return service.handle({"POST", letter.request.path, "application/json",
                               "Bearer " + letter.request.bearer, letter.request.body, "", "",
                               letter.request.headers});
    };
    const Reply refused = ask(without);
    CHECK(refused.status == 503);
    CHECK(central.stored() == 0);
    CHECK(without.handle({"GET", "/ready", "", "", "", "", "", {}}).status == 503);
    // The very same letter is good afterwards.
    CHECK(ask(central.service).status == 200);
    CHECK(central.stored() == 3);
    CHECK(central.service.handle({"GET", "/ready", "", "", "", "", "", {}}).status == 200);
}

}  // namespace kaiku::central
