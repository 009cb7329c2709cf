#include "central/service/rate_limit.hpp"

#include "central/http/session.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

TEST_CASE("a sender has a minute's worth at once, and then as much as trickles in") {
    RateLimit limit(60);
    for (int count = 0; count < 60; ++count) CHECK(limit.take("a", milliseconds(5)).count() == 0);
    CHECK(limit.take("a", milliseconds(5)) == seconds(1));
    CHECK(limit.take("b", milliseconds(5)).count() == 0);
    CHECK(limit.take("a", milliseconds(1000)) == seconds(1));
    CHECK(limit.take("a", milliseconds(1005)).count() == 0);
    CHECK(limit.take("a", milliseconds(1005)) == seconds(1));
    // An hour later it is full again, and no fuller than full.
    for (int count = 0; count < 60; ++count) {
        CHECK(limit.take("a", milliseconds(3'600'000)).count() == 0);
    }
    CHECK(limit.take("a", milliseconds(3'600'000)).count() > 0);
}

TEST_CASE("how long to wait is enough, whatever the rate") {
    for (const std::size_t rate : {1U, 7U, 59U, 6000U}) {
        RateLimit limit(rate);
        for (std::size_t count = 0; count < rate; ++count) {
            REQUIRE(limit.take("a", milliseconds(0)).count() == 0);
        }
        const auto wait = limit.take("a", milliseconds(0));
        CHECK(wait.count() >= 1);
        CHECK(wait <= seconds(60));
        CHECK(limit.take("a", wait).count() == 0);
    }
}

TEST_CASE("a clock that is set back gives nothing and locks nobody out for long") {
    RateLimit limit(2);
    const milliseconds later(10'000'000);
    CHECK(limit.take("a", later).count() == 0);
    CHECK(limit.take("a", later).count() == 0);
    CHECK(limit.take("a", milliseconds(0)).count() > 0);
    CHECK(limit.take("a", milliseconds(30'000)).count() == 0);
}

TEST_CASE("without a limit nobody waits and nobody is remembered") {
    RateLimit limit(0);
    for (int count = 0; count < 1000; ++count) CHECK(limit.take("a", milliseconds(0)).count() == 0);
    CHECK(limit.size() == 0);
}

TEST_CASE("the memory of senders has an end, and who used up his share is remembered longest") {
    RateLimit limit(2);
    CHECK(limit.take("runaway", milliseconds(0)).count() == 0);
    CHECK(limit.take("runaway", milliseconds(0)).count() == 0);
    for (int count = 0; count < 65'535; ++count) {
        CHECK(limit.take(std::to_string(count), milliseconds(0)).count() == 0);
    }
    CHECK(limit.size() == 65'536);
    // After half a minute everybody's bucket is full but one.
    CHECK(limit.take("new", milliseconds(30'000)).count() == 0);
    CHECK(limit.size() == 2);
    CHECK(limit.take("runaway", milliseconds(30'000)).count() == 0);
    CHECK(limit.take("runaway", milliseconds(30'000)).count() > 0);
    for (int count = 0; count < 200'000; ++count) {
        (void)limit.take(std::to_string(count), milliseconds(30'000));
        REQUIRE(limit.size() <= 65'536);
    }
}

TEST_CASE("an address counts by itself, an IPv6 network as one, a proxy not at all") {
    boost::asio::thread_pool workers{1};
    const SessionContext context({[](const Request&) { return Reply{}; }}, {}, workers);
    const auto sender = [&](const char* text) {
        return context.sender_of(boost::asio::ip::make_address(text));
    };
    CHECK(sender("127.0.0.1").empty());
    CHECK(sender("::1").empty());
    CHECK(sender("::ffff:127.0.0.1").empty());
    CHECK(sender("10.0.0.1") == "10.0.0.1");
    CHECK(sender("10.0.0.2") != sender("10.0.0.1"));
    CHECK(sender("::ffff:10.0.0.1") == "10.0.0.1");
    CHECK(sender("2001:db8:1:2::1") == sender("2001:db8:1:2:ffff::9"));
    CHECK(sender("2001:db8:1:2::1") != sender("2001:db8:1:3::1"));
}

}  // namespace kaiku::central
