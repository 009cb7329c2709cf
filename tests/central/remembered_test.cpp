#include "central/service/remembered.hpp"

#include "central/service/service.hpp"
#include "central/store/memory_store.hpp"
#include "survey/wire.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

using std::chrono::milliseconds;

/// A store whose secrets another process may take away, and which counts what it is asked.
class Watched : public MemoryStore {
  public:
    Result<std::optional<Secret>> find_credential(const std::string& hash) override {
        ++secrets_read;
        if (revoked) return std::optional<Secret>();
        return MemoryStore::find_credential(hash);
    }
    Result<std::vector<Unit>> units() override {
        ++units_read;
        return MemoryStore::units();
    }
    bool revoked = false;
    int secrets_read = 0;
    int units_read = 0;
};

struct Bench {
    Bench()
        : remembered(store, [this] { return uptime; }),
          service(store, {.now = [] { return sample::time("2026-11-22T10:00:00Z"); },
                          .day_of = [](survey::UtcSeconds) { return std::string("2026-11-22"); },
                          .entropy = system_entropy(),
                          .uptime = [this] { return uptime; }}) {
        REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
        add(SecretKind::token, "token-secret");
        add(SecretKind::device, "device-secret");
    }
    void add(SecretKind kind, const std::string& secret) {
        Secret record;
        record.hash = hash_secret(secret);
        record.kind = kind;
        record.scope = kind == SecretKind::token ? "responses:write" : "";
        REQUIRE(store.add_secret(record));
    }
    int post(std::uint32_t number, const std::string& unit = "a") {
        return service
            .handle({"POST", "/v1/responses", "application/json", "Bearer token-secret",
                     survey::encode_response(sample::response(number, unit))})
            .status;
    }

    milliseconds uptime{1000};
    Watched store;
    Remembered remembered;
    Service service;
};

}  // namespace

TEST_CASE("many answers with one token ask the store once for token and units") {
    Bench bench;
    for (std::uint32_t number = 1; number <= 50; ++number) CHECK(bench.post(number) == 201);
    CHECK(bench.store.secrets_read == 1);
    CHECK(bench.store.units_read == 1);
}

TEST_CASE("a token that another process revoked is refused within three seconds") {
    Bench bench;
    CHECK(bench.post(1) == 201);
    bench.store.revoked = true;
    bench.uptime += Remembered::kRemembered - milliseconds(1);
    CHECK(bench.post(2) == 201);
    bench.uptime += milliseconds(1);
    CHECK(bench.post(3) == 401);
    CHECK(bench.post(4) == 401);
}

TEST_CASE("a device's credential is not remembered: a revoked one is refused at once") {
    Bench bench;
    const std::string hash = hash_secret("device-secret");
    CHECK(bench.remembered.find_credential(hash).value().has_value());
    bench.store.revoked = true;
    CHECK_FALSE(bench.remembered.find_credential(hash).value().has_value());
}

TEST_CASE("a token and a unit that another process just made work at once") {
    Bench bench;
    CHECK(bench.post(1, "b") == 422);
    REQUIRE(bench.store.add_unit({"b", "B", "B", "", ""}));
    CHECK(bench.post(1, "b") == 201);
    const std::string hash = hash_secret("new-secret");
    CHECK_FALSE(bench.remembered.find_credential(hash).value().has_value());
    bench.add(SecretKind::token, "new-secret");
    CHECK(bench.remembered.find_credential(hash).value().has_value());
}

TEST_CASE("what is remembered has a limit and stays right beyond it") {
    Bench bench;
    for (std::size_t number = 0; number <= Remembered::kMaxTokens + 1; ++number) {
        const std::string secret = "token-" + std::to_string(number);
        bench.add(SecretKind::token, secret);
        CHECK(bench.remembered.find_credential(hash_secret(secret)).value().has_value());
    }
    const int read = bench.store.secrets_read;
    CHECK(bench.remembered.find_credential(hash_secret("token-0")).value().has_value());
    CHECK(bench.store.secrets_read == read + 1);  // it was forgotten, not kept beyond the limit
}

}  // namespace kaiku::central
