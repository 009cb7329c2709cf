// Device keys: what a signature proves to central, and what a recorded message is worth.
#include <atomic>
#include <thread>

#include "survey/wire.hpp"
#include "sync/memory_outbox.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/signed_central.hpp"

namespace kaiku::central {
namespace {

using Kind = sync::SendOutcome::Kind;
using test::SignedCentral;
using test::SignedDevice;

sync::OutboxEntry entry(const SignedCentral& central, std::uint32_t number) {
    const survey::Response response = sample::response(number);
    const auto key = central.sealing.public_key();
    return {response.id, sync::seal_answer(survey::encode_response(response), key).value()};
}

std::unique_ptr<sync::Outbox> outbox(const SignedCentral& central, std::uint32_t first,
                                     std::uint32_t count) {
    auto made = sync::make_memory_outbox();
    for (std::uint32_t n = first; n < first + count; ++n) REQUIRE(made->put(entry(central, n)));
    return made;
}

std::string reason_of(const Reply& reply) {
    return std::string(sync::header_of(reply.headers, sync::kReasonHeader));
}

/// The device's next batch with these answers, not sent.
sync::UplinkRequest batch(SignedDevice& device, std::vector<sync::OutboxEntry> entries,
                          std::int64_t clock_ms) {
    sync::DeviceSession session(device.enrolment, device.key, [clock_ms] { return clock_ms; });
    return session.letter(sync::SignedType::batch, "/v1/batches", sync::encode_batch(entries))
        .request;
}

}  // namespace

TEST_CASE("a device that enrols with a key sends signed batches, and none else can for it") {
    SignedCentral central;
    SignedDevice device(central);
    CHECK(central.device(device.enrolment.device_id).public_key ==
          sync::encode_signer(device.key->public_key()));
    CHECK(device.enrolment.signing_key == sync::encode_signer(central.signing.public_key()));
    auto waiting = outbox(central, 1, 3);
    auto sender = device.sender();
    CHECK(sender.send(*waiting, device.uplink)->accepted == 3);
    CHECK(central.stored() == 3);
    REQUIRE(device.uplink.requests.size() == 1);

    const auto good = batch(device, {entry(central, 9)}, device.clock_ms + 10);
    const auto refused = [&](sync::UplinkRequest request) {
        const Reply reply = central.handle(request);
        CHECK(reply.status == 401);
        CHECK(reason_of(reply) == sync::kReasonSignature);
        CHECK(central.stored() == 3);
    };
    auto bare = good;
    bare.headers.clear();
    refused(bare);
    auto unsigned_one = good;
    unsigned_one.headers.pop_back();
    refused(unsigned_one);
    auto renumbered = good;
    renumbered.headers.front().second += "0";
    refused(renumbered);
    auto changed = good;
    changed.body = sync::encode_batch({entry(central, 10)});
    refused(changed);
    SignedDevice other(central);
    auto borrowed = batch(other, {entry(central, 9)}, device.clock_ms + 10);
    borrowed.bearer = device.enrolment.credential;
    refused(borrowed);
    CHECK(central.handle(good).status == 200);
    CHECK(central.stored() == 4);
}

TEST_CASE("a recorded batch sent again gains nothing") {
    SignedCentral central;
    SignedDevice device(central);
    const auto recorded = batch(device, {entry(central, 1)}, 1000);
    CHECK(central.handle(recorded).status == 200);
    CHECK(central.handle(batch(device, {entry(central, 2)}, 2000)).status == 200);
    // Even where the answer itself is gone from central, it does not come back.
    MemoryStore& store = central.store;
    const auto before = store.find_device(device.enrolment.device_id).value();
    const Reply replayed = central.handle(recorded);
    CHECK(replayed.status == 409);
    CHECK(replayed.body.find("accepted") == std::string::npos);
    CHECK(store.find_device(device.enrolment.device_id).value() == before);
    CHECK(central.stored() == 2);
    // Nor does the signed batch of one device help another.
    SignedDevice other(central);
    auto borrowed = recorded;
    borrowed.bearer = other.enrolment.credential;
    CHECK(central.handle(borrowed).status == 401);
}

TEST_CASE("eight identical signed batches at once all succeed with one row each") {
    SignedCentral central;
    SignedDevice device(central);
    for (std::uint32_t round = 0; round < 100; ++round) {
        const auto same =
            batch(device, {entry(central, 2 * round), entry(central, 2 * round + 1)}, 1000 + round);
        std::atomic<int> good{0};
        std::vector<std::thread> threads;
        for (int n = 0; n < 8; ++n) {
            threads.emplace_back([&] {
                const Reply reply = central.handle(same);
                const auto receipt = sync::decode_receipt(reply.body);
                if (reply.status == 200 && receipt && receipt->accepted.size() == 2) ++good;
            });
        }
        for (auto& thread : threads) thread.join();
        REQUIRE(good == 8);
        REQUIRE(central.stored() == 2 * (round + 1));
    }
}

TEST_CASE("a device whose receipts are lost sends again and succeeds") {
    SignedCentral central;
    SignedDevice device(central);
    auto waiting = outbox(central, 1, 5);
    auto sender = device.sender();
    device.uplink.lose_replies = 4;
    for (int n = 0; n < 4; ++n) {
        CHECK(sender.send(*waiting, device.uplink)->kind == Kind::retry_later);
    }
    CHECK(waiting->counts()->waiting == 5);
    CHECK(sender.send(*waiting, device.uplink)->accepted == 5);
    CHECK(central.stored() == 5);
}

TEST_CASE("a wrong clock, one that jumps, and a device out of a backup are not locked out") {
    SignedCentral central;
    SignedDevice device(central);
    std::uint32_t number = 0;
    for (const std::int64_t clock :
         {std::int64_t{1'700'000'000'000}, std::int64_t{0}, std::int64_t{-5},
          std::int64_t{4'000'000'000'000}, std::int64_t{1'700'000'000'000},
          std::int64_t{9'999'999'999'999'999}, std::int64_t{1'800'000'000'000}}) {
        device.clock_ms = clock;
        device.forget();
        auto waiting = outbox(central, ++number * 10, 3);
        auto sender = device.sender();  // nothing but identity and key is left of what was before
        const auto outcome = sender.send(*waiting, device.uplink);
        CHECK(outcome->accepted == 3);
        CHECK(device.uplink.requests.size() <= 2);
        CHECK(sender.send(*waiting, device.uplink)->kind == Kind::idle);
    }
    CHECK(central.stored() == 21);
    CHECK(central.device(device.enrolment.device_id).number < sync::kMaxNumber / 2);
}

TEST_CASE("two programs that send for one device at once both get through") {
    SignedCentral central;
    SignedDevice device(central);
    auto one = outbox(central, 100, 600);
    auto two = outbox(central, 1000, 600);
    auto first = device.sender();
    auto second = device.sender();
    for (int n = 0; n < 3; ++n) {
        CHECK(first.send(*one, device.uplink)->kind == Kind::sent);
        CHECK(second.send(*two, device.uplink)->kind == Kind::sent);
    }
    CHECK(central.stored() == 1200);
}

TEST_CASE("only what central signed makes a device delete") {
    SignedCentral central;
    SignedDevice device(central);
    auto waiting = outbox(central, 1, 2);
    auto sender = device.sender();
    const auto forged = [&](std::function<void(sync::UplinkReply&)> tamper) {
        device.uplink.tamper = std::move(tamper);
        const auto outcome = sender.send(*waiting, device.uplink);
        CHECK(outcome->kind == Kind::retry_later);
        CHECK(outcome->detail.find("central's signature") != std::string::npos);
        CHECK(waiting->counts()->waiting == 2);
    };
    forged([](auto& reply) { reply.headers.clear(); });
    forged([](auto& reply) { reply.headers.front().second[3] ^= 1; });
    forged([](auto& reply) { reply.body += " "; });
    const auto stranger = sync::SigningKey::make().value();
    forged([&](auto& reply) {
        reply.headers = {{std::string(sync::kSignatureHeader), stranger.sign_bytes(reply.body)}};
    });
    // An old receipt of central's own is not the answer to this batch.
    sync::UplinkReply kept;
    forged([&](auto& reply) {
        kept = reply;
        reply.headers.clear();
    });
    forged([&](auto& reply) { reply = kept; });
    // Nor does a forged number make the device use up its own.
    device.uplink.tamper = [](auto& reply) {
        reply.status = 409;
        reply.headers = {{std::string(sync::kNumberHeader), std::to_string(sync::kMaxNumber)}};
    };
    CHECK(sender.send(*waiting, device.uplink)->kind == Kind::retry_later);
    device.uplink.tamper = nullptr;
    CHECK(sender.send(*waiting, device.uplink)->accepted == 2);
    CHECK(central.device(device.enrolment.device_id).number < sync::kMaxNumber / 2);
}

TEST_CASE("only a refusal that central signed puts an answer away, and nobody else waits for it") {
    SignedCentral central;
    SignedDevice device(central);
    auto waiting = outbox(central, 1, 9);
    auto sender = device.sender();
    SECTION("somebody in between refuses what holds one answer") {
        const std::string disliked = waiting->next_batch(1)->front().id.text();
        device.uplink.tamper = [&](sync::UplinkReply& reply) {
            if (device.uplink.requests.back().body.find(disliked) == std::string::npos) return;
            reply = {.status = 400, .content_type = "application/json", .body = "{}"};
        };
        CHECK(sender.send(*waiting, device.uplink)->accepted == 8);
        CHECK(waiting->counts() == sync::OutboxCounts{1, 0, 8});
        const auto alone = sender.send(*waiting, device.uplink);
        CHECK(alone->kind == Kind::retry_later);
        CHECK(alone->trouble == sync::SendOutcome::Trouble::forged);
        CHECK(waiting->counts() == sync::OutboxCounts{1, 0, 8});
        device.uplink.tamper = nullptr;
        CHECK(sender.send(*waiting, device.uplink)->accepted == 1);
    }
    SECTION("central itself cannot read one") {
        REQUIRE(waiting->put({sample::id(77), "[", ""}));
        CHECK(sender.send(*waiting, device.uplink)->accepted == 9);
        CHECK(waiting->counts() == sync::OutboxCounts{0, 1, 9});
    }
}

}  // namespace kaiku::central
