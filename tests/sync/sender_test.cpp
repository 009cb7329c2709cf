#include "sync/sender.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "survey/wire.hpp"
#include "sync/memory_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using Entries = std::vector<OutboxEntry>;
using Kind = SendOutcome::Kind;
using kaiku::test::entry_of;
using kaiku::test::FakeCentral;
using kaiku::test::FakeUplink;
using kaiku::test::id_of;
using kaiku::test::json_reply;
using std::chrono::milliseconds;

namespace {

std::unique_ptr<Outbox> outbox_of(std::uint64_t entries) {
    auto outbox = make_memory_outbox();
    for (std::uint64_t n = 0; n < entries; ++n) REQUIRE(outbox->put(entry_of(n)));
    return outbox;
}

FakeUplink answering(const Result<UplinkReply>& reply) {
    return FakeUplink([reply](const FakeUplink::Request&) { return reply; });
}

FakeUplink uplink_to(FakeCentral& central) {
    return FakeUplink([&](const FakeUplink::Request& request) { return central.answer(request); });
}

/// Fails at removing, or at quarantining, or at batching.
class BrokenOutbox final : public Outbox {
  public:
    enum class At { batch, remove, quarantine };
    explicit BrokenOutbox(At at) : at_(at), good_(outbox_of(2)) {}
    Status put(const OutboxEntry& entry) override { return good_->put(entry); }
    Result<std::vector<OutboxEntry>> next_batch(std::size_t limit, const Ids& without) override {
        if (at_ == At::batch) return fail(Errc::corrupt, "broken");
        return good_->next_batch(limit, without);
    }
    Status remove(const std::vector<survey::ResponseId>& ids,
                  std::span<const KeptReceipt> receipts) override {
        if (at_ == At::remove) return fail(Errc::full, "broken");
        return good_->remove(ids, receipts);
    }
    Status quarantine(const survey::ResponseId& id, const std::string& reason) override {
        if (at_ == At::quarantine) return fail(Errc::full, "broken");
        return good_->quarantine(id, reason);
    }
    Result<OutboxCounts> counts() override { return good_->counts(); }
    Result<std::vector<QuarantineGroup>> quarantined() override { return good_->quarantined(); }
    Result<std::int64_t> requeue() override { return good_->requeue(); }
    Result<std::int64_t> rewrite(const Change& change) override { return good_->rewrite(change); }
    Status note(const DayCounts& more) override { return good_->note(more); }
    Result<LedgerReport> ledger() override { return good_->ledger(); }
    Result<std::vector<KeptReceipt>> receipts() override { return good_->receipts(); }
    Status settle(const std::vector<std::string>& days, std::int64_t before) override {
        return good_->settle(days, before);
    }

  private:
    At at_;
    std::unique_ptr<Outbox> good_;
};

/// One that the device's rule flagged.
survey::Response flagged_response() {
    return {.id = id_of(9),
            .instrument = "quick-nps",
            .unit = "u",
            .answered_at = survey::UtcSeconds{std::chrono::hours{490000}},
            .answers = {},
            .contact = {},
            .misuse = {{"quick"}, 1}};
}

}  // namespace

TEST_CASE("nothing is sent while nothing waits") {
    auto outbox = outbox_of(0);
    auto uplink = answering(json_reply(200, "{}"));
    CHECK(send_once(*outbox, uplink, "c")->kind == Kind::idle);
    CHECK(uplink.requests.empty());
}

TEST_CASE("a batch goes to its path with the credential and holds at most 256 answers") {
    auto outbox = outbox_of(300);
    FakeCentral central;
    auto uplink = uplink_to(central);
    const auto outcome = send_once(*outbox, uplink, "secret");
    REQUIRE(outcome);
    CHECK(outcome->kind == Kind::sent);
    CHECK(outcome->accepted == 256);
    CHECK(outcome->detail == "256 accepted, 0 quarantined");
    REQUIRE(uplink.requests.size() == 1);
    CHECK(uplink.requests[0].path == "/v1/batches");
    CHECK(uplink.requests[0].bearer == "secret");
    CHECK(uplink.requests[0].body.find("secret") == std::string::npos);
    CHECK(outbox->counts() == OutboxCounts{44, 0, 256});
    CHECK(send_once(*outbox, uplink, "secret")->accepted == 44);
    CHECK(central.stored.size() == 300);
}

TEST_CASE("the next batch is fetched while one is on its way, and holds nothing of that one") {
    auto outbox = outbox_of(600);
    FakeCentral central;
    auto uplink = uplink_to(central);
    DeviceSession session("c");
    Entries ahead;
    std::set<std::string> sent;
    for (int round = 0; round < 10 && sent.size() < 600; ++round) {
        const std::size_t fetched = ahead.size();
        const auto outcome = send_once(*outbox, uplink, session, &ahead);
        REQUIRE(outcome);
        REQUIRE(outcome->kind == Kind::sent);
        if (fetched > 0) CHECK(outcome->accepted == fetched);
        for (const auto& [id, response] : central.stored) sent.insert(id);
        for (const OutboxEntry& entry : ahead) REQUIRE_FALSE(sent.contains(entry.id.text()));
    }
    CHECK(sent.size() == 600);
    CHECK(ahead.empty());
    CHECK(outbox->counts() == OutboxCounts{0, 0, 600});
    CHECK(send_once(*outbox, uplink, session, &ahead)->kind == Kind::idle);
}

TEST_CASE("an attempt that fails leaves nothing fetched ahead, and nothing behind") {
    auto outbox = outbox_of(300);
    auto broken = answering(fail(Errc::network, "away"));
    DeviceSession session("c");
    Entries ahead;
    CHECK(send_once(*outbox, broken, session, &ahead)->kind == Kind::retry_later);
    CHECK(ahead.empty());
    FakeCentral central;
    auto uplink = uplink_to(central);
    for (int round = 0; round < 10 && central.stored.size() < 300; ++round) {
        REQUIRE(send_once(*outbox, uplink, session, &ahead));
    }
    CHECK(central.stored.size() == 300);
    CHECK(outbox->counts()->waiting == 0);
}

TEST_CASE("a batch of the largest answers stays within the byte limit and all go in the end") {
    auto outbox = make_memory_outbox();
    const std::string large = "\"" + std::string(kMaxEntryBytes - 2, 'x') + "\"";
    for (std::uint64_t n = 0; n < 256; ++n) REQUIRE(outbox->put({id_of(n), large}));
    FakeCentral central;
    auto uplink = uplink_to(central);
    while (outbox->counts()->waiting > 0) {
        REQUIRE(send_once(*outbox, uplink, "c")->accepted > 0);
        CHECK(uplink.requests.back().body.size() <= kMaxBatchBytes);
    }
    CHECK(uplink.requests.size() == 3);
    CHECK(outbox->counts() == OutboxCounts{0, 0, 256});
}

TEST_CASE("a receipt frees exactly the answers that were sent and are named") {
    auto outbox = outbox_of(3);
    // Not in the batch, no id at all, twice the same, upper case: all ignored.
    auto uplink = answering(json_reply(
        200, encode_receipt({{id_of(1).text(), id_of(1).text(), id_of(50).text(), "nonsense", ""},
                             {{id_of(60).text(), "r"}, {"x", "r"}}})));
    const auto outcome = send_once(*outbox, uplink, "c");
    CHECK(outcome->kind == Kind::sent);
    CHECK(outcome->accepted == 1);
    CHECK(outcome->quarantined == 0);
    CHECK(outbox->counts() == OutboxCounts{2, 0, 1});
}

TEST_CASE("a receipt frees nothing that was not in its batch") {
    auto outbox = outbox_of(1);
    FakeUplink uplink([&](const FakeUplink::Request&) {
        // Meanwhile another answer is saved, and the receipt names that one too.
        REQUIRE(outbox->put(entry_of(9)));
        return json_reply(200, encode_receipt({{id_of(0).text(), id_of(9).text()}, {}}));
    });
    CHECK(send_once(*outbox, uplink, "c")->accepted == 1);
    CHECK(outbox->next_batch(5)->front().id == id_of(9));
}

TEST_CASE("a refused answer is quarantined and the others go on") {
    auto outbox = outbox_of(4);
    FakeCentral central;
    central.refuses[id_of(2).text()] = "unknown unit";
    auto uplink = uplink_to(central);
    const auto outcome = send_once(*outbox, uplink, "c");
    CHECK(outcome->accepted == 3);
    CHECK(outcome->quarantined == 1);
    CHECK(outbox->counts() == OutboxCounts{0, 1, 3});
    CHECK(send_once(*outbox, uplink, "c")->kind == Kind::idle);
}

TEST_CASE("an answer both accepted and refused is kept in quarantine") {
    auto outbox = outbox_of(1);
    const auto id = id_of(0).text();
    auto uplink = answering(json_reply(200, encode_receipt({{id}, {{id, "both"}}})));
    CHECK(send_once(*outbox, uplink, "c")->quarantined == 1);
    CHECK(outbox->counts() == OutboxCounts{0, 1, 0});
}

TEST_CASE("a receipt that names nothing of the batch makes the device wait") {
    auto outbox = outbox_of(2);
    auto uplink = answering(json_reply(200, encode_receipt({})));
    CHECK(send_once(*outbox, uplink, "c")->kind == Kind::retry_later);
    CHECK(outbox->counts() == OutboxCounts{2, 0, 0});
}

TEST_CASE("no answer and an odd status change nothing") {
    auto outbox = outbox_of(2);
    auto none = answering(fail(Errc::network, "central: Timeout was reached"));
    const auto outcome = send_once(*outbox, none, "c");
    CHECK(outcome->kind == Kind::retry_later);
    CHECK(outcome->detail == "central: Timeout was reached");
    for (const int status : {0, 100, 201, 204, 301, 404, 409, 500, 503}) {
        INFO(status);
        auto uplink = answering(json_reply(status, encode_receipt({{id_of(0).text()}, {}})));
        CHECK(send_once(*outbox, uplink, "c")->kind == Kind::retry_later);
    }
    CHECK(outbox->counts() == OutboxCounts{2, 0, 0});
}

TEST_CASE("a batch refused whole is halved until the offenders are alone") {
    const auto status = GENERATE(400, 413, 422);
    auto outbox = outbox_of(50);
    const std::set<std::string> poison{id_of(3).text(), id_of(17).text(), id_of(49).text()};
    FakeCentral central;
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        for (const auto& id : poison) {
            if (request.body.find(id) != std::string::npos) return json_reply(status, "{}");
        }
        return central.answer(request);
    });
    const auto outcome = send_once(*outbox, uplink, "c");
    CHECK(outcome->kind == Kind::sent);
    CHECK(outcome->accepted == 47);
    CHECK(outcome->quarantined == 3);
    CHECK(outbox->counts() == OutboxCounts{0, 3, 47});
    for (const auto& id : poison) CHECK_FALSE(central.stored.contains(id));
}

TEST_CASE("halving that the network interrupts keeps what was reached and what was not") {
    auto outbox = outbox_of(8);
    FakeCentral central;
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        const auto items = decode_batch(request.body);
        if (items->size() == 8) return json_reply(400, "{}");
        if (!central.stored.empty()) return fail(Errc::network, "the connection broke");
        return central.answer(request);
    });
    const auto outcome = send_once(*outbox, uplink, "c");
    CHECK(outcome->kind == Kind::sent);
    CHECK(outcome->accepted == 4);
    CHECK(outcome->detail == "4 accepted, 0 quarantined, then: the connection broke");
    CHECK(outbox->counts() == OutboxCounts{4, 0, 4});
}

TEST_CASE("a central that refuses even an empty batch condemns no answer") {
    const auto status = GENERATE(400, 413, 422);
    auto outbox = outbox_of(5);
    auto uplink = answering(json_reply(status, "{\"title\":\"unknown version\"}"));
    const auto outcome = send_once(*outbox, uplink, "c");
    REQUIRE(outcome);
    CHECK(outcome->kind == Kind::retry_later);
    CHECK(outcome->detail.find("do not go together") != std::string::npos);
    CHECK(outbox->counts() == OutboxCounts{5, 0, 0});
    CHECK(uplink.requests.size() <= 5);
}

TEST_CASE("an outbox that fails is reported and nothing is counted") {
    FakeCentral central;
    auto uplink = uplink_to(central);
    BrokenOutbox at_batch(BrokenOutbox::At::batch);
    CHECK(send_once(at_batch, uplink, "c").error().code == Errc::corrupt);
    BrokenOutbox at_remove(BrokenOutbox::At::remove);
    CHECK(send_once(at_remove, uplink, "c").error().code == Errc::full);
    CHECK(at_remove.counts() == OutboxCounts{2, 0, 0});
    central.refuses[id_of(0).text()] = "why";
    BrokenOutbox at_quarantine(BrokenOutbox::At::quarantine);
    CHECK(send_once(at_quarantine, uplink, "c").error().code == Errc::full);
    CHECK(at_quarantine.counts() == OutboxCounts{2, 0, 0});
}

TEST_CASE("no answer's content reaches the outcome's detail") {
    auto outbox = make_memory_outbox();
    REQUIRE(outbox->put({id_of(1), "{\"text\":\"very private\"}"}));
    for (const int status : {200, 301, 400, 401, 429, 500}) {
        auto uplink = FakeUplink([&](const FakeUplink::Request& request) {
            return UplinkReply{status, "text/html", request.body, 0};
        });
        const auto outcome = send_once(*outbox, uplink, "hush-credential");
        CHECK(outcome->detail.find("private") == std::string::npos);
        CHECK(outcome->detail.find("hush") == std::string::npos);
    }
}

TEST_CASE("the delay after failures stays within its envelope, grows with it and is capped") {
    std::mt19937_64 random(1122);
    for (int round = 0; round < 2000; ++round) {
        const BackoffPolicy policy{milliseconds(1 + static_cast<long>(random() % 10'000)),
                                   milliseconds(1 + static_cast<long>(random() % 5'000'000))};
        double envelope = static_cast<double>(std::min(policy.base, policy.cap).count());
        milliseconds former_low{0};
        for (unsigned failures = 1; failures < 80; ++failures) {
            const auto delay = backoff_delay(policy, failures, random());
            const auto low = backoff_delay(policy, failures, 0);
            const auto high = backoff_delay(policy, failures, ~std::uint64_t{0});
            REQUIRE(static_cast<double>(low.count()) == std::floor(envelope / 2));
            REQUIRE(static_cast<double>(high.count()) <= envelope);
            REQUIRE(static_cast<double>(high.count()) >= envelope - 1);
            REQUIRE(delay >= low);
            REQUIRE(delay <= high);
            REQUIRE(high <= policy.cap);
            REQUIRE(low >= former_low);
            former_low = low;
            envelope = std::min(envelope * 2, static_cast<double>(policy.cap.count()));
        }
    }
}

TEST_CASE("the delay is nothing without failures and never more than the cap") {
    CHECK(backoff_delay({}, 0, ~std::uint64_t{0}) == milliseconds{0});
    CHECK(backoff_delay({}, 1, 0) == milliseconds{500});
    CHECK(backoff_delay({}, 4'000'000'000U, ~std::uint64_t{0}) <= std::chrono::minutes{10});
    CHECK(backoff_delay({}, 4'000'000'000U, 0) == std::chrono::minutes{5});
    CHECK(backoff_delay({milliseconds{0}, milliseconds{5}}, 9, 1) == milliseconds{0});
    constexpr auto kForever = milliseconds::max();
    CHECK(backoff_delay({milliseconds{1000}, kForever}, 4'000'000'000U, 0) > milliseconds{0});
}

TEST_CASE("a central that knows no verdicts gets a flagged answer without, and nothing is lost") {
    auto outbox = outbox_of(2);
    const survey::Response response = flagged_response();
    REQUIRE(outbox->put({response.id, survey::encode_response(response)}));
    std::vector<std::string> bodies;
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        bodies.push_back(request.body);
        Receipt receipt;
        const bool flagged = request.body.find("rule_version") != std::string::npos;
        for (const std::uint64_t number : {0U, 1U, 9U}) {
            const std::string id = id_of(number).text();
            if (request.body.find(id) == std::string::npos) continue;
            if (number == 9 && flagged) {
                receipt.refused.push_back({id, "/flags: is not a known field"});
            } else {
                receipt.accepted.push_back(id);
            }
        }
        return json_reply(200, encode_receipt(receipt));
    });
    const auto outcome = send_once(*outbox, uplink, "c");
    REQUIRE(outcome);
    CHECK(outcome->accepted == 3);
    CHECK(outcome->quarantined == 0);
    CHECK(outbox->counts() == OutboxCounts{0, 0, 3});
    REQUIRE(bodies.size() == 2);
    CHECK(bodies.at(1).find("rule_version") == std::string::npos);
}

TEST_CASE("a flagged answer that central refuses without its verdict too is quarantined") {
    auto outbox = make_memory_outbox();
    const survey::Response response = flagged_response();
    REQUIRE(outbox->put({response.id, survey::encode_response(response)}));
    auto uplink =
        answering(json_reply(200, encode_receipt({{}, {{id_of(9).text(), "unknown unit"}}})));
    const auto outcome = send_once(*outbox, uplink, "c");
    REQUIRE(outcome);
    CHECK(outcome->quarantined == 1);
    CHECK(uplink.requests.size() == 2);
}

TEST_CASE("batches grow while central takes them swiftly, and are small again after any trouble") {
    BatchSize size;
    SendOutcome sent;
    sent.kind = Kind::sent;
    const auto took = [&](std::int64_t ms) {
        sent.accepted = size.get();
        size.note(sent, milliseconds{ms});
        return size.get();
    };
    CHECK(size.get() == kFirstBatchResponses);
    CHECK(took(900) == 2 * kFirstBatchResponses);
    CHECK(took(10) == kLargestSentBatch);
    CHECK(took(10) == kLargestSentBatch);
    SECTION("a slow line") { CHECK(took(1001) == kFirstBatchResponses); }
    SECTION("a clock that was set back") { CHECK(took(-5) == kFirstBatchResponses); }
    SECTION("no answer") {
        SendOutcome lost;
        lost.kind = Kind::retry_later;
        size.note(lost, milliseconds{1});
        CHECK(size.get() == kFirstBatchResponses);
        CHECK(took(10) == 2 * kFirstBatchResponses);
    }
    SECTION("an earlier central, which takes no large batch, is sent none again") {
        sent.halved = true;
        CHECK(took(10) == kFirstBatchResponses);
        sent.halved = false;
        CHECK(took(10) == kFirstBatchResponses);
    }
}

TEST_CASE("a central that takes 256 answers at most gets all of a long queue") {
    constexpr std::uint64_t kMany = 1500;
    FakeCentral central;
    std::vector<std::size_t> refused;
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        const auto count = decode_batch(request.body)->size();
        if (count <= kFirstBatchResponses) return central.answer(request);
        refused.push_back(count);
        return json_reply(413, "{}");
    });
    auto outbox = outbox_of(kMany);
    Enrolment enrolment;
    enrolment.device_id = "d";
    Sender sender(
        enrolment, nullptr, [] { return std::int64_t{1}; },
        [](const Enrolment&) { return Status(); });
    for (int n = 0; n < 20 && outbox->counts()->waiting > 0; ++n) {
        CHECK(sender.send(*outbox, uplink)->kind == Kind::sent);
    }
    CHECK(central.stored.size() == kMany);
    CHECK(refused.size() == 1);
}
