// A device tells how it is and learns what it should be; nobody else does in its name.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "sync/device_config.hpp"
#include "sync/heartbeat.hpp"
#include "tests/support/signed_central.hpp"

namespace kaiku::central {
namespace {

using fleet::ConfigScope;
using fleet::ScopeKind;
using test::SignedCentral;
using test::SignedDevice;

sync::Heartbeat beat(const SignedCentral& central) {
    sync::Heartbeat made;
    made.version = "0.3.0";
    made.clock = central.now;
    made.free_mb = 900;
    return made;
}

void set(SignedCentral& central, const ConfigScope& scope, sync::ConfigValues values) {
    const auto versions = central.configs->versions().value();
    REQUIRE(central.configs->add(
        {scope, fleet::next_number(versions, scope), std::move(values), 100, central.now}));
    central.now += fleet::Fleet::kFresh;
}

sync::DeviceSession session_of(SignedDevice& device) {
    return {device.enrolment, device.key, [&device] { return ++device.clock_ms; }};
}

}  // namespace

TEST_CASE("a device is heard, and given the configuration that it does not have") {
    SignedCentral central;
    SignedDevice device(central);
    auto sender = device.sender();
    sync::Attended first = sender.attend(device.uplink, beat(central));
    CHECK(first.done);
    CHECK(first.trouble.empty());
    CHECK_FALSE(first.config);
    CHECK(device.uplink.requests.size() == 1);
    const auto heard = central.watch->heard().value();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].device_id == device.enrolment.device_id);
    CHECK(heard[0].heartbeat == beat(central));

    set(central, {ScopeKind::unit, "a"}, {{"theme", "contrast-dark"}});
    set(central, {ScopeKind::device, device.enrolment.device_id}, {{"text_s", "40"}});
    const sync::ConfigValues wanted{{"theme", "contrast-dark"}, {"text_s", "40"}};
    const auto given = sender.attend(device.uplink, beat(central));
    REQUIRE(given.config);
    CHECK(given.config->values == wanted);
    CHECK(given.config->version == sync::config_version(wanted));

    device.forget();
    sync::Heartbeat content = beat(central);
    content.config = given.config->version;
    CHECK_FALSE(sender.attend(device.uplink, content).config);
    CHECK(device.uplink.requests.size() == 1);  // nothing was fetched
    content.config.clear();
    content.config_refused = given.config->version;
    CHECK_FALSE(sender.attend(device.uplink, content).config);
    CHECK(device.uplink.requests.size() == 2);
}

TEST_CASE("what is undone is undone on the device too") {
    SignedCentral central;
    SignedDevice device(central);
    auto sender = device.sender();
    const ConfigScope scope{ScopeKind::unit, "a"};
    set(central, scope, {{"theme", "contrast-dark"}});
    sync::Heartbeat now = beat(central);
    now.config = sender.attend(device.uplink, now).config.value().version;
    REQUIRE(central.configs->roll_out(scope, 1, 0));
    central.now += fleet::Fleet::kFresh;
    const auto given = sender.attend(device.uplink, now);
    REQUIRE(given.config);
    CHECK(given.config->values.empty());
}

TEST_CASE("GET /v1/config answers 304 to who has it, signed and with its tag") {
    SignedCentral central;
    SignedDevice device(central);
    set(central, {ScopeKind::organiser, ""}, {{"theme", "contrast-light"}});
    auto session = session_of(device);
    const auto ask = [&](const std::string& tag) {
        auto letter = session.letter(sync::SignedType::config_request, "/v1/config", "");
        letter.request.get = true;
        letter.request.headers.emplace_back("If-None-Match", tag);
        const Reply reply = central.handle(letter.request);
        sync::UplinkReply out{reply.status, "", reply.body, 0, reply.headers};
        CHECK(session.is_genuine(sync::SignedType::config, letter, out));
        CHECK(sync::header_of(reply.headers, "ETag") ==
              '"' + sync::config_version({{"theme", "contrast-light"}}) + '"');
        return reply;
    };
    CHECK(ask("\"" + sync::config_version({{"theme", "contrast-light"}}) + "\"").status == 304);
    CHECK(ask("\"" + sync::config_version({{"theme", "contrast-light"}}) + "\"").body.empty());
    const Reply whole = ask("\"0123456789abcdef\"");
    CHECK(whole.status == 200);
    CHECK(sync::decode_config(whole.body)->values.at("theme") == "contrast-light");
}

TEST_CASE("nobody hears or tells in a device's name") {
    SignedCentral central;
    SignedDevice device(central);
    auto session = session_of(device);
    const auto good = session.letter(sync::SignedType::heartbeat, "/v1/heartbeat",
                                     encode_heartbeat(beat(central)));
    auto bare = good.request;
    bare.headers.clear();
    CHECK(central.handle(bare).status == 401);
    auto changed = good.request;
    changed.body += ' ';
    CHECK(central.handle(changed).status == 401);
    auto stranger = good.request;
    stranger.bearer.clear();
    CHECK(central.handle(stranger).status == 401);
    CHECK(central.watch->heard()->empty());
    CHECK(central.handle(good.request).status == 200);
    CHECK(central.handle(good.request).status == 409);  // recorded, and worth nothing
    auto get = session.letter(sync::SignedType::heartbeat, "/v1/config", "").request;
    get.get = true;
    CHECK(central.handle(get).status == 401);  // signed for something else
    REQUIRE(central.store.revoke(device.enrolment.device_id, central.now, ""));
    const auto late = session.letter(sync::SignedType::heartbeat, "/v1/heartbeat",
                                     encode_heartbeat(beat(central)));
    CHECK(central.handle(late.request).status == 403);
}

TEST_CASE("a configuration that central did not sign is not believed") {
    SignedCentral central;
    SignedDevice device(central);
    set(central, {ScopeKind::organiser, ""}, {{"theme", "contrast-light"}});
    auto sender = device.sender();
    device.uplink.tamper = [](sync::UplinkReply& reply) {
        const auto place = reply.body.find("contrast-light");
        if (place != std::string::npos) {
            reply.body = sync::encode_config({{"theme", "contrast-dark"}});
        }
    };
    const auto attended = sender.attend(device.uplink, beat(central));
    CHECK(attended.done);
    CHECK_FALSE(attended.config);
    CHECK(attended.trouble.find("not signed") != std::string::npos);
}

TEST_CASE("whoever comes while heartbeats are kept shares the next durable step") {
    struct Gate final : fleet::WatchStore {
        using WatchStore::hear;
        Status hear(std::span<const fleet::Heard> heard) override {
            std::unique_lock lock(mutex);
            sizes.push_back(heard.size());
            changed.notify_all();
            changed.wait(lock, [this] { return open; });
            return works ? Status() : fail(Errc::full, "no room");
        }
        Result<std::vector<fleet::Heard>> heard() override { return inner->heard(); }
        Result<std::pair<fleet::AlertBook, std::int64_t>> book() override { return inner->book(); }
        Status keep_book(const fleet::AlertBook& book, std::int64_t revision) override {
            return inner->keep_book(book, revision);
        }
        std::unique_ptr<WatchStore> inner = fleet::make_memory_watch_store();
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<std::size_t> sizes;
        bool open = false;
        bool works = true;
    } gate;
    SignedCentral central;
    fleet::Fleet together(central.store, *central.configs, gate);
    Device device;
    device.unit = "a";
    constexpr int kOthers = 7;
    std::atomic<int> refused = 0;
    const auto come = [&](int number) {
        Device own = device;
        own.id = "d" + std::to_string(number);
        if (!together.hear(own, beat(central), central.now)) ++refused;
    };
    std::vector<std::jthread> all;
    all.emplace_back(come, 0);
    {
        std::unique_lock lock(gate.mutex);
        gate.changed.wait(lock, [&] { return !gate.sizes.empty(); });
    }
    for (int number = 1; number <= kOthers; ++number) all.emplace_back(come, number);
    while (together.waiting() < kOthers) std::this_thread::yield();
    {
        const std::lock_guard lock(gate.mutex);
        gate.works = false;  // for all of them: none is told that it was heard
        gate.open = true;
    }
    gate.changed.notify_all();
    all.clear();
    CHECK(gate.sizes == std::vector<std::size_t>{1, kOthers});
    CHECK(refused == kOthers + 1);
    gate.works = true;
    CHECK(together.hear(device, beat(central), central.now));
}

TEST_CASE("a device in another's place is set up as that was") {
    SignedCentral central;
    SignedDevice old(central);
    set(central, {ScopeKind::device, old.enrolment.device_id}, {{"text_s", "40"}});
    REQUIRE(central.configs->set_member("lobby", old.enrolment.device_id, true));
    set(central, {ScopeKind::group, "lobby"}, {{"theme", "contrast-dark"}});
    SignedDevice fresh(central, old.enrolment.device_id);
    auto sender = fresh.sender();
    const auto given = sender.attend(fresh.uplink, beat(central));
    REQUIRE(given.config);
    CHECK(given.config->values == sync::ConfigValues{{"theme", "contrast-dark"}, {"text_s", "40"}});
}

}  // namespace kaiku::central
