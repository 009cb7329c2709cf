#include "kiosk/main/keeper.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "survey/wire.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::kiosk;

survey::Response response(std::uint8_t number) {
    std::array<std::uint8_t, 16> random{};
    random.fill(number);
    survey::Answers answers;
    answers.nps = 9;
    return {.id = survey::ResponseId::from_random(random),
            .instrument = "quick-nps",
            .version = 1,
            .unit = "tk-1",
            .answered_at = survey::UtcSeconds{std::chrono::hours{498'000}},
            .answers = std::move(answers),
            .contact = {}};
}

/// Collects a keeper's events as they come.
struct Listener {
    void heard() {
        const std::lock_guard lock(mutex);
        changed.notify_all();
    }
    /// The events once there are `count`, or what there is after ten seconds.
    std::vector<flow::Event> wait_for(Keeper& keeper, std::size_t count) {
        std::vector<flow::Event> events;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        std::unique_lock lock(mutex);
        while (events.size() < count && std::chrono::steady_clock::now() < until) {
            for (auto& event : keeper.take_events()) events.push_back(std::move(event));
            if (events.size() < count) changed.wait_for(lock, std::chrono::milliseconds{20});
        }
        return events;
    }
    std::mutex mutex;
    std::condition_variable changed;
};

/// What is logged while it lives.
class LogCatcher {
  public:
    LogCatcher() : before_(spdlog::default_logger()) {
        const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_, true);
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
    }
    ~LogCatcher() { spdlog::set_default_logger(before_); }
    LogCatcher(const LogCatcher&) = delete;
    LogCatcher& operator=(const LogCatcher&) = delete;
    /// Everything logged before an event that was taken.
    std::string text() const { return stream_.str(); }

  private:
    std::ostringstream stream_;
    std::shared_ptr<spdlog::logger> before_;
};

}  // namespace

TEST_CASE("the keeper says saved only for what the outbox then holds") {
    const test::TempDir dir;
    Listener listener;
    {
        Keeper keeper({.data_dir = dir.path()}, [&] { listener.heard(); });
        keeper.save(response(1));
        keeper.save(response(2));
        const auto events = listener.wait_for(keeper, 2);
        REQUIRE(events.size() == 2);
        REQUIRE(std::holds_alternative<flow::event::Saved>(events[0]));
        CHECK(std::get<flow::event::Saved>(events[0]).id == response(1).id);
        CHECK(keeper.saved_count() == 2);
        CHECK(keeper.save_times_ms().size() == 2);
    }
    auto opened = sync::open_sqlite_outbox(dir.path());
    REQUIRE(opened);
    CHECK(opened->outbox->counts()->waiting == 2);
    const auto batch = opened->outbox->next_batch(10);
    REQUIRE(batch);
    for (const auto& entry : *batch)
        CHECK(survey::decode_response(entry.payload)->answers.nps == 9);
}

TEST_CASE("what was queued when the terminal is told to stop is still kept") {
    const test::TempDir dir;
    Listener listener;
    {
        Keeper keeper({.data_dir = dir.path()}, [&] { listener.heard(); });
        for (std::uint8_t i = 1; i <= 20; ++i) keeper.save(response(i));
    }
    auto opened = sync::open_sqlite_outbox(dir.path());
    REQUIRE(opened);
    CHECK(opened->outbox->counts()->waiting == 20);
}

TEST_CASE("a folder that cannot be made puts the terminal out of service, and saves fail") {
    Listener listener;
    Keeper keeper({.data_dir = "/dev/null/kaiku"}, [&] { listener.heard(); });
    auto events = listener.wait_for(keeper, 1);
    REQUIRE(events.size() == 1);
    CHECK(std::get<flow::event::StorageChanged>(events[0]).full);
    keeper.save(response(1));
    events = listener.wait_for(keeper, 1);
    REQUIRE(events.size() == 1);
    CHECK(std::get<flow::event::SaveFailed>(events[0]).id == response(1).id);
    CHECK(keeper.saved_count() == 0);
}

TEST_CASE("at its limit the outbox takes no more and the terminal hears of it") {
    const test::TempDir dir;
    Listener listener;
    Keeper keeper({.data_dir = dir.path(), .max_waiting = 1}, [&] { listener.heard(); });
    keeper.save(response(1));
    keeper.save(response(2));
    const auto events = listener.wait_for(keeper, 3);
    REQUIRE(events.size() == 3);
    CHECK(std::holds_alternative<flow::event::Saved>(events[0]));
    CHECK(std::get<flow::event::StorageChanged>(events[1]).full);  // before anyone answers in vain
    REQUIRE(std::holds_alternative<flow::event::SaveFailed>(events[2]));
    CHECK(std::get<flow::event::SaveFailed>(events[2]).full);
}

TEST_CASE("a disk with too little room puts the terminal out of service, and the log says why") {
    const test::TempDir dir;
    const LogCatcher log;
    Listener listener;
    std::atomic<std::uint64_t> free = kMinFreeBytes - 1;
    Keeper keeper({.data_dir = dir.path(), .free_bytes = [&](const auto&) { return free.load(); }},
                  [&] { listener.heard(); });
    auto events = listener.wait_for(keeper, 1);
    REQUIRE(events.size() == 1);
    CHECK(std::get<flow::event::StorageChanged>(events[0]).full);
    CHECK(log.text().find("8191 KiB free on this disk, 8192 KiB are needed") != std::string::npos);
    CHECK(log.text().find(dir.path().string()) != std::string::npos);
    free = kMinFreeBytes;
    keeper.save(response(1));
    events = listener.wait_for(keeper, 2);
    REQUIRE(events.size() == 2);
    CHECK(std::holds_alternative<flow::event::Saved>(events[0]));
    CHECK_FALSE(std::get<flow::event::StorageChanged>(events[1]).full);
    CHECK(log.text().find("in service") != std::string::npos);
}

TEST_CASE("a disk that fills while the terminal runs is noticed after the answer it still kept") {
    const test::TempDir dir;
    Listener listener;
    std::atomic<int> asked = 0;
    // While it opens: for the reserve, and for the answers.
    const auto room_once = [&](const auto&) { return asked++ < 2 ? kMinFreeBytes : 0; };
    Keeper keeper({.data_dir = dir.path(), .free_bytes = room_once}, [&] { listener.heard(); });
    keeper.save(response(2));
    const auto events = listener.wait_for(keeper, 2);
    REQUIRE(events.size() == 2);
    CHECK(std::holds_alternative<flow::event::Saved>(events[0]));
    CHECK(std::get<flow::event::StorageChanged>(events[1]).full);
}

TEST_CASE("a reserve is held on a disk with room, and none on one without") {
    for (const bool room : {true, false}) {
        const test::TempDir dir;
        Listener listener;
        const std::uint64_t free = kMinFreeBytes + (room ? 2 * kReserveBytes : kReserveBytes);
        Keeper keeper({.data_dir = dir.path(), .free_bytes = [&](const auto&) { return free; }},
                      [&] { listener.heard(); });
        keeper.save(response(3));
        REQUIRE(listener.wait_for(keeper, 1).size() == 1);
        std::error_code missing;
        const auto size = std::filesystem::file_size(reserve_in(dir.path()), missing);
        CHECK((!missing && size == kReserveBytes) == room);
    }
}

TEST_CASE("an outbox removed under the terminal is made anew, and the next answer is in it") {
    const test::TempDir dir;
    const auto data = dir.path() / "data";
    Listener listener;
    {
        Keeper keeper({.data_dir = data}, [&] { listener.heard(); });
        keeper.save(response(1));
        REQUIRE(listener.wait_for(keeper, 1).size() == 1);
        std::filesystem::remove_all(data);
        keeper.save(response(2));
        const auto events = listener.wait_for(keeper, 1);
        REQUIRE(events.size() == 1);
        CHECK(std::holds_alternative<flow::event::Saved>(events[0]));
    }
    auto opened = sync::open_sqlite_outbox(data);
    REQUIRE(opened);
    CHECK(opened->outbox->counts()->waiting == 1);
}

TEST_CASE("an outbox damaged under the terminal is set aside, and the next answer is kept") {
    const test::TempDir dir;
    Listener listener;
    Keeper keeper({.data_dir = dir.path()}, [&] { listener.heard(); });
    keeper.save(response(1));
    REQUIRE(listener.wait_for(keeper, 1).size() == 1);
    for (const char* name : {"outbox.db", "outbox.db-wal", "outbox.db-shm"}) {
        const auto file = dir.path() / name;
        const auto size = std::filesystem::file_size(file);
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary)
            << std::string(size, '\x5a');
    }
    keeper.save(response(2));
    const auto events = listener.wait_for(keeper, 1);
    REQUIRE(events.size() == 1);
    CHECK(std::holds_alternative<flow::event::Saved>(events[0]));
    CHECK(std::filesystem::exists(dir.path() / "outbox.db.corrupt-1"));
}
