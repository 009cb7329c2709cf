// Receipts that get lost, log-in pages, servers that fail: nothing acknowledged is lost or doubled.
#include <random>

#include "sync/curl_uplink.hpp"
#include "sync/sender.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using Kind = SendOutcome::Kind;
using kaiku::test::entry_of;
using kaiku::test::Exchange;
using kaiku::test::FakeCentral;
using kaiku::test::FakeUplink;
using kaiku::test::http_reply;
using kaiku::test::id_of;

namespace {

struct Device {
    explicit Device(std::uint64_t entries) {
        auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        outbox = std::move(opened->outbox);
        for (std::uint64_t n = 0; n < entries; ++n) REQUIRE(outbox->put(entry_of(n)));
    }
    test::TempDir folder;
    std::unique_ptr<Outbox> outbox;
};

/// One attempt over real HTTP against one scripted answer.
SendOutcome attempt(Device& device, const std::string& reply, bool stays_silent = false) {
    test::ScriptedServer server({Exchange{reply, false, stays_silent}});
    CurlUplinkOptions options;
    options.central_url = server.http_url();
    options.total_timeout = std::chrono::milliseconds{stays_silent ? 200 : 10'000};
    auto uplink = make_curl_uplink(options);
    REQUIRE(uplink);
    auto outcome = send_once(*device.outbox, **uplink, "credential");
    REQUIRE(outcome);
    CHECK(server.requests().size() == 1);
    return *outcome;
}

void check_unchanged(Device& device, std::int64_t waiting) {
    CHECK(device.outbox->counts() == OutboxCounts{waiting, 0, 0});
}

}  // namespace

TEST_CASE("a lost receipt makes the device send again and central keep one copy") {
    Device device(5);
    FakeCentral central;
    int losses = 3;
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        auto reply = central.answer(request);
        if (losses-- > 0) return fail(Errc::network, "the connection broke");
        return reply;
    });
    for (int time = 0; time < 3; ++time) {
        CHECK(send_once(*device.outbox, uplink, "c")->kind == Kind::retry_later);
        check_unchanged(device, 5);
    }
    CHECK(send_once(*device.outbox, uplink, "c")->accepted == 5);
    CHECK(send_once(*device.outbox, uplink, "c")->kind == Kind::idle);
    CHECK(central.stored.size() == 5);
    CHECK(device.outbox->counts() == OutboxCounts{0, 0, 5});
}

TEST_CASE("a captive portal's log-in page is no receipt") {
    Device device(3);
    const auto outcome =
        attempt(device, http_reply("200 OK", "text/html", "<html><h1>Welcome, log in</h1></html>"));
    CHECK(outcome.kind == Kind::retry_later);
    CHECK(outcome.detail.find("log-in page") != std::string::npos);
    check_unchanged(device, 3);
}

TEST_CASE("an empty 200 and a foreign JSON are no receipts") {
    Device device(3);
    CHECK(attempt(device, http_reply("200 OK", "application/json", "")).kind == Kind::retry_later);
    CHECK(attempt(device, http_reply("200 OK", "application/json", "{\"ok\":true}")).kind ==
          Kind::retry_later);
    CHECK(attempt(device, http_reply("204 No Content", "text/plain", "")).kind ==
          Kind::retry_later);
    check_unchanged(device, 3);
}

TEST_CASE("a redirect is not followed and changes nothing") {
    Device device(3);
    for (const char* status : {"301 Moved Permanently", "302 Found", "307 Temporary Redirect"}) {
        const auto outcome = attempt(device, http_reply(status, "text/html", "moved",
                                                        "Location: http://127.0.0.1:1/login\r\n"));
        CHECK(outcome.kind == Kind::retry_later);
    }
    check_unchanged(device, 3);
}

TEST_CASE("a failing server changes nothing and its wish to wait is heard") {
    Device device(3);
    CHECK(attempt(device, http_reply("500 Internal Server Error", "text/html", "oops")).detail ==
          "central answered with status 500");
    const auto busy = attempt(device, http_reply("429 Too Many Requests", "application/json", "{}",
                                                 "Retry-After: 17\r\n"));
    CHECK(busy.kind == Kind::retry_later);
    CHECK(busy.retry_after == std::chrono::seconds{17});
    const auto forever = attempt(device, http_reply("503 Service Unavailable", "text/html", "",
                                                    "Retry-After: 99999999\r\n"));
    CHECK(forever.retry_after == std::chrono::hours{1});
    check_unchanged(device, 3);
}

TEST_CASE("a proxy's 400 or 413 in HTML condemns no answer") {
    Device device(3);
    for (const char* status : {"400 Bad Request", "413 Content Too Large", "422 Unprocessable"}) {
        CHECK(attempt(device, http_reply(status, "text/html", "nginx")).kind == Kind::retry_later);
    }
    check_unchanged(device, 3);
}

TEST_CASE("a refused credential changes nothing") {
    Device device(3);
    CHECK(attempt(device, http_reply("401 Unauthorized", "application/json", "{}")).kind ==
          Kind::unauthorized);
    CHECK(attempt(device, http_reply("403 Forbidden", "application/json", "{}")).kind ==
          Kind::unauthorized);
    check_unchanged(device, 3);
}

TEST_CASE("answers that are cut, broken, late or missing change nothing") {
    Device device(3);
    const auto receipt = encode_receipt({{id_of(0).text(), id_of(1).text(), id_of(2).text()}, {}});
    const auto whole = http_reply("200 OK", "application/json", receipt);
    SECTION("cut within the body") {
        CHECK(attempt(device, whole.substr(0, whole.size() - 10)).kind == Kind::retry_later);
    }
    SECTION("cut JSON in a whole HTTP answer") {
        CHECK(attempt(device, http_reply("200 OK", "application/json",
                                         receipt.substr(0, receipt.size() / 2)))
                  .kind == Kind::retry_later);
    }
    SECTION("closed without a word") { CHECK(attempt(device, "").kind == Kind::retry_later); }
    SECTION("not HTTP") {
        CHECK(attempt(device, "SSH-2.0-OpenSSH_9.2\r\n").kind == Kind::retry_later);
    }
    SECTION("never answered") { CHECK(attempt(device, "", true).kind == Kind::retry_later); }
    SECTION("stopped in the middle") {
        CHECK(attempt(device, whole.substr(0, 60), true).kind == Kind::retry_later);
    }
    check_unchanged(device, 3);
    CHECK(attempt(device, whole).accepted == 3);
    CHECK(device.outbox->counts() == OutboxCounts{0, 0, 3});
}

TEST_CASE("an answer longer than a receipt can be is cut off and changes nothing") {
    Device device(3);
    const auto outcome = attempt(
        device, http_reply("200 OK", "application/json", std::string(2UL * 1024 * 1024, ' ')));
    CHECK(outcome.kind == Kind::retry_later);
    CHECK(outcome.detail.find("1 MiB") != std::string::npos);
    check_unchanged(device, 3);
}

TEST_CASE("through a thousand random faults every answer arrives exactly once") {
    Device device(0);
    FakeCentral central;
    std::mt19937_64 random(20261122);
    FakeUplink uplink([&](const FakeUplink::Request& request) -> Result<UplinkReply> {
        switch (random() % 8) {
            case 0:
                return fail(Errc::network, "no connection");
            case 1:
                return test::json_reply(500, "{}");
            case 2:
                return UplinkReply{200, "text/html", "<html>", 0};
            case 3:
                static_cast<void>(central.answer(request));
                return test::json_reply(502, "");
            case 4:
                static_cast<void>(central.answer(request));
                return test::json_reply(200, "{");
            default:
                return central.answer(request);
        }
    });
    std::uint64_t made = 0;
    for (int time = 0; time < 1000; ++time) {
        if (made < 300) REQUIRE(device.outbox->put(entry_of(made++)));
        if (random() % 3 == 0) REQUIRE(send_once(*device.outbox, uplink, "c"));
    }
    while (device.outbox->counts()->waiting > 0) {
        REQUIRE(uplink.requests.size() < 5000);
        REQUIRE(send_once(*device.outbox, uplink, "c"));
    }
    REQUIRE(central.stored.size() == 300);
    for (std::uint64_t n = 0; n < 300; ++n) {
        REQUIRE(central.stored.at(id_of(n).text()) == entry_of(n).payload);
    }
    CHECK(device.outbox->counts() == OutboxCounts{0, 0, 300});
}

TEST_CASE("one answer that spoils every batch is found, kept and blocks nobody") {
    Device device(40);
    REQUIRE(device.outbox->put({id_of(1000), "{\"broken\":"}));
    FakeCentral central;
    FakeUplink uplink([&](const FakeUplink::Request& request) { return central.answer(request); });
    const auto outcome = send_once(*device.outbox, uplink, "c");
    REQUIRE(outcome);
    CHECK(outcome->kind == Kind::sent);
    CHECK(outcome->accepted == 40);
    CHECK(outcome->quarantined == 1);
    CHECK(device.outbox->counts() == OutboxCounts{0, 1, 40});
    CHECK(central.stored.size() == 40);
    CHECK(uplink.requests.size() <= 2 * 6 + 2);
}
