// What only the SQLite outbox promises: files, schema, speed, forgetting.
#include "sync/sqlite_outbox.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "sync/sqlite_errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

OpenedOutbox open_or_fail(const std::filesystem::path& folder,
                          const SqliteOutboxOptions& options = {}) {
    auto opened = open_sqlite_outbox(folder, options);
    if (!opened) FAIL(opened.error().detail);
    return std::move(*opened);
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

std::string all_bytes(const std::filesystem::path& folder) {
    std::string out;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        out += test::read_file(file.path());
    }
    return out;
}

/// The files that the very first program left, which knew no tally.
void make_version_1(const std::filesystem::path& path) {
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(R"(
        CREATE TABLE waiting(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
                             payload BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE quarantined(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
                                 payload BLOB NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO waiting VALUES (x'00112233445546778899aabbccddeeff', 'first'),
                                   (x'11112233445546778899aabbccddeeff', 'second');
        INSERT INTO quarantined VALUES (x'22112233445546778899aabbccddeeff', 'third', 'why');
        PRAGMA user_version = 1)");
}

/// Counts the steps of SQLite's virtual machine on every connection opened while it lives.
class StepCounter {
  public:
    StepCounter() {
        steps = 0;
        sqlite3_auto_extension(entry_point());
    }
    ~StepCounter() { sqlite3_cancel_auto_extension(entry_point()); }
    StepCounter(const StepCounter&) = delete;
    StepCounter& operator=(const StepCounter&) = delete;

    template <class Work>
    std::int64_t count(Work&& work) {
        steps = 0;
        work();
        return steps;
    }

  private:
    using EntryPoint = void (*)();
    static int attach(sqlite3* handle, const char**, const void*) {
        sqlite3_progress_handler(
            handle, 1, [](void*) { return ++steps, 0; }, nullptr);
        return SQLITE_OK;
    }
    static EntryPoint entry_point() { return reinterpret_cast<EntryPoint>(&attach); }
    static inline std::int64_t steps = 0;
};

void fill(const std::filesystem::path& folder, int rows) {
    SQLite::Database database((folder / "outbox.db").string(), SQLite::OPEN_READWRITE);
    database.exec(
        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(rows) +
        ") INSERT INTO waiting SELECT randomblob(16), zeroblob(231), randomblob(300) FROM n; "
        "UPDATE tally SET value = (SELECT count(*) FROM waiting) WHERE name = 'waiting'; "
        "COMMIT");
}

}  // namespace

TEST_CASE("the outbox is there again after the program was closed") {
    test::TempDir folder;
    REQUIRE(open_or_fail(folder.path()).outbox->put(entry_of(1)));
    auto again = open_or_fail(folder.path());
    CHECK(again.set_aside.empty());
    CHECK(again.outbox->next_batch(5)->front().payload == entry_of(1).payload);
    CHECK(again.outbox->counts() == OutboxCounts{1, 0, 0});
}

TEST_CASE("folder and files of the outbox are closed to other users") {
    test::TempDir folder;
    const auto data = folder.path() / "deep" / "data";
    auto opened = open_or_fail(data);
    REQUIRE(opened.outbox->put(entry_of(1)));
    CHECK(mode_of(data) == 0700);
    for (const char* name : {"outbox.db", "outbox.db-wal", "outbox.db-shm"}) {
        INFO(name);
        CHECK(mode_of(data / name) == 0600);
    }
}

TEST_CASE("an outbox that was open to others is closed on opening") {
    test::TempDir folder;
    open_or_fail(folder.path());
    std::filesystem::permissions(folder.path() / "outbox.db", std::filesystem::perms{0644});
    open_or_fail(folder.path());
    CHECK(mode_of(folder.path() / "outbox.db") == 0600);
}

TEST_CASE("the outbox's files tell nothing about the order of arrival") {
    test::TempDir folder;
    auto opened = open_or_fail(folder.path());
    SQLite::Database database((folder.path() / "outbox.db").string(), SQLite::OPEN_READONLY);
    for (const char* table : {"waiting", "quarantined", "tally"}) {
        INFO(table);
        const std::string sql = database.execAndGet(
            std::string("SELECT sql FROM sqlite_schema WHERE name = '") + table + "'");
        CHECK(sql.find("WITHOUT ROWID") != std::string::npos);
    }
    CHECK(database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_seq%'")
              .getInt() == 0);
}

TEST_CASE("the outbox writes ahead and syncs every commit") {
    test::TempDir folder;
    auto opened = open_or_fail(folder.path());
    SQLite::Database database((folder.path() / "outbox.db").string(), SQLite::OPEN_READONLY);
    CHECK(database.execAndGet("PRAGMA journal_mode").getString() == "wal");
    CHECK(database.execAndGet("PRAGMA user_version").getInt() == 4);
}

TEST_CASE("an outbox of version 1 is migrated with every row") {
    test::TempDir folder;
    make_version_1(folder.path() / "outbox.db");
    auto opened = open_or_fail(folder.path());
    CHECK(opened.set_aside.empty());
    CHECK(opened.outbox->counts() == OutboxCounts{2, 1, 0});
    const auto batch = opened.outbox->next_batch(5);
    REQUIRE(batch->size() == 2);
    const auto& first = batch->at(0).payload == "first" ? batch->at(0) : batch->at(1);
    CHECK(first.payload == "first");
    CHECK(first.id.text() == "00112233-4455-4677-8899-aabbccddeeff");
    REQUIRE(opened.outbox->put(entry_of(1)));
    REQUIRE(opened.outbox->remove({first.id}));
    CHECK(opened.outbox->counts() == OutboxCounts{2, 1, 1});
}

TEST_CASE("an outbox from a newer program is refused and stays as it is") {
    test::TempDir folder;
    REQUIRE(open_or_fail(folder.path()).outbox->put(entry_of(1)));
    const auto path = folder.path() / "outbox.db";
    SQLite::Database(path.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 5");
    const auto before = test::read_file(path);
    const auto opened = open_sqlite_outbox(folder.path());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::unsupported);
    CHECK(opened.error().detail.find("outbox.db") != std::string::npos);
    CHECK(test::read_file(path) == before);
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        CHECK(file.path().filename().string().find("corrupt") == std::string::npos);
    }
}

TEST_CASE("a newer outbox with a write-ahead log of its own stays as it is") {
    test::TempDir folder;
    open_or_fail(folder.path());
    const auto path = folder.path() / "outbox.db";
    test::TempDir copy;
    {
        SQLite::Database newer(path.string(), SQLite::OPEN_READWRITE);
        newer.exec("PRAGMA user_version = 9");
        for (const char* name : {"outbox.db", "outbox.db-wal"}) {
            std::filesystem::copy(folder.path() / name, copy.path() / name);
        }
    }
    const auto database = test::read_file(copy.path() / "outbox.db");
    const auto log = test::read_file(copy.path() / "outbox.db-wal");
    REQUIRE_FALSE(log.empty());
    REQUIRE(open_sqlite_outbox(copy.path()).error().code == Errc::unsupported);
    CHECK(test::read_file(copy.path() / "outbox.db") == database);
    CHECK(test::read_file(copy.path() / "outbox.db-wal") == log);
}

TEST_CASE("what was removed is nowhere in the outbox's files") {
    test::TempDir folder;
    auto opened = open_or_fail(folder.path());
    constexpr std::uint64_t kEntries = 400;
    const auto marker = [](std::uint64_t n) { return "<secret " + std::to_string(n) + ">"; };
    for (std::uint64_t n = 0; n < kEntries; ++n) {
        // Of every size, so that rows move between pages and overflow them.
        const std::string padding((n * 37) % 6000, '.');
        REQUIRE(opened.outbox->put({id_of(n), marker(n) + padding + marker(n)}));
    }
    REQUIRE(all_bytes(folder.path()).find(marker(3)) != std::string::npos);
    for (std::uint64_t n = 0; n < kEntries; n += 2) REQUIRE(opened.outbox->remove({id_of(n)}));
    REQUIRE(opened.outbox->next_batch(1));
    const auto bytes = all_bytes(folder.path());
    for (std::uint64_t n = 0; n < kEntries; ++n) {
        INFO(n);
        CHECK((bytes.find(marker(n)) == std::string::npos) == (n % 2 == 0));
    }
}

TEST_CASE("what was removed is forgotten later when a reader was in the way") {
    test::TempDir folder;
    auto opened = open_or_fail(folder.path(), {100, std::chrono::milliseconds{10}});
    REQUIRE(opened.outbox->put({id_of(1), "<secret>"}));
    {
        SQLite::Database reader((folder.path() / "outbox.db").string(), SQLite::OPEN_READONLY);
        reader.exec("BEGIN");
        REQUIRE(reader.execAndGet("SELECT count(*) FROM waiting").getInt() == 1);
        REQUIRE(opened.outbox->remove({id_of(1)}));
        CHECK(all_bytes(folder.path()).find("<secret>") != std::string::npos);
    }
    REQUIRE(opened.outbox->next_batch(1));
    CHECK(all_bytes(folder.path()).find("<secret>") == std::string::npos);
}

TEST_CASE("saving and batching cost the same with 100,000 answers waiting") {
    test::TempDir folder;
    StepCounter counter;
    auto opened = open_or_fail(folder.path());
    const auto cost = [&](std::uint64_t number) {
        const auto put = counter.count([&] { REQUIRE(opened.outbox->put(entry_of(number))); });
        const auto batch =
            counter.count([&] { REQUIRE(opened.outbox->next_batch(256)->size() == 256); });
        const auto counts = counter.count([&] { REQUIRE(opened.outbox->counts()); });
        const auto remove = counter.count([&] { REQUIRE(opened.outbox->remove({id_of(number)})); });
        return std::vector{put, batch, counts, remove};
    };
    fill(folder.path(), 1000);
    const auto few = cost(1);
    fill(folder.path(), 99'000);
    const auto many = cost(2);
    REQUIRE(opened.outbox->counts()->waiting == 100'000);
    for (std::size_t n = 0; n < few.size(); ++n) {
        INFO(n << ": " << few[n] << " steps, with 100,000: " << many[n]);
        CHECK(few[n] > 0);
        // The batch reads once or twice, depending on where its random start falls.
        CHECK(many[n] <= few[n] + 64);
    }
}

TEST_CASE("two programs may use one outbox") {
    test::TempDir folder;
    auto one = open_or_fail(folder.path());
    auto two = open_or_fail(folder.path());
    REQUIRE(one.outbox->put(entry_of(1)));
    REQUIRE(two.outbox->put(entry_of(2)));
    REQUIRE(two.outbox->remove({id_of(1)}));
    CHECK(one.outbox->counts() == OutboxCounts{1, 0, 1});
    CHECK(one.outbox->next_batch(5)->front().id == id_of(2));
}

TEST_CASE("an answer is saved by few small pages") {
    // Time swings with the disk; what is written is what the design decides.
    test::TempDir folder;
    auto opened = open_or_fail(folder.path());
    for (std::uint64_t n = 0; n < 20; ++n) REQUIRE(opened.outbox->put(entry_of(n)));
    const auto log = std::filesystem::file_size(folder.path() / "outbox.db-wal");
    REQUIRE(opened.outbox->put(entry_of(20)));
    const auto grown = std::filesystem::file_size(folder.path() / "outbox.db-wal") - log;
    INFO(grown << " bytes");
    CHECK(grown <= 10UL * (1024 + 24));
}

TEST_CASE("a failure for want of room names a full disk, whatever SQLite calls it") {
    for (const int code : {SQLITE_FULL, SQLITE_IOERR_SHMSIZE, 4874}) {
        const Error error = error_of_sqlite("/data/outbox.db", code, false);
        CHECK(error.code == Errc::full);
        CHECK(error.detail.find("/data/outbox.db") == 0);
        CHECK(error.detail.find("the disk is full: free some space on it") != std::string::npos);
    }
    for (const int code : {SQLITE_IOERR_WRITE, SQLITE_CANTOPEN}) {
        CHECK(errc_of_sqlite(code, true) == Errc::full);
        CHECK(errc_of_sqlite(code, false) == Errc::io);
    }
    CHECK(errc_of_sqlite(SQLITE_CORRUPT, true) == Errc::corrupt);
    CHECK(errc_of_sqlite(SQLITE_BUSY, true) == Errc::busy);
}

TEST_CASE("what is put back from quarantine leaves nothing of itself where it lay") {
    test::TempDir folder;
    auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    Outbox& outbox = *opened->outbox;
    for (std::uint64_t n = 0; n < 50; ++n) REQUIRE(outbox.put(entry_of(n)));
    std::vector<survey::ResponseId> ids;
    for (std::uint64_t n = 0; n < 50; ++n) {
        REQUIRE(outbox.quarantine(id_of(n), "why"));
        ids.push_back(id_of(n));
    }
    REQUIRE(outbox.requeue() == 50);
    REQUIRE(outbox.remove(ids));
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        CHECK(test::read_file(file.path()).find("\"marker\"") == std::string::npos);
    }
}
