// A disk that is full or read-only, a file that is locked or damaged.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

constexpr SqliteOutboxOptions kImpatient{200'000, std::chrono::milliseconds{10}};

OutboxEntry big_entry(std::uint64_t number) { return {id_of(number), std::string(8000, 'x')}; }

/// Files cannot grow beyond `bytes` while it lives: what a full disk looks like to the program.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        rlimit lower = before_;
        lower.rlim_cur = bytes;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &lower) == 0);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit before_{};
};

/// Acts on files as the user "nobody" while it lives, if the test runs as root.
class AsNobody {
  public:
    AsNobody() : before_(::setfsuid(65534)) {}
    ~AsNobody() { ::setfsuid(static_cast<uid_t>(before_)); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;

  private:
    int before_;
};

void saved_and_closed(const std::filesystem::path& folder, int entries) {
    auto opened = open_sqlite_outbox(folder);
    REQUIRE(opened);
    for (int n = 0; n < entries; ++n) {
        REQUIRE(opened->outbox->put(entry_of(static_cast<std::uint64_t>(n))));
    }
}

/// Opens a damaged outbox: it must be kept aside, whole, and a new one must work.
void check_set_aside(const std::filesystem::path& folder, const std::string& damaged) {
    auto opened = open_sqlite_outbox(folder);
    if (!opened) FAIL(opened.error().detail);
    REQUIRE(opened->set_aside == folder / "outbox.db.corrupt-1");
    CHECK(test::read_file(opened->set_aside) == damaged);
    REQUIRE(opened->outbox->put(entry_of(77)));
    CHECK(opened->outbox->counts() == OutboxCounts{1, 0, 0});
}

}  // namespace

TEST_CASE("files that cannot grow refuse an answer as full and keep the others") {
    test::TempDir folder;
    auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    std::uint64_t saved = 0;
    {
        const FileSizeLimit limit(256UL * 1024);
        Status last;
        while (saved < 1000 && (last = opened->outbox->put(big_entry(saved)))) ++saved;
        REQUIRE_FALSE(last);
        INFO(last.error().detail);
        CHECK(last.error().code == Errc::full);
        CHECK(opened->outbox->counts()->waiting == static_cast<std::int64_t>(saved));
        CHECK(opened->outbox->next_batch(1000)->size() == saved);
    }
    REQUIRE(saved > 2);
    REQUIRE(opened->outbox->put(big_entry(saved)));
    CHECK(opened->outbox->next_batch(1000)->size() == saved + 1);
}

TEST_CASE("an outbox whose log finds no room on opening says that the disk is full") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 3);
    {
        const FileSizeLimit limit(16UL * 1024);  // the log's index takes 32 KiB
        const auto opened = open_sqlite_outbox(folder.path());
        REQUIRE_FALSE(opened);
        INFO(opened.error().detail);
        CHECK(opened.error().code == Errc::full);
        CHECK(opened.error().detail.find("the disk is full") != std::string::npos);
    }
    CHECK(open_sqlite_outbox(folder.path())->outbox->counts() == OutboxCounts{3, 0, 0});
}

TEST_CASE("a data folder that cannot be made or written gives a clear error") {
    const auto not_made = open_sqlite_outbox("/proc/kaiku/data");
    REQUIRE_FALSE(not_made);
    CHECK(not_made.error().code == Errc::io);
    CHECK(not_made.error().detail.find("/proc/kaiku/data") != std::string::npos);
    test::TempDir folder;
    test::write_file(folder.path() / "file", "x");
    CHECK(open_sqlite_outbox(folder.path() / "file").error().code == Errc::io);
    std::filesystem::create_directory(folder.path() / "odd");
    std::filesystem::create_directory(folder.path() / "odd" / "outbox.db");
    CHECK(open_sqlite_outbox(folder.path() / "odd").error().code == Errc::io);
    REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
    std::filesystem::create_directory(folder.path() / "p");
    std::filesystem::rename(folder.path() / "pipe", folder.path() / "p" / "outbox.db");
    CHECK(open_sqlite_outbox(folder.path() / "p").error().code == Errc::io);
}

TEST_CASE("a read-only data folder gives a clear error and is left alone") {
    test::TempDir folder;
    const auto data = folder.path() / "data";
    saved_and_closed(data, 3);
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(data, std::filesystem::perms{0555});
    std::filesystem::permissions(data / "outbox.db", std::filesystem::perms{0444});
    {
        const AsNobody nobody;
        const auto opened = open_sqlite_outbox(data);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == Errc::io);
        CHECK(opened.error().detail.find("outbox.db") != std::string::npos);
    }
    std::filesystem::permissions(data, std::filesystem::perms{0700});
    std::filesystem::permissions(data / "outbox.db", std::filesystem::perms{0600});
    CHECK(open_sqlite_outbox(data)->outbox->counts() == OutboxCounts{3, 0, 0});
}

TEST_CASE("an outbox locked by another program is busy and works once it is free") {
    test::TempDir folder;
    auto opened = open_sqlite_outbox(folder.path(), kImpatient);
    REQUIRE(opened);
    REQUIRE(opened->outbox->put(entry_of(1)));
    int ready[2];
    int release[2];
    REQUIRE(::pipe(ready) == 0);
    REQUIRE(::pipe(release) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(30);
        ::close(release[1]);
        int code = 1;
        {
            SQLite::Database other((folder.path() / "outbox.db").string(), SQLite::OPEN_READWRITE);
            other.exec("BEGIN IMMEDIATE");
            char byte = 'r';
            if (::write(ready[1], &byte, 1) == 1) code = ::read(release[0], &byte, 1) == 0 ? 0 : 1;
        }
        ::_exit(code);
    }
    char byte = 0;
    ::close(release[0]);
    ::close(ready[1]);
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    const auto refused = opened->outbox->put(entry_of(2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::busy);
    CHECK(opened->outbox->remove({id_of(1)}).error().code == Errc::busy);
    CHECK(opened->outbox->quarantine(id_of(1), "why").error().code == Errc::busy);
    CHECK(opened->outbox->next_batch(5)->size() == 1);
    ::close(release[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    ::close(ready[0]);
    REQUIRE(opened->outbox->put(entry_of(2)));
    CHECK(opened->outbox->counts() == OutboxCounts{2, 0, 0});
}

TEST_CASE("an outbox locked while opening is busy and is not set aside") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 2);
    {
        SQLite::Database other((folder.path() / "outbox.db").string(), SQLite::OPEN_READWRITE);
        other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
        const auto opened = open_sqlite_outbox(folder.path(), kImpatient);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == Errc::busy);
    }
    const auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    CHECK(opened->set_aside.empty());
    CHECK(opened->outbox->counts() == OutboxCounts{2, 0, 0});
}

TEST_CASE("an outbox with a damaged header is set aside and kept") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 5);
    auto bytes = test::read_file(folder.path() / "outbox.db");
    bytes.replace(0, 16, "not a database!!");
    test::write_file(folder.path() / "outbox.db", bytes);
    check_set_aside(folder.path(), bytes);
}

TEST_CASE("an outbox with a damaged page in the middle is set aside and kept") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 60);
    auto bytes = test::read_file(folder.path() / "outbox.db");
    REQUIRE(bytes.size() > 40UL * 1024);
    // All pages but the schema's: b-tree pages are among them.
    for (std::size_t at = 1024; at < bytes.size(); at += 1024) bytes.replace(at, 16, 16, '\x5a');
    test::write_file(folder.path() / "outbox.db", bytes);
    check_set_aside(folder.path(), bytes);
}

TEST_CASE("an outbox cut short is set aside and kept") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 60);
    auto bytes = test::read_file(folder.path() / "outbox.db");
    bytes.resize(bytes.size() / 2);
    test::write_file(folder.path() / "outbox.db", bytes);
    check_set_aside(folder.path(), bytes);
}

TEST_CASE("every damaged outbox is kept under a name of its own") {
    test::TempDir folder;
    for (int time = 1; time <= 3; ++time) {
        test::write_file(folder.path() / "outbox.db", "damaged " + std::to_string(time));
        const auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        CHECK(opened->set_aside.filename() == "outbox.db.corrupt-" + std::to_string(time));
        CHECK(test::read_file(opened->set_aside) == "damaged " + std::to_string(time));
    }
}

TEST_CASE("damage that appears while the outbox is open is reported as such") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 200);
    auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    auto bytes = test::read_file(folder.path() / "outbox.db");
    for (std::size_t at = 1024; at < bytes.size(); at += 1024) bytes.replace(at, 16, 16, '\x5a');
    {
        std::fstream file(folder.path() / "outbox.db",
                          std::ios::binary | std::ios::in | std::ios::out);
        file << bytes;
    }
    // Another connection's commit makes this one read from the disk again.
    SQLite::Database((folder.path() / "outbox.db").string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA application_id = 7");
    const auto batch = opened->outbox->next_batch(200);
    REQUIRE_FALSE(batch);
    CHECK(batch.error().code == Errc::corrupt);
    CHECK(batch.error().detail.find("sets the file aside") != std::string::npos);
}

TEST_CASE("an outbox whose file was moved away takes no answer that nobody would find") {
    test::TempDir folder;
    auto opened = open_sqlite_outbox(folder.path());
    REQUIRE(opened);
    REQUIRE(opened->outbox->put(entry_of(1)));
    std::filesystem::rename(folder.path() / "outbox.db", folder.path() / "elsewhere.db");
    const auto kept = opened->outbox->put(entry_of(2));
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == Errc::io);
    CHECK(kept.error().detail.find("outbox.db") != std::string::npos);
    CHECK_FALSE(opened->outbox->next_batch(10));
}

TEST_CASE("a visitor to a damaged outbox leaves it where it is") {
    test::TempDir folder;
    saved_and_closed(folder.path(), 2);
    const std::string damaged(8192, 'x');
    test::write_file(folder.path() / "outbox.db", damaged);
    const auto opened = open_sqlite_outbox(folder.path(), {.set_corrupt_aside = false});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::corrupt);
    CHECK(test::read_file(folder.path() / "outbox.db") == damaged);
}
