// Single answers that no thread waits for: POST /v1/responses through Service::answer_quickly.
#include <atomic>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "central/service/service.hpp"
#include "central/store/memory_store.hpp"
#include "survey/wire.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

/// Counts what is written at once, and writes only while the gate is open.
class Gated : public MemoryStore {
  public:
    using Store::put;
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::span<const MessageMark> marks) override {
        ++puts;
        closed.wait(true);
        return MemoryStore::put(submissions, marks);
    }
    std::atomic<bool> closed = false;
    std::atomic<int> puts = 0;
};

Request request(std::string body, const std::string& bearer = "token-secret") {
    return {"POST", "/v1/responses", "application/json", "Bearer " + bearer, std::move(body)};
}

Request request(std::uint32_t number) {
    return request(survey::encode_response(sample::response(number)));
}

struct Bench {
    Bench()
        : service(store, {.now = [] { return sample::time("2026-11-22T10:00:00Z"); },
                          .day_of = [](survey::UtcSeconds) { return std::string("2026-11-22"); },
                          .entropy = system_entropy(),
                          .uptime = [this] { return milliseconds(uptime); }}) {
        REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
        Secret token;
        token.hash = hash_secret("token-secret");
        token.kind = SecretKind::token;
        token.scope = "responses:write";
        REQUIRE(store.add_secret(token));
    }
    /// Token and unit are remembered from here on.
    void warm_up() { REQUIRE(service.handle(request(999)).status == 201); }
    /// The reply; nothing if the request is one for handle().
    std::optional<std::future<Reply>> ask(const Request& asked) {
        auto promise = std::make_shared<std::promise<Reply>>();
        if (!service.answer_quickly(asked, [promise](Reply reply) { promise->set_value(reply); })) {
            return std::nullopt;
        }
        return promise->get_future();
    }

    std::atomic<int> uptime = 1000;
    Gated store;
    Service service;
};

}  // namespace

TEST_CASE("a quick answer is told what a waited-for one is told") {
    Bench bench;
    bench.warm_up();
    auto first = bench.ask(request(1));
    REQUIRE(first);
    const Reply stored = first->get();
    CHECK(stored.status == 201);
    CHECK(stored.route == "/v1/responses");
    CHECK(json::parse(stored.body) == json{{"id", sample::id(1).text()}, {"status", "stored"}});
    auto again = bench.ask(request(1));
    REQUIRE(again);
    CHECK(again->get().status == 200);
    CHECK(bench.service.handle(request(1)).status == 200);
    CHECK(bench.store.holds(sample::id(1)).value());
}

TEST_CASE("whatever would wait for the store, or be refused, is left to handle()") {
    Bench bench;
    CHECK_FALSE(bench.ask(request(1)));  // nothing is remembered yet
    bench.warm_up();
    CHECK_FALSE(bench.ask(request("{")));
    CHECK_FALSE(bench.ask(request(survey::encode_response(sample::response(1)), "other")));
    CHECK_FALSE(bench.ask(request(survey::encode_response(sample::response(1, "b")))));
    CHECK_FALSE(bench.ask(request(std::string(survey::kMaxResponseBytes + 1, ' '))));
    Request other = request(1);
    other.content_type = "text/plain";
    CHECK_FALSE(bench.ask(other));
    other = request(1);
    other.path = "/v1/batches";
    CHECK_FALSE(bench.ask(other));
    other = request(1);
    other.method = "PUT";
    CHECK_FALSE(bench.ask(other));
    bench.uptime += static_cast<int>(Remembered::kRemembered.count());
    CHECK_FALSE(bench.ask(request(1)));
    CHECK_FALSE(bench.store.holds(sample::id(1)).value());
}

TEST_CASE("a store in trouble gives a quick answer 503, and the next one is stored") {
    Bench bench;
    bench.warm_up();
    bench.store.break_with(Error{Errc::full, "store: broken for a test"});
    auto reply = bench.ask(request(1));
    REQUIRE(reply);
    CHECK(reply->get().status == 503);
    bench.store.break_with(std::nullopt);
    reply = bench.ask(request(1));
    REQUIRE(reply);
    CHECK(reply->get().status == 201);
}

TEST_CASE("quick answers that come while the store is busy share the next step") {
    Bench bench;
    bench.warm_up();
    bench.store.closed = true;
    std::vector<std::future<Reply>> replies;
    replies.push_back(*bench.ask(request(1)));
    while (bench.store.puts < 2) std::this_thread::yield();  // the warming up, and the first
    for (std::uint32_t number = 2; number <= 300; ++number) {
        replies.push_back(*bench.ask(request(number)));
    }
    // One that waits for itself joins them.
    std::jthread waits([&] { CHECK(bench.service.handle(request(301)).status == 201); });
    bench.store.closed = false;
    bench.store.closed.notify_all();
    for (auto& reply : replies) CHECK(reply.get().status == 201);
    waits.join();
    CHECK(bench.store.puts <= 4);
    for (std::uint32_t number = 1; number <= 301; ++number) {
        REQUIRE(bench.store.holds(sample::id(number)).value());
    }
}

TEST_CASE("quick answers and waited-for ones from many threads are each told once") {
    Bench bench;
    bench.warm_up();
    std::atomic<int> told = 0;
    std::atomic<int> stored = 0;
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (std::uint32_t number = 0; number < 100; ++number) {
                    // Every answer comes from two threads.
                    const Request asked = request(1000 + thread / 2 * 100 + number);
                    const Answer count = [&](const Reply& reply) {
                        ++told;
                        stored += reply.status == 201 ? 1 : 0;
                    };
                    if (number % 3 == 0 || !bench.service.answer_quickly(asked, count)) {
                        count(bench.service.handle(asked));
                    }
                }
            });
        }
    }
    while (told < 400) std::this_thread::yield();
    CHECK(told == 400);
    CHECK(stored == 200);
}

TEST_CASE("a service that ends has told everyone") {
    std::atomic<int> told = 0;
    {
        Bench bench;
        bench.warm_up();
        for (std::uint32_t number = 1; number <= 50; ++number) {
            REQUIRE(bench.service.answer_quickly(request(number), [&](const Reply&) { ++told; }));
        }
    }
    CHECK(told == 50);
}

}  // namespace kaiku::central
