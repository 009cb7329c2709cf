// Device and central count the same answers, and say so when they do not.
#include "sync/accounting.hpp"

#include "central/results/ledger.hpp"
#include "survey/wire.hpp"
#include "sync/memory_outbox.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/signed_central.hpp"

namespace kaiku::central {
namespace {

using test::SignedCentral;
using test::SignedDevice;

/// Answers of the day on which SignedCentral counts everything.
constexpr const char* kDay = "2026-11-22";

struct Scene {
    Scene() { device.clock_ms = at("2026-11-23T08:00:00Z"); }

    static std::int64_t at(const char* time) {
        return sample::time(time).time_since_epoch().count() * 1000;
    }
    void keep(std::uint32_t first, std::uint32_t count) {
        const auto key = sync::decode_key(device.enrolment.sealing_key).value();
        for (std::uint32_t n = first; n < first + count; ++n) {
            const auto plain = survey::encode_response(sample::response(n));
            REQUIRE(outbox->put({sample::id(n), sync::seal_answer(plain, key).value(), kDay}));
        }
    }
    /// Sends until nothing waits.
    sync::Told drain() {
        auto sender = device.sender();
        for (int turn = 0; turn < 20; ++turn) {
            const auto outcome = sender.send(*outbox, device.uplink);
            REQUIRE(outcome);
            if (outcome->kind == sync::SendOutcome::Kind::idle) return outcome->told;
        }
        return {};
    }
    JudgedLedger judged() {
        return judge_ledger(central.store.ledger("", "", "9999").value(),
                            central.store.devices().value(), "", "9999", "");
    }

    SignedCentral central;
    SignedDevice device{central};
    std::unique_ptr<sync::Outbox> outbox = sync::make_memory_outbox();
};

}  // namespace

TEST_CASE("what both sides agree on is settled, and central shows it") {
    Scene scene;
    scene.keep(1, 300);
    REQUIRE(scene.outbox->note({.day = kDay, .shown = 400, .started = 310, .answered = 298}));
    auto sender = scene.device.sender();
    CHECK(sender.send(*scene.outbox, scene.device.uplink)->accepted == 256);
    CHECK(scene.outbox->receipts()->size() == 1);
    CHECK(sender.send(*scene.outbox, scene.device.uplink)->accepted == 44);
    CHECK(scene.outbox->receipts()->size() == 2);
    const auto idle = sender.send(*scene.outbox, scene.device.uplink);
    CHECK(idle->told.done);
    CHECK(idle->told.agrees);
    CHECK(scene.outbox->ledger()->days.empty());
    CHECK(scene.outbox->receipts()->empty());
    const auto judged = scene.judged();
    REQUIRE(judged.lines.size() == 1);
    CHECK(judged.lines.front().verdict == "300 of 300 received");
    CHECK(judged.lines.front().row.told->shown == 400);
    CHECK(judged.standing.front().verdict.empty());
    CHECK(ledger_text(judged).find("Every answer that was kept is here.") != std::string::npos);
}

TEST_CASE("each receipt that a device keeps is central's own word") {
    Scene scene;
    scene.keep(1, 3);
    auto sender = scene.device.sender();
    REQUIRE(sender.send(*scene.outbox, scene.device.uplink));
    const auto receipts = scene.outbox->receipts().value();
    REQUIRE(receipts.size() == 1);
    const auto& kept = receipts.front();
    CHECK(sync::verify(
        scene.central.signing.public_key(),
        {sync::SignedType::receipt, scene.device.enrolment.device_id, kept.number, kept.body},
        kept.signature));
    CHECK(sync::decode_receipt(kept.body)->accepted.size() == 3);
}

TEST_CASE("a device without a waiting answer renews its expired credential to tell its counts") {
    Scene scene;
    REQUIRE(scene.outbox->note({.day = kDay, .shown = 3}));
    scene.central.now += std::chrono::days(91);
    auto sender = scene.device.sender();
    const auto first = sender.send(*scene.outbox, scene.device.uplink);
    REQUIRE(first);
    CHECK(first->renewed);
    CHECK_FALSE(first->told.done);
    CHECK(first->told.trouble.empty());
    scene.device.clock_ms += first->told.again.count();
    const auto second = sender.send(*scene.outbox, scene.device.uplink);
    REQUIRE(second);
    CHECK(second->told.agrees);
    CHECK(scene.device.uplink.statuses == std::vector{401, 200, 200});
}

TEST_CASE("a lost receipt is counted once") {
    Scene scene;
    scene.keep(1, 5);
    auto sender = scene.device.sender();
    scene.device.uplink.lose_replies = 1;
    CHECK(sender.send(*scene.outbox, scene.device.uplink)->accepted == 0);
    CHECK(scene.drain().agrees);
    CHECK(scene.judged().lines.front().verdict == "5 of 5 received");
}

TEST_CASE("an answer that went by phone first is counted once, as that") {
    Scene scene;
    survey::Response by_phone = sample::response(1);
    by_phone.channel = survey::Channel::qr;
    REQUIRE(scene.central.service.accept(by_phone));
    scene.keep(1, 2);
    scene.device.uplink.lose_replies = 1;
    (void)scene.device.sender().send(*scene.outbox, scene.device.uplink);
    CHECK(scene.drain().agrees);
    CHECK(scene.judged().lines.front().verdict == "2 of 2 received (1 by phone)");
}

TEST_CASE("what central lacks is named on both sides, with what the device still holds") {
    Scene scene;
    scene.keep(1, 4);
    CHECK(scene.drain().agrees);
    // Answers that a device counted and no longer has: a disk that lost them.
    REQUIRE(scene.outbox->note({.day = kDay, .stored = 3}));
    scene.device.clock_ms += 61'000;
    const auto told = scene.drain();
    CHECK(told.done);
    CHECK_FALSE(told.agrees);
    CHECK(told.difference == "2026-11-22: central has 4 of 7");
    const auto judged = scene.judged();
    CHECK(judged.lines.front().verdict == "4 of 7 received, 3 missing");
    CHECK(judged.lines.front().differs);
    CHECK(judged.standing.front().missing == 3);
    CHECK(judged.standing.front().verdict.find("3 unexplained") != std::string::npos);
    CHECK(ledger_csv(judged).find("4 of 7 received") != std::string::npos);
    CHECK(ledger_json(judged).find("\"missing\": 3") != std::string::npos);
}

TEST_CASE("a clock that is set back into a settled day adds to what both sides have of it") {
    Scene scene;
    scene.keep(1, 4);
    CHECK(scene.drain().agrees);
    CHECK(scene.outbox->ledger()->days.empty());
    scene.keep(5, 3);
    scene.device.clock_ms += 61'000;
    CHECK(scene.drain().agrees);
    CHECK(scene.judged().lines.front().verdict == "7 of 7 received");
    CHECK_FALSE(scene.judged().lines.front().differs);
}

TEST_CASE("a device out of a backup is told apart from one that lost answers") {
    Scene scene;
    scene.keep(1, 4);
    CHECK(scene.drain().agrees);
    scene.outbox = sync::make_memory_outbox();
    REQUIRE(scene.outbox->note({.day = kDay, .stored = 1}));
    scene.device.clock_ms += 61'000;
    CHECK(scene.drain().difference == "2026-11-22: central has 4 of 1");
    const auto judged = scene.judged();
    CHECK(judged.lines.front().verdict == "4 of 1 received, 3 more than the device counted");
    CHECK(judged.standing.front().verdict.find("restored from a backup") != std::string::npos);
}

TEST_CASE("counts are told when they change, at most once a minute") {
    Scene scene;
    scene.keep(1, 1);
    auto sender = scene.device.sender();
    const auto turn = [&] { return sender.send(*scene.outbox, scene.device.uplink).value().told; };
    (void)turn();
    REQUIRE(scene.outbox->note({.day = "2026-11-23", .shown = 1}));
    CHECK(turn().done);
    CHECK_FALSE(turn().done);
    REQUIRE(scene.outbox->note({.day = "2026-11-23", .shown = 1}));
    scene.device.clock_ms += 40'000;
    const auto later = turn();
    CHECK_FALSE(later.done);
    CHECK(later.again <= std::chrono::seconds{20});
    scene.device.clock_ms += 20'000;
    CHECK(turn().done);
    CHECK_FALSE(turn().done);
    scene.device.clock_ms -= 3'600'000;  // a clock that was set back does not silence it
    REQUIRE(scene.outbox->note({.day = "2026-11-23", .shown = 1}));
    CHECK(turn().done);
}

TEST_CASE("nothing is forgotten on a word that is not central's") {
    Scene scene;
    scene.keep(1, 2);
    auto sender = scene.device.sender();
    REQUIRE(sender.send(*scene.outbox, scene.device.uplink)->accepted == 2);
    scene.device.uplink.tamper = [](sync::UplinkReply& reply) {
        if (reply.body.find("received") != std::string::npos) reply.body += " ";
    };
    const auto told = sender.send(*scene.outbox, scene.device.uplink)->told;
    CHECK_FALSE(told.done);
    CHECK(told.trouble.find("not signed") != std::string::npos);
    CHECK(scene.outbox->ledger()->days.size() == 1);
    CHECK(scene.outbox->receipts()->size() == 1);
}

TEST_CASE("a central of before the ledger is asked once, and answers go on") {
    Scene scene;
    scene.keep(1, 2);
    auto sender = scene.device.sender();
    REQUIRE(sender.send(*scene.outbox, scene.device.uplink)->accepted == 2);
    scene.device.uplink.tamper = [](sync::UplinkReply& reply) { reply = {404, "", "", 0}; };
    CHECK(sender.send(*scene.outbox, scene.device.uplink)->told.trouble.find("older") !=
          std::string::npos);
    scene.device.uplink.tamper = {};
    const auto asked = scene.device.uplink.requests.size();
    scene.device.clock_ms += 3'600'000;
    CHECK(sender.send(*scene.outbox, scene.device.uplink)->told.trouble.empty());
    CHECK(scene.device.uplink.requests.size() == asked);
}

TEST_CASE("hours that a device had wrong are corrected, and its ledger keeps its own day") {
    Scene scene;
    const auto key = sync::decode_key(scene.device.enrolment.sealing_key).value();
    const auto put = [&](std::uint32_t n, std::optional<survey::ClockReading> clock) {
        survey::Response response = sample::response(n);
        response.answered_at = sample::time("2001-05-05T05:00:00Z");
        response.clock = clock;
        const auto sealed = sync::seal_answer(survey::encode_response(response), key).value();
        REQUIRE(scene.outbox->put({response.id, sealed, kDay}));
    };
    put(1, survey::ClockReading{7, 100, false});
    put(2, survey::ClockReading{6, 100, false});
    put(3, survey::ClockReading{6, 100, true});
    put(4, std::nullopt);
    auto sender = scene.device.sender();
    sender.tell_clock([] { return survey::ClockReading{7, 145, false}; });  // 45 minutes later
    REQUIRE(sender.send(*scene.outbox, scene.device.uplink)->accepted == 4);
    std::map<std::string, survey::Response> stored;
    REQUIRE(scene.central.store.visit({}, [&](const survey::Response& response) {
        stored.emplace(response.id.text(), response);
        return true;
    }));
    const auto judged = [&](std::uint32_t n) {
        const survey::Response& response = stored.at(sample::id(n).text());
        CHECK_FALSE(response.clock);
        return survey::JudgedTime{response.answered_at, response.time};
    };
    const auto wrong = sample::time("2001-05-05T05:00:00Z");
    CHECK(judged(1) ==
          survey::JudgedTime{sample::time("2026-11-22T09:00:00Z"), survey::TimeKind::corrected});
    CHECK(judged(2) == survey::JudgedTime{wrong, survey::TimeKind::uncertain});
    CHECK(judged(3) == survey::JudgedTime{wrong, survey::TimeKind::trusted});
    CHECK(judged(4) == survey::JudgedTime{wrong, survey::TimeKind::unsaid});
}

TEST_CASE("only the device itself tells its counts") {
    Scene scene;
    const auto key = sync::SigningKey::make().value();
    const std::string body = sync::encode_ledger({{{.day = kDay, .stored = 9}}, 0, 0});
    const std::string id = scene.device.enrolment.device_id;
    const auto post = [&](const sync::SigningKey& signer, sync::SignedType type) {
        sync::UplinkRequest request{"/v1/ledger", scene.device.enrolment.credential, body};
        request.headers = {{std::string(sync::kNumberHeader), "5"},
                           {std::string(sync::kSignatureHeader), signer.sign({type, id, 5, body})}};
        return scene.central.handle(request).status;
    };
    CHECK(post(key, sync::SignedType::ledger) == 401);
    CHECK(post(*scene.device.key, sync::SignedType::batch) == 401);
    CHECK(scene.judged().lines.empty());
    CHECK(post(*scene.device.key, sync::SignedType::ledger) == 200);
    CHECK(post(*scene.device.key, sync::SignedType::ledger) == 409);
    CHECK(scene.judged().lines.size() == 1);
}

}  // namespace kaiku::central
