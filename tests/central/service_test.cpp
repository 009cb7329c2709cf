#include "central/service/service.hpp"

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "central/store/memory_store.hpp"
#include "survey/wire.hpp"
#include "sync/protocol.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

using nlohmann::json;

/// A service over the memory store, with one unit, one device and one token.
struct Bench {
    explicit Bench(const sync::KeyPair* key = nullptr)
        : service(store, {[] { return sample::time("2026-11-22T10:00:00Z"); },
                          [](survey::UtcSeconds) { return std::string("2026-11-22"); },
                          system_entropy(), 5, key}) {
        REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
        add(SecretKind::device, "device-secret", "");
        add(SecretKind::token, "token-secret", "responses:write");
        add(SecretKind::token, "other-secret", "something:else");
    }

    void add(SecretKind kind, const std::string& secret, const std::string& scope,
             std::optional<survey::UtcSeconds> expires_at = std::nullopt) {
        Secret record;
        record.expires_at = expires_at;
        record.hash = hash_secret(secret);
        record.kind = kind;
        record.unit = kind == SecretKind::device ? "a" : "";
        record.scope = scope;
        record.device_id = kind == SecretKind::device ? "device-1" : "";
        REQUIRE(store.add_secret(record));
    }

    Reply post(const std::string& path, const std::string& bearer, const std::string& body) {
        return service.handle({"POST", path, "application/json; charset=utf-8",
                               bearer.empty() ? "" : "Bearer " + bearer, body});
    }

    sync::Receipt batch(const std::vector<sync::OutboxEntry>& entries) {
        const Reply reply = post("/v1/batches", "device-secret", sync::encode_batch(entries));
        REQUIRE(reply.status == 200);
        const auto receipt = sync::decode_receipt(reply.body);
        REQUIRE(receipt);
        return *receipt;
    }

    std::int64_t stored() {
        std::int64_t count = 0;
        const Tallies tallies = store.tally({}).value();
        for (const auto& [key, tally] : tallies) {
            count += tally.responses;
        }
        return count;
    }

    MemoryStore store;
    Service service;
};

sync::OutboxEntry entry(const survey::Response& response) {
    return {response.id, survey::encode_response(response)};
}

std::string header(const Reply& reply, const std::string& wanted) {
    for (const auto& [name, value] : reply.headers) {
        if (name == wanted) {
            return value;
        }
    }
    return {};
}

}  // namespace

TEST_CASE("a batch is stored once, however often it comes") {
    Bench bench;
    const std::vector entries{entry(sample::response(1)), entry(sample::response(2))};
    for (int round = 0; round < 3; ++round) {
        const auto receipt = bench.batch(entries);
        CHECK(receipt.accepted.size() == 2);
        CHECK(receipt.refused.empty());
    }
    CHECK(bench.stored() == 2);
}

TEST_CASE("one bad response is refused with its reason and blocks no other") {
    Bench bench;
    survey::Response lost = sample::response(2);
    lost.unit = "nowhere";
    const auto receipt = bench.batch({entry(sample::response(1)),
                                      entry(lost),
                                      {sample::id(3), R"({"id":1})"},
                                      {sample::id(4), survey::encode_response(sample::response(5))},
                                      entry(sample::response(6))});
    CHECK(receipt.accepted.size() == 2);
    REQUIRE(receipt.refused.size() == 3);
    for (const sync::Refusal& refusal : receipt.refused) {
        CHECK_FALSE(refusal.reason.empty());
        CHECK(refusal.reason.find("Kiitos") == std::string::npos);
    }
    CHECK(bench.stored() == 2);
}

TEST_CASE("a sealed response is opened and stored once, and is the same one unsealed") {
    const auto key = sync::KeyPair::make();
    REQUIRE(key);
    Bench bench(&*key);
    const survey::Response response = sample::response(1);
    const auto sealed = sync::seal_answer(survey::encode_response(response), key->public_key());
    REQUIRE(sealed);
    CHECK(bench.batch({{response.id, *sealed}}).accepted.size() == 1);
    CHECK(bench.batch({{response.id, *sealed}, entry(response)}).accepted.size() == 1);
    CHECK(bench.stored() == 1);
}

TEST_CASE("what central cannot open is refused with a reason that names the cure") {
    const auto key = sync::KeyPair::make();
    const auto other = sync::KeyPair::make();
    REQUIRE(key);
    REQUIRE(other);
    const survey::Response response = sample::response(1);
    const std::string plain = survey::encode_response(response);
    const auto reason = [&](Bench& bench, const std::string& sealed) {
        const auto receipt = bench.batch({{response.id, sealed}});
        REQUIRE(receipt.refused.size() == 1);
        CHECK(bench.stored() == 0);
        return receipt.refused.front().reason;
    };
    Bench bench(&*key);
    const std::string foreign = sync::seal_answer(plain, other->public_key()).value();
    CHECK(reason(bench, foreign) == "/sealed: closed for another key than central's " +
                                        sync::key_id(key->public_key()) +
                                        "; give central its former key back");
    std::string changed = sync::seal_answer(plain, key->public_key()).value();
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    CHECK(reason(bench, changed).starts_with("/sealed: sealed text: "));
    CHECK(reason(bench, sync::seal_answer("no JSON", key->public_key()).value()).find("no JSON") ==
          std::string::npos);
    Bench keyless;
    CHECK(reason(keyless, foreign) == "/sealed: this central has no key to open it");
    // The id beside the seal must be the one inside it.
    const auto mine = sync::seal_answer(plain, key->public_key()).value();
    const auto receipt = bench.batch({{sample::response(2).id, mine}});
    REQUIRE(receipt.refused.size() == 1);
    CHECK(receipt.refused.front().reason == "/id: differs from the id beside the response");
}

TEST_CASE("the same id twice in a batch is accepted once") {
    Bench bench;
    const auto receipt = bench.batch({entry(sample::response(1)), entry(sample::response(1))});
    CHECK(receipt.accepted == std::vector{sample::id(1).text()});
    CHECK(bench.stored() == 1);
}

TEST_CASE("an unknown instrument and version are accepted if they are well formed") {
    Bench bench;
    survey::Response response = sample::response(1);
    response.instrument = "of-tomorrow";
    response.version = 4711;
    CHECK(bench.batch({entry(response)}).accepted.size() == 1);
}

TEST_CASE("a response is created, then known") {
    Bench bench;
    const std::string body = survey::encode_response(sample::response(1));
    const Reply first = bench.post("/v1/responses", "token-secret", body);
    CHECK(first.status == 201);
    CHECK(json::parse(first.body) == json{{"id", sample::id(1).text()}, {"status", "stored"}});
    const Reply second = bench.post("/v1/responses", "token-secret", body);
    CHECK(second.status == 200);
    CHECK(json::parse(second.body)["status"] == "known");
}

TEST_CASE("times are cut to the hour and identifiers are masked on the way in") {
    Bench bench;
    json body = json::parse(survey::encode_response(sample::response(1)));
    body["answered_at"] = "2026-11-22T12:59:59+02:00";
    body["answers"]["text"] = "Soittakaa 040 123 4567, 131052-308T";
    body["contact"] = "maija@example.org";
    REQUIRE(bench.post("/v1/responses", "token-secret", body.dump()).status == 201);
    REQUIRE(bench.store.visit({}, [](const survey::Response& kept) {
        CHECK(survey::format_rfc3339(kept.answered_at) == "2026-11-22T10:00:00Z");
        CHECK(kept.answers.text == "Soittakaa [tel], [hetu]");
        CHECK(kept.contact.empty());
        return true;
    }));
    const auto contacts = bench.store.contacts();
    REQUIRE(contacts.size() == 1);
    CHECK(contacts.begin()->first != sample::id(1).text());
    CHECK(contacts.begin()->second == "maija@example.org");
}

TEST_CASE("whoever may not write is turned away before his body is read") {
    Bench bench;
    const std::string body = survey::encode_response(sample::response(1));
    for (const char* path : {"/v1/responses", "/v1/batches"}) {
        const Reply nobody = bench.post(path, "", body);
        CHECK(nobody.status == 401);
        CHECK(header(nobody, "WWW-Authenticate") == "Bearer");
        CHECK(bench.post(path, "unknown", body).status == 401);
        CHECK(bench.post(path, "other-secret", body).status == 403);
    }
    CHECK(bench.post("/v1/responses", "device-secret", body).status == 403);
    CHECK(bench.post("/v1/batches", "token-secret", body).status == 403);
    CHECK(bench.stored() == 0);
}

TEST_CASE("a token is good until the moment at which it expires") {
    Bench bench;  // it is 10:00:00
    bench.add(SecretKind::token, "ending", "responses:write", sample::time("2026-11-22T10:00:00Z"));
    bench.add(SecretKind::token, "lasting", "responses:write",
              sample::time("2026-11-22T10:00:01Z"));
    const std::string body = survey::encode_response(sample::response(1));
    CHECK(bench.post("/v1/responses", "ending", body).status == 401);
    CHECK(bench.stored() == 0);
    CHECK(bench.post("/v1/responses", "lasting", body).status == 201);
}

TEST_CASE("a bad body gets a problem that names the place") {
    Bench bench;
    const auto post = [&](const std::string& body) {
        return bench.post("/v1/responses", "token-secret", body);
    };
    CHECK(post("").status == 400);
    CHECK(post("{").status == 400);
    CHECK(post("\xff\xfe").status == 400);
    CHECK(post(std::string(200, '[') + std::string(200, ']')).status == 400);
    CHECK(post(std::string(20'000, ' ')).status == 413);
    json body = json::parse(survey::encode_response(sample::response(1)));
    body["answers"]["nps"] = 11;
    const Reply reply = post(body.dump());
    CHECK(reply.status == 422);
    CHECK(reply.content_type == "application/problem+json");
    CHECK(json::parse(reply.body)["pointer"] == "/answers/nps");
    body["answers"]["nps"] = 1;
    body["unit"] = "nowhere";
    CHECK(json::parse(post(body.dump()).body)["pointer"] == "/unit");
    CHECK(bench.service.handle({"POST", "/v1/responses", "text/plain", "Bearer token-secret", "{}"})
              .status == 415);
    CHECK(bench.stored() == 0);
}

TEST_CASE("a store in trouble is never taken for an acknowledgement") {
    for (const Errc code : {Errc::busy, Errc::full, Errc::io, Errc::corrupt}) {
        Bench bench;
        bench.store.break_with(Error{code, "store: broken for a test"});
        const std::string body = survey::encode_response(sample::response(1));
        for (const Reply& reply :
             {bench.post("/v1/responses", "token-secret", body),
              bench.post("/v1/batches", "device-secret",
                         sync::encode_batch({entry(sample::response(1))})),
              bench.post("/v1/enroll", "", sync::encode_enrolment({"ABCD-EFGH-JKLM"})),
              bench.service.handle({"GET", "/ready", "", "", ""})}) {
            CHECK(reply.status == 503);
            CHECK(header(reply, "Retry-After") == "10");
        }
        CHECK(bench.service.handle({"GET", "/health", "", "", ""}).status == 200);
        bench.store.break_with(std::nullopt);
        CHECK(bench.stored() == 0);
    }
}

TEST_CASE("an enrolment code gives a credential that works, once") {
    Bench bench;
    Secret code;
    code.hash = hash_secret("ABCD-EFGH-JKLM");
    code.kind = SecretKind::enrolment;
    code.unit = "a";
    REQUIRE(bench.store.add_secret(code));
    const Reply reply = bench.post("/v1/enroll", "", sync::encode_enrolment({"abcd efgh jklm"}));
    REQUIRE(reply.status == 200);
    const auto enrolled = sync::decode_enrolled(reply.body);
    REQUIRE(enrolled);
    CHECK(enrolled->unit == "a");
    CHECK(bench
              .post("/v1/batches", enrolled->credential,
                    sync::encode_batch({entry(sample::response(1))}))
              .status == 200);
    CHECK(bench.post("/v1/enroll", "", sync::encode_enrolment({"ABCD-EFGH-JKLM"})).status == 401);
}

TEST_CASE("guessing codes is stopped after a few failures") {
    Bench bench;
    for (int count = 0; count < 5; ++count) {
        CHECK(bench.post("/v1/enroll", "", sync::encode_enrolment({"ABCD-EFGH-JKLM"})).status ==
              401);
    }
    const Reply reply = bench.post("/v1/enroll", "", sync::encode_enrolment({"ABCD-EFGH-JKLM"}));
    CHECK(reply.status == 429);
    CHECK(header(reply, "Retry-After") == "60");
}

TEST_CASE("unknown addresses and methods are told so") {
    Bench bench;
    CHECK(bench.service.handle({"GET", "/nothing", "", "", ""}).status == 404);
    const Reply reply = bench.service.handle({"GET", "/v1/batches", "", "", ""});
    CHECK(reply.status == 405);
    CHECK(header(reply, "Allow") == "POST");
    CHECK(header(bench.service.handle({"DELETE", "/health", "", "", ""}), "Allow") == "GET, HEAD");
}

TEST_CASE("metrics count without telling answers") {
    Bench bench;
    bench.batch({entry(sample::response(1))});
    bench.batch({entry(sample::response(1))});
    const Reply reply = bench.service.handle({"GET", "/metrics", "", "", ""});
    CHECK(reply.status == 200);
    CHECK(reply.body.find("kaiku_responses_stored_total{channel=\"kiosk\"} 1\n") !=
          std::string::npos);
    CHECK(reply.body.find("kaiku_responses_known_total 1\n") != std::string::npos);
    CHECK(reply.body.find("Kiitos") == std::string::npos);
    CHECK(reply.body.find(sample::id(1).text()) == std::string::npos);
}

TEST_CASE("many identical requests at once all succeed, with one row") {
    Bench bench;
    const std::string body = survey::encode_response(sample::response(1));
    std::atomic<int> created = 0;
    std::atomic<int> known = 0;
    {
        std::vector<std::jthread> threads;
        for (int count = 0; count < 16; ++count) {
            threads.emplace_back([&] {
                const int status = bench.post("/v1/responses", "token-secret", body).status;
                created += status == 201 ? 1 : 0;
                known += status == 200 ? 1 : 0;
            });
        }
    }
    CHECK(created == 1);
    CHECK(known == 15);
    CHECK(bench.stored() == 1);
}

}  // namespace kaiku::central
