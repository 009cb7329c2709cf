// The power goes at every single write, sync and deletion that saving and sending answers make.
#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <set>

#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/power_cut_vfs.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

/// What the program was told before the power went.
struct Told {
    std::map<std::string, std::string> saved;  ///< acknowledged, and no removal was ever tried
    std::set<std::string> removed;             ///< the removal was acknowledged
    std::set<std::string> quarantined;
    std::set<std::string> perhaps;  ///< a call failed: either state is allowed
};

void put(Outbox& outbox, std::uint64_t number, Told& told) {
    const auto entry = entry_of(number);
    if (outbox.put(entry)) {
        told.saved[entry.id.text()] = entry.payload;
    } else {
        told.perhaps.insert(entry.id.text());
    }
}

void leave_saved(Told& told, std::uint64_t number, bool done, std::set<std::string>& to) {
    const auto id = id_of(number).text();
    if (told.saved.erase(id) == 0) return;
    (done ? to : told.perhaps).insert(id);
}

/// Two visits of the program to one data folder, with everything an outbox does.
void work(const std::filesystem::path& folder, Told& told) {
    if (auto first = open_sqlite_outbox(folder)) {
        for (std::uint64_t n = 0; n < 4; ++n) put(*first->outbox, n, told);
        static_cast<void>(first->outbox->next_batch(2));
        const bool removed = first->outbox->remove({id_of(0), id_of(1)}).has_value();
        leave_saved(told, 0, removed, told.removed);
        leave_saved(told, 1, removed, told.removed);
        put(*first->outbox, 4, told);
    }
    if (auto second = open_sqlite_outbox(folder)) {
        const bool done = second->outbox->quarantine(id_of(2), "why").has_value();
        leave_saved(told, 2, done, told.quarantined);
        put(*second->outbox, 5, told);
        const bool removed = second->outbox->remove({id_of(3)}).has_value();
        leave_saved(told, 3, removed, told.removed);
        put(*second->outbox, 6, told);
    }
}

void check(const std::filesystem::path& folder, const Told& told) {
    auto opened = open_sqlite_outbox(folder);
    if (!opened) FAIL(opened.error().detail);
    CHECK(opened->set_aside.empty());
    const auto batch = opened->outbox->next_batch(100);
    REQUIRE(batch);
    std::map<std::string, std::string> found;
    for (const auto& entry : *batch) found[entry.id.text()] = entry.payload;
    for (const auto& [id, payload] : told.saved) {
        REQUIRE(found.contains(id));
        REQUIRE(found[id] == payload);
    }
    for (const auto& id : told.removed) REQUIRE_FALSE(found.contains(id));
    for (const auto& id : told.quarantined) REQUIRE_FALSE(found.contains(id));
    const auto counts = opened->outbox->counts();
    REQUIRE(counts->waiting == std::ssize(found));
    REQUIRE(counts->quarantined >= std::ssize(told.quarantined));
    REQUIRE(counts->sent >= std::ssize(told.removed));
    REQUIRE(opened->outbox->put(entry_of(99)));
}

}  // namespace

TEST_CASE("no power cut loses an acknowledged answer or brings back a removed one") {
    test::PowerCutVfs disk;
    std::int64_t calls = 0;
    {
        test::TempDir folder;
        disk.cut_at(-1);
        Told told;
        work(folder.path(), told);
        calls = disk.calls();
        REQUIRE(told.saved.size() == 3);
        REQUIRE(told.removed.size() == 3);
        REQUIRE(told.quarantined.size() == 1);
        REQUIRE(told.perhaps.empty());
        disk.restore_power(0);
    }
    REQUIRE(calls > 50);
    // Seed 0: nothing unsynced reaches the disk; the others: some of it, torn to pieces.
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        for (std::int64_t call = 0; call < calls; ++call) {
            INFO("seed " << seed << ", cut at call " << call << " of " << calls);
            test::TempDir folder;
            disk.cut_at(call);
            Told told;
            work(folder.path(), told);
            REQUIRE(disk.is_cut());
            disk.restore_power(seed);
            std::filesystem::remove(folder.path() / "outbox.db-shm");
            check(folder.path(), told);
            disk.restore_power(0);
        }
    }
}

TEST_CASE("a second power cut while starting again loses nothing either") {
    test::PowerCutVfs disk;
    for (std::int64_t call = 0; call < 40; ++call) {
        INFO("second cut at call " << call);
        test::TempDir folder;
        Told told;
        disk.cut_at(60);
        work(folder.path(), told);
        disk.restore_power(0);
        disk.cut_at(call);
        static_cast<void>(open_sqlite_outbox(folder.path()));
        disk.restore_power(7);
        check(folder.path(), told);
        disk.restore_power(0);
    }
}

TEST_CASE("the rig notices a database that does not sync every commit") {
    test::PowerCutVfs disk;
    test::TempDir folder;
    const auto path = (folder.path() / "lax.db").string();
    {
        SQLite::Database lax(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        lax.exec(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
            "CREATE TABLE t(x); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES(1)");
        disk.cut_at(0);
    }
    disk.restore_power(0);
    SQLite::Database again(path, SQLite::OPEN_READWRITE);
    CHECK(again.execAndGet("SELECT count(*) FROM t").getInt() == 0);
}

TEST_CASE("a full disk refuses an answer, keeps the others and takes it when there is room") {
    test::PowerCutVfs disk;
    test::TempDir folder;
    auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    REQUIRE(opened->outbox->put(entry_of(1)));
    disk.set_disk_full(true);
    const auto refused = opened->outbox->put(entry_of(2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::full);
    CHECK(refused.error().detail.find("free some space") != std::string::npos);
    CHECK(opened->outbox->counts() == OutboxCounts{1, 0, 0});
    CHECK(opened->outbox->next_batch(5)->size() == 1);
    disk.set_disk_full(false);
    REQUIRE(opened->outbox->put(entry_of(2)));
    CHECK(opened->outbox->counts() == OutboxCounts{2, 0, 0});
}
