#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sync/keyring.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/world.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::sim {
namespace {

survey::Response response_of(std::uint8_t number, int visit) {
    const std::array<std::uint8_t, 16> bytes{number};
    survey::Response response{.id = survey::ResponseId::from_random(bytes),
                              .instrument = "short",
                              .unit = "a",
                              .answered_at = survey::parse_rfc3339("2026-11-22T10:00:00Z").value(),
                              .answers = {},
                              .contact = {}};
    response.answers.text = mark_of(visit);
    return response;
}

std::vector<Promise> promises_of(const std::vector<Broken>& broken) {
    std::vector<Promise> out;
    for (const auto& each : broken) out.push_back(each.promise);
    return out;
}

}  // namespace

TEST_CASE("the same seed gives the same world, byte for byte, whatever ran before it") {
    for (const std::uint64_t seed : {3U, 4U, 5U, 6U}) {
        const auto first = simulate(seed, true).trace;
        (void)simulate(seed + 100);
        CHECK(first == simulate(seed, true).trace);
        CHECK(first.size() > 200);
        CHECK(first != simulate(seed + 1, true).trace);
    }
}

TEST_CASE("an answer that was thanked for and is not at central breaks the first promise") {
    const auto response = response_of(1, 1);
    Ledger ledger;
    ledger.asked(0, response);
    CHECK(ledger.compare({}).empty());  // asked, and not thanked
    ledger.thanked(response.id.text(), 10);
    CHECK(ledger.compare({response}).empty());
    CHECK(promises_of(ledger.compare({})) == std::vector{Promise::durable});
}

TEST_CASE("two answers of one visitor break the second promise, and so does one of nobody") {
    const auto first = response_of(1, 1);
    const auto second = response_of(2, 1);
    Ledger ledger;
    ledger.asked(0, first);
    CHECK(promises_of(ledger.compare({first, response_of(3, 7)})) ==
          std::vector{Promise::exactly_once});
    ledger.asked(0, second);
    CHECK(promises_of(ledger.compare({first, second})) == std::vector{Promise::exactly_once});
}

TEST_CASE("an answer whose content changed on the way breaks the second promise") {
    auto response = response_of(1, 1);
    Ledger ledger;
    ledger.asked(0, response);
    response.answers.nps = 3;
    CHECK(promises_of(ledger.compare({response})) == std::vector{Promise::exactly_once});
}

TEST_CASE("a device's backup excuses what came after it and was not yet at central, no more") {
    const auto before = response_of(1, 1);
    const auto between = response_of(2, 2);
    const auto after = response_of(3, 3);
    const auto sent = response_of(4, 4);
    Ledger ledger;
    std::int64_t now = 0;
    for (const auto& response : {before, between, sent}) {
        ledger.asked(0, response);
        ledger.thanked(response.id.text(), now += 10);
    }
    ledger.receipted(sent.id.text());
    ledger.device_restored(0, 15, 35);
    ledger.asked(0, after);
    ledger.thanked(after.id.text(), 40);
    CHECK(ledger.compare({before, after, sent}).empty());
    CHECK(ledger.compare({}).size() == 3);
}

TEST_CASE("central's backup excuses what it did not hold and devices had let go, no more") {
    const auto let_go = response_of(1, 1);
    const auto kept = response_of(2, 2);
    Ledger ledger;
    for (const auto& response : {let_go, kept}) {
        ledger.asked(0, response);
        ledger.thanked(response.id.text(), 1);
    }
    ledger.receipted(let_go.id.text());
    CHECK(ledger.compare({}).size() == 2);
    ledger.rolled_back({let_go.id.text(), kept.id.text()});
    CHECK(ledger.compare({}).size() == 1);
}

TEST_CASE("a disk keeps what was synced, and loses or tears some of what was not") {
    int kept = 0;
    int torn = 0;
    for (std::uint64_t seed = 0; seed < 64; ++seed) {
        Disk disk{Random(seed)};
        const std::string name = "/kaiku-sim.x/file";
        const auto file = disk.open(name, true);
        REQUIRE(disk.write(*file, 0, std::string(2048, 'a')) == Io::done);
        REQUIRE(disk.sync(*file, name) == Io::done);
        REQUIRE(disk.write(*file, 0, std::string(2048, 'b')) == Io::done);
        disk.stop();
        CHECK(disk.write(*file, 0, "bbbb") == Io::broken);
        disk.start(true);
        const auto found = disk.find(name);
        REQUIRE(found);
        REQUIRE(found->current.size() == 2048);
        const auto count = std::count(found->current.begin(), found->current.end(), 'b');
        CHECK((count % 512 == 0 || count % 512 == 4));
        if (count == 2048) ++kept;
        if (count > 0 && count < 2048) ++torn;
    }
    CHECK(kept > 0);
    CHECK(torn > 20);
}

TEST_CASE("a disk stops and fails at exactly the call that it was told") {
    Disk disk{Random(1)};
    const auto file = disk.open("/kaiku-sim.x/file", true);
    disk.fail_at(1, 2);
    std::vector<Io> done;
    for (int call = 0; call < 4; ++call) done.push_back(disk.write(*file, 0, "x"));
    CHECK(done == std::vector{Io::done, Io::broken, Io::broken, Io::done});
    disk.stop_at(2);
    CHECK(disk.write(*file, 0, "x") == Io::done);
    CHECK(disk.write(*file, 0, "x") == Io::done);
    CHECK(disk.is_stopped());
    CHECK(disk.write(*file, 0, "x") == Io::broken);
}

TEST_CASE("a sealing key that was read once is still there after a power cut") {
    const char* path = "/kaiku-sim.keys.ring";
    for (std::int64_t call = 0; call < 8; ++call) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            Disk disk{Random(seed)};
            Disks::all().add("keys", disk);
            auto ring = sync::Keyring::load_or_make(path);
            REQUIRE(ring);
            disk.fail_at(call, 1);
            (void)ring->rotate(path);
            disk.heal();
            const auto told = sync::Keyring::load(path);
            REQUIRE(told);
            disk.stop();
            disk.start(true);
            const auto after = sync::Keyring::load(path);
            REQUIRE(after);
            CHECK(after->keys() == told->keys());
            Disks::all().clear();
        }
    }
}

}  // namespace kaiku::sim
