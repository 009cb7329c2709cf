// What the terminal tells central of itself, and how it takes what central sets.
#include "kiosk/main/attendant.hpp"

#include "sync/memory_outbox.hpp"
#include "tests/support/signed_central.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::kiosk;
using namespace std::chrono_literals;
using central::fleet::ConfigScope;
using central::fleet::ScopeKind;

struct Meeting {
    test::SignedCentral central;
    test::SignedDevice device{central};
    test::TempDir folder;
    sync::Sender sender = device.sender();
    std::unique_ptr<FleetConfig> config =
        FleetConfig::open(folder.path(), "1.0.0",
                          [](const sync::DeviceConfig&) { return Result<Options>(Options{}); });
    Attendant attendant{folder.path(), config.get()};
    std::unique_ptr<sync::Outbox> outbox = sync::make_memory_outbox();

    std::chrono::milliseconds meet(const Vitals& vitals = {}) {
        return attendant.attend(sender, device.uplink, outbox.get(), vitals, 0);
    }
    sync::Heartbeat told() { return central.watch->heard().value().at(0).heartbeat; }
    void set(const sync::ConfigValues& values) {
        const ConfigScope everywhere{ScopeKind::organiser, ""};
        const auto versions = central.configs->versions().value();
        REQUIRE(central.configs->add({everywhere, central::fleet::next_number(versions, everywhere),
                                      values, 100, central.now}));
        central.now += central::fleet::Fleet::kFresh;
    }
};

}  // namespace

TEST_CASE("a sign of life holds counts and codes") {
    Meeting meeting;
    REQUIRE(meeting.outbox->put(test::entry_of(1)));
    REQUIRE(meeting.outbox->put(test::entry_of(2)));
    REQUIRE(meeting.outbox->quarantine(test::id_of(2), "no such unit"));
    meeting.attendant.count("unreachable");
    meeting.attendant.count("unreachable");
    const auto answered = survey::parse_rfc3339("2026-11-22T09:41:07Z").value();
    CHECK(meeting.meet({.last_answer = answered, .save_failures = 3}) == 270s);
    const sync::Heartbeat told = meeting.told();
    CHECK(told.version == KAIKU_VERSION);
    CHECK(told.waiting == 1);
    CHECK(told.quarantined == 1);
    CHECK(told.free_mb > 0);
    CHECK(told.last_answer == survey::parse_rfc3339("2026-11-22T09:00:00Z"));
    CHECK(told.errors == std::map<std::string, std::int64_t>{{"unreachable", 2}, {"not_saved", 3}});
    CHECK(told.config.empty());
    CHECK(told.config_refused.empty());
    for (const auto& request : meeting.device.uplink.requests) {
        CHECK(request.body.find("no such unit") == std::string::npos);
        CHECK(request.body.find(test::id_of(1).text()) == std::string::npos);
    }
}

TEST_CASE("a terminal whose outbox cannot be opened is heard all the same") {
    Meeting meeting;
    meeting.attendant.count("outbox");
    meeting.attendant.attend(meeting.sender, meeting.device.uplink, nullptr, {}, 0);
    CHECK(meeting.told().errors.at("outbox") == 1);
}

TEST_CASE("a refused configuration is told at once and not fetched again") {
    Meeting meeting;
    meeting.set({{"colour", "green"}});
    CHECK(meeting.meet() == 1s);
    meeting.device.forget();
    CHECK(meeting.meet() == 270s);
    CHECK(meeting.meet() == 270s);
    CHECK(meeting.device.uplink.requests.size() == 2);  // heartbeats alone
    CHECK(meeting.told().config_refused == sync::config_version({{"colour", "green"}}));
    CHECK(meeting.told().config_trouble.find("colour: is no setting") == 0);
    meeting.set({{"theme", "contrast-dark"}});
    meeting.meet();
    CHECK(meeting.config->is_waiting());
    meeting.meet();
    CHECK(meeting.told().config_refused.empty());
}

TEST_CASE("when central is away the terminal goes on with what it has") {
    Meeting meeting;
    meeting.set({{"theme", "contrast-dark"}});
    meeting.device.uplink.lose_replies = 1;
    CHECK(meeting.meet() == 270s);
    CHECK_FALSE(meeting.config->is_waiting());
    meeting.meet();
    CHECK(meeting.config->is_waiting());
    CHECK(meeting.told().errors.at("heartbeat") == 1);
}

TEST_CASE("terminals do not stay together") {
    const std::uint64_t most = ~std::uint64_t{0};
    CHECK(Attendant::spread(300s, 0) == 270s);
    CHECK(Attendant::spread(300s, most) > 329s);
    CHECK(Attendant::spread(300s, most) <= 330s);
    CHECK(Attendant::first_wait(0) == 0s);
    CHECK(Attendant::first_wait(most) > 19s);
    CHECK(Attendant::first_wait(most) <= 20s);
}
