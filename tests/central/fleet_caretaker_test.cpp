// One look after the whole fleet: who is found, who is told, and by which of several processes.
#include "central/fleet/alert_text.hpp"
#include "central/fleet/caretaker.hpp"
#include "central/store/memory_store.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central::fleet {
namespace {

using namespace std::chrono_literals;
using survey::UtcSeconds;

/// A Monday, 00:00. In these tests the county lives in UTC.
const UtcSeconds kMonday = survey::parse_rfc3339("2026-11-23T00:00:00Z").value();

class FakeMailer final : public Mailer {
  public:
    Status send(const Mail& mail) override {
        if (!works) return fail(Errc::network, "mail: no route");
        sent.push_back(mail);
        return {};
    }
    bool works = true;
    std::vector<Mail> sent;
};

class FakeWebhook final : public Webhook {
  public:
    Status post(const std::string& json, UtcSeconds /*now*/) override {
        if (!works) return fail(Errc::network, "webhook: no route");
        posted.push_back(json);
        return {};
    }
    bool works = true;
    std::vector<std::string> posted;
};

/// A store that holds a ledger; all else is a MemoryStore's.
struct County {
    County() {
        REQUIRE(store.add_unit({"desk", "D", "D", "", ""}));
        Secret code;
        code.hash = "h";
        code.kind = SecretKind::enrolment;
        code.unit = "desk";
        code.expires_at = kMonday + 24h;
        REQUIRE(store.add_secret(code));
        Secret device;
        device.hash = "d";
        device.kind = SecretKind::device;
        device.device_id = "d1";
        REQUIRE(store.redeem("h", device, "key"));
    }
    void hear(UtcSeconds at, std::int64_t free_mb = 5000) {
        Heard heard{"d1", at, {}};
        heard.heartbeat.clock = at;
        heard.heartbeat.free_mb = free_mb;
        heard.heartbeat.version = "0.3.0";
        REQUIRE(watch->hear(heard));
    }
    Status look(UtcSeconds now) { return look_after(ports(), {.organiser = "main"}, now); }
    CaretakerPorts ports() {
        return {
            .store = store,
            .configs = *configs,
            .watch = *watch,
            .mailer = &mailer,
            .webhook = &webhook,
            .minute_of =
                [](UtcSeconds time) {
                    return static_cast<int>((time - kMonday) / 1min) % (7 * 24 * 60);
                },
            .day_of = [](UtcSeconds time) { return survey::format_rfc3339(time).substr(0, 10); }};
    }

    MemoryStore store;
    std::unique_ptr<ConfigStore> configs = make_memory_config_store();
    std::unique_ptr<WatchStore> watch = make_memory_watch_store();
    FakeMailer mailer;
    FakeWebhook webhook;
};

}  // namespace

TEST_CASE("a device that falls silent is told by mail and webhook, and that it is back") {
    County county;
    county.hear(kMonday + 9h);
    for (auto now = kMonday + 9h; now < kMonday + 10h + 10min; now += 1min) {
        REQUIRE(county.look(now));
    }
    CHECK(county.mailer.sent.empty());
    REQUIRE(county.look(kMonday + 10h + 10min));
    REQUIRE(county.mailer.sent.size() == 1);
    CHECK(county.mailer.sent[0].subject == "Kaiku (main): 1 alerts, 0 over");
    CHECK(county.mailer.sent[0].text.find("begun  silent  unit desk  device d1") == 0);
    REQUIRE(county.webhook.posted.size() == 1);
    CHECK(county.webhook.posted[0].find(R"("kind":"silent","state":"begun")") != std::string::npos);
    for (auto now = kMonday + 10h + 11min; now <= kMonday + 11h; now += 1min) {
        county.hear(now);
        REQUIRE(county.look(now));
    }
    REQUIRE(county.mailer.sent.size() == 2);
    CHECK(county.mailer.sent[1].text.find("over   silent") == 0);
    CHECK(county.watch->book()->first.open.empty());
}

TEST_CASE("opening hours are the configuration's where it has some") {
    County county;
    REQUIRE(county.configs->add(
        {{ScopeKind::unit, "desk"}, 1, {{"opening_hours", "sun 08:00-10:00"}}, 100, kMonday}));
    county.hear(kMonday + 9h);
    for (auto now = kMonday + 9h; now < kMonday + 15h; now += 5min) REQUIRE(county.look(now));
    CHECK(county.mailer.sent.empty());
}

TEST_CASE("a message that nobody took is told again, and one that somebody took is not") {
    County county;
    county.hear(kMonday + 9h, 3);
    county.mailer.works = false;
    auto ports = county.ports();
    ports.webhook = nullptr;
    const CaretakerOptions options{.organiser = "main"};
    for (auto now = kMonday + 9h; now < kMonday + 9h + 30min; now += 1min) {
        county.hear(now, 3);
        REQUIRE(look_after(ports, options, now));
    }
    CHECK(county.mailer.sent.empty());
    county.mailer.works = true;
    for (auto now = kMonday + 9h + 30min; now < kMonday + 12h; now += 1min) {
        county.hear(now, 3);
        REQUIRE(look_after(ports, options, now));
    }
    REQUIRE(county.mailer.sent.size() == 1);
    CHECK(county.mailer.sent[0].text.find("3 MB free") != std::string::npos);
}

TEST_CASE("what one took is still owed to the other, and told once to each") {
    County county;
    const auto pass = [&](UtcSeconds from, std::chrono::minutes time, std::int64_t free_mb) {
        for (auto now = from; now < from + time; now += 1min) {
            county.hear(now, free_mb);
            REQUIRE(county.look(now));
        }
    };
    county.mailer.works = false;
    pass(kMonday + 9h, 30min, 3);
    CHECK(county.mailer.sent.empty());
    CHECK(county.webhook.posted.size() == 1);
    pass(kMonday + 9h + 30min, 30min, 5000);  // it is over meanwhile
    CHECK(county.webhook.posted.size() == 2);
    CHECK(county.watch->book()->first.owed.at("mail").notices.size() == 2);
    county.mailer.works = true;
    pass(kMonday + 10h, 1min, 5000);
    REQUIRE(county.mailer.sent.size() == 1);
    CHECK(county.mailer.sent[0].subject == "Kaiku (main): 1 alerts, 1 over");
    CHECK(county.mailer.sent[0].text.find("begun  full") == 0);
    CHECK(county.mailer.sent[0].text.find("over   full") != std::string::npos);
    pass(kMonday + 10h + 1min, 59min, 5000);
    CHECK(county.mailer.sent.size() == 1);
    CHECK(county.webhook.posted.size() == 2);
    CHECK(county.watch->book()->first ==
          AlertBook{{}, county.watch->book()->first.told_at, {}, {}});
}

TEST_CASE(
    "when both fail, what was owed stays owed, and a messenger that is gone is owed nothing") {
    County county;
    county.mailer.works = false;
    for (auto now = kMonday + 9h; now < kMonday + 9h + 20min; now += 1min) {
        county.hear(now, 3);
        REQUIRE(county.look(now));
    }
    REQUIRE(county.watch->book()->first.owed.size() == 1);
    county.webhook.works = false;
    for (auto now = kMonday + 9h + 20min; now < kMonday + 10h; now += 1min) {
        county.hear(now, 5000);
        REQUIRE(county.look(now));
    }
    CHECK(county.webhook.posted.size() == 1);
    CHECK(county.watch->book()->first.owed.at("mail").notices.size() == 1);
    CHECK(county.watch->book()->first.open.size() == 1);  // its end is still to be told
    auto ports = county.ports();
    ports.mailer = nullptr;
    county.webhook.works = true;
    REQUIRE(look_after(ports, {.organiser = "main"}, kMonday + 10h));
    CHECK(county.webhook.posted.size() == 2);
    CHECK(county.watch->book()->first.owed.empty());
}

TEST_CASE("while one process sends, no other one does") {
    County county;
    county.hear(kMonday + 9h, 3);
    REQUIRE(county.look(kMonday + 9h));
    auto [book, revision] = county.watch->book().value();
    book.claimed_until = kMonday + 9h + 20min;
    REQUIRE(county.watch->keep_book(book, revision));
    REQUIRE(county.look(kMonday + 9h + 15min));
    CHECK(county.mailer.sent.empty());
    // It died meanwhile: its claim ends.
    REQUIRE(county.look(kMonday + 9h + 20min));
    CHECK(county.mailer.sent.size() == 1);
}

TEST_CASE("a revoked device and one that was never heard trouble nobody") {
    County county;
    REQUIRE(county.look(kMonday + 12h));
    county.hear(kMonday + 9h, 3);
    REQUIRE(county.store.revoke("d1", kMonday + 10h, ""));
    for (auto now = kMonday + 10h; now < kMonday + 12h; now += 5min) REQUIRE(county.look(now));
    CHECK(county.mailer.sent.empty());
}

TEST_CASE("the own normal is the mean of each weekday, days without answers included") {
    // Mondays 2, 9 and 16 November 2026: 12, 0 and 6 answers.
    const auto means =
        daily_means({{"2026-11-02", 12}, {"2026-11-16", 6}}, "2026-11-02", "2026-11-23");
    REQUIRE(means.at(0));
    CHECK(*means.at(0) == Approx(6));
    CHECK(means.at(6) == 0.0);
    CHECK_FALSE(daily_means({{"2026-11-02", 12}}, "2026-11-02", "2026-11-16").at(0));
}

TEST_CASE("a letter is RFC 5322, and no line of it can become a header") {
    const std::string letter =
        mail_letter({"a\r\nBcc: x@example.fi", "one\ntwo\n"}, "kaiku@example.fi",
                    {"a@example.fi", "b@example.fi"}, kMonday + 10h + 5min + 7s);
    CHECK(letter.find("Date: Mon, 23 Nov 2026 10:05:07 +0000\r\n") == 0);
    CHECK(letter.find("To: a@example.fi, b@example.fi\r\n") != std::string::npos);
    CHECK(letter.find("\r\nBcc:") == std::string::npos);
    CHECK(letter.ends_with("\r\n\r\none\r\ntwo\r\n"));
}

TEST_CASE("a webhook's signature is HMAC-SHA-256") {
    // Computed with Python's hmac.
    CHECK(webhook_signature("0123456789abcdef", "1764000000", R"({"a":1})") ==
          "sha256=19b692a3b3faad0515d4b643aa46cb06d55d8258053f2ffb472c2134aa59171c");
    CHECK(make_curl_webhook({"http://example.fi/x", "0123456789abcdef"}).error().code ==
          Errc::invalid);
    CHECK(make_curl_webhook({"https://example.fi/x", "short"}).error().code == Errc::invalid);
    CHECK(make_curl_webhook({"https://example.fi/x", "0123456789abcdef"}));
    CHECK(make_curl_mailer({.server = "https://x", .from = "a@b", .to = {"c@d"}}).error().code ==
          Errc::invalid);
    CHECK(make_curl_mailer({.server = "smtps://x", .from = "a@b", .to = {}}).error().code ==
          Errc::invalid);
    CHECK(
        make_curl_mailer({.server = "smtps://x", .from = "a@b", .to = {"c@d\r\nX"}}).error().code ==
        Errc::invalid);
}

}  // namespace kaiku::central::fleet
