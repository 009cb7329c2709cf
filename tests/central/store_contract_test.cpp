#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "central/store/sqlite_store.hpp"
#include "tests/central/every_store.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

/// A folder of its own that goes away with the test.
class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kaiku-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path file() const { return path_ / "central.db"; }

  private:
    std::filesystem::path path_;
};

std::unique_ptr<Store> open(const Folder& folder) {
    SqliteOptions options;
    options.path = folder.file();
    options.busy_timeout = std::chrono::milliseconds(50);
    auto store = open_sqlite_store(options);
    REQUIRE(store);
    return std::move(*store);
}

Errc open_error(const std::filesystem::path& file) {
    SqliteOptions options;
    options.path = file;
    options.check = true;
    options.busy_timeout = std::chrono::milliseconds(20);
    const auto store = open_sqlite_store(options);
    REQUIRE_FALSE(store);
    CHECK_FALSE(store.error().detail.empty());
    CHECK(store.error().detail.find('\n') == std::string::npos);
    return store.error().code;
}

Submission submission(survey::Response response) {
    return {std::move(response), "contact-id", "2026-11-22"};
}

Secret enrolment_code(const std::string& hash, const char* expires) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::enrolment;
    secret.unit = "a";
    secret.created_at = sample::time("2026-11-20T00:00:00Z");
    secret.expires_at = sample::time(expires);
    return secret;
}

Secret device(const std::string& hash) {
    Secret secret;
    secret.hash = hash;
    secret.kind = SecretKind::device;
    secret.device_id = "device-" + hash;
    secret.created_at = sample::time("2026-11-22T00:00:00Z");
    return secret;
}

void add_units(Store& store) {
    REQUIRE(store.add_unit({"a", "A-yksikkö", "A-enhet", "", "1.2.246.10.12345678.10.1"}));
    REQUIRE(store.add_unit({"b", "B", "B", "a", ""}));
}

void units_contract(Store& store) {
    add_units(store);
    const auto units = store.units();
    REQUIRE(units);
    REQUIRE(units->size() == 2);
    CHECK(units->front() == Unit{"a", "A-yksikkö", "A-enhet", "", "1.2.246.10.12345678.10.1"});
    CHECK(units->back().parent == "a");
    const auto twice = store.add_unit({"a", "x", "x", "", ""});
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == Errc::refused);
    const auto orphan = store.add_unit({"c", "x", "x", "nowhere", ""});
    REQUIRE_FALSE(orphan);
    CHECK(orphan.error().code == Errc::not_found);
}

void secrets_contract(Store& store) {
    add_units(store);
    REQUIRE(store.add_secret(enrolment_code("good", "2026-11-29T00:00:00Z")));
    REQUIRE(store.add_secret(enrolment_code("stale", "2026-11-21T00:00:00Z")));
    Secret lost = enrolment_code("lost", "2026-11-29T00:00:00Z");
    lost.unit = "nowhere";
    const auto refused = store.add_secret(lost);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_found);

    const auto as_credential = store.find_credential("good");
    REQUIRE(as_credential);
    CHECK_FALSE(as_credential->has_value());

    for (const char* wrong : {"stale", "unknown"}) {
        const auto rejected = store.redeem(wrong, device("d0"), "");
        REQUIRE_FALSE(rejected);
        CHECK(rejected.error().code == Errc::unauthorized);
    }
    const auto unit = store.redeem("good", device("d1"), "");
    REQUIRE(unit);
    CHECK(unit->code == "a");
    const auto again = store.redeem("good", device("d2"), "");
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::unauthorized);
    CHECK_FALSE(store.find_credential("d2").value().has_value());

    const auto found = store.find_credential("d1");
    REQUIRE(found);
    REQUIRE(found->has_value());
    CHECK(found->value_or(Secret()).device_id == "device-d1");
    CHECK(found->value_or(Secret()).unit == "a");
    CHECK(found->value_or(Secret()).kind == SecretKind::device);
}

void responses_contract(Store& store) {
    add_units(store);
    const std::vector<Submission> first{submission(sample::response(1)),
                                        submission(sample::response(2, "b")),
                                        submission(sample::response(1))};
    const auto stored = store.put(first);
    REQUIRE(stored);
    CHECK(*stored == std::vector{Stored::now, Stored::now, Stored::before});

    CHECK(store.holds(sample::response(1).id) == true);
    CHECK(store.holds(sample::response(3).id) == false);

    survey::Response changed = sample::response(1);
    changed.answers.nps = 0;
    const std::vector<Submission> second{submission(changed)};
    CHECK(store.put(second).value() == std::vector{Stored::before});

    std::vector<survey::Response> seen;
    REQUIRE(store.visit({}, [&](const survey::Response& response) {
        seen.push_back(response);
        return true;
    }));
    REQUIRE(seen.size() == 2);
    CHECK(seen.front() == sample::response(1));
    CHECK(seen.back() == sample::response(2, "b"));

    const std::vector<Submission> mixed{submission(sample::response(3)),
                                        submission(sample::response(4, "nowhere"))};
    const auto refused = store.put(mixed);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_found);
    CHECK(store.tally({}).value().size() == 2);
}

void selection_contract(Store& store) {
    add_units(store);
    std::vector<Submission> all;
    for (std::uint32_t number = 0; number < 20; ++number) {
        survey::Response response = sample::response(number, number % 2 == 0 ? "a" : "b");
        response.answered_at += std::chrono::hours(number);
        response.answers.nps = static_cast<int>(number % 11);
        response.answers.statements["help"] = static_cast<int>(number % 5) + 1;
        all.push_back(submission(response));
    }
    survey::Response silent = sample::response(99);
    silent.answers = {};
    all.push_back(submission(silent));
    REQUIRE(store.put(all));

    Selection selection;
    selection.from = sample::time("2026-11-22T10:00:00Z");
    selection.to = sample::time("2026-11-22T14:00:00Z");
    selection.units = std::set<std::string>{"a"};
    const auto tallies = store.tally(selection);
    REQUIRE(tallies);
    REQUIRE(tallies->size() == 1);
    const Tally& tally = tallies->begin()->second;
    CHECK(tallies->begin()->first == TallyKey{"a", "kiosk", "fi", "adult", {"quick-nps", 1}});
    CHECK(tally.responses == 3);
    CHECK(tally.nps == survey::NpsCounts{0, 0, 2});
    CHECK(tally.statements.at("help").by_value == std::array<std::int64_t, 5>{1, 0, 1, 0, 0});

    std::size_t visited = 0;
    REQUIRE(store.visit(selection, [&](const survey::Response&) { return ++visited < 2; }));
    CHECK(visited == 2);
}

}  // namespace

TEST_CASE("store keeps units, and refuses a second one and orphans") {
    in_every_store(units_contract);
}

TEST_CASE("store accepts an enrolment code once and in time") { in_every_store(secrets_contract); }

TEST_CASE("store keeps a response once, whole, and a group entirely or not at all") {
    in_every_store(responses_contract);
}

TEST_CASE("store counts and shows exactly the selected responses") {
    in_every_store(selection_contract);
}

TEST_CASE("store keeps what it has over a restart") {
    const Folder folder;
    {
        const auto store = open(folder);
        add_units(*store);
        const std::vector<Submission> one{submission(sample::response(1))};
        REQUIRE(store->put(one));
    }
    CHECK(open(folder)->tally({}).value().size() == 1);
}

TEST_CASE("contact wishes are stored apart, without the response's id") {
    const Folder folder;
    const auto store = open(folder);
    add_units(*store);
    survey::Response response = sample::response(7);
    response.contact = "040 1234567";
    const std::vector<Submission> one{submission(response)};
    REQUIRE(store->put(one));
    REQUIRE(store->put(one));
    SQLite::Database raw(folder.file().string(), SQLite::OPEN_READONLY);
    CHECK(raw.execAndGet("SELECT COUNT(*) FROM contacts").getInt() == 1);
    CHECK(raw.execAndGet("SELECT id FROM contacts").getString() == "contact-id");
    CHECK(raw.execAndGet("SELECT COUNT(*) FROM pragma_table_info('contacts')"
                         " WHERE name IN ('response', 'response_id', 'answered_at')")
              .getInt() == 0);
    REQUIRE(store->visit({}, [](const survey::Response& kept) {
        CHECK(kept.contact.empty());
        return true;
    }));
}

TEST_CASE("a store of another program, of a newer version or damaged is refused") {
    const Folder folder;
    std::filesystem::create_directories(folder.file().parent_path());
    SECTION("not a database") {
        std::ofstream(folder.file()) << std::string(8192, 'x');
        CHECK(open_error(folder.file()) == Errc::corrupt);
    }
    SECTION("another program's database") {
        SQLite::Database other(folder.file().string(),
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE theirs (x)");
        CHECK(open_error(folder.file()) == Errc::corrupt);
    }
    SECTION("newer") {
        open(folder);
        SQLite::Database(folder.file().string(), SQLite::OPEN_READWRITE)
            .exec("PRAGMA user_version = 99");
        CHECK(open_error(folder.file()) == Errc::unsupported);
    }
    SECTION("damaged pages") {
        {
            const auto store = open(folder);
            add_units(*store);
            std::vector<Submission> many;
            for (std::uint32_t number = 0; number < 500; ++number) {
                many.push_back(submission(sample::response(number)));
            }
            REQUIRE(store->put(many));
        }
        std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 2; page < 20; ++page) {
            file.seekp(std::streamoff{page} * 4096);
            file << std::string(2048, '\xff');
        }
        file.close();
        CHECK(open_error(folder.file()) == Errc::corrupt);
    }
    SECTION("a folder") {
        std::filesystem::create_directories(folder.file());
        CHECK(open_error(folder.file()) == Errc::io);
    }
    SECTION("nothing there and not to be made") {
        SqliteOptions options;
        options.path = folder.file();
        options.create = false;
        const auto store = open_sqlite_store(options);
        REQUIRE_FALSE(store);
        CHECK(store.error().code == Errc::not_found);
    }
}

TEST_CASE("a store locked by another answers busy, and works again afterwards") {
    const Folder folder;
    const auto store = open(folder);
    add_units(*store);
    const std::vector<Submission> one{submission(sample::response(1))};
    {
        SQLite::Database other(folder.file().string(), SQLite::OPEN_READWRITE);
        const SQLite::Transaction held(other, SQLite::TransactionBehavior::EXCLUSIVE);
        const auto put = store->put(one);
        REQUIRE_FALSE(put);
        CHECK(put.error().code == Errc::busy);
        CHECK_FALSE(store->check_writable());
        CHECK(store->units());
    }
    CHECK(store->check_writable());
    CHECK(store->put(one).value() == std::vector{Stored::now});
}

TEST_CASE("a store is ready only with room for answers on its disk") {
    const Folder folder;
    const auto cramped = open_sqlite_store({.path = folder.file(), .min_free_bytes = UINT64_MAX});
    REQUIRE(cramped);
    const auto ready = (*cramped)->check_writable();
    REQUIRE_FALSE(ready);
    CHECK(ready.error().code == Errc::full);
    CHECK(ready.error().detail.find("free some space") != std::string::npos);
    add_units(**cramped);
    // What still finds room is kept all the same.
    CHECK((*cramped)->put(std::vector{submission(sample::response(1))}));
    CHECK(open(folder)->check_writable());
}

TEST_CASE("a full disk is an error, changes nothing, and passes") {
    const Folder folder;
    const auto store = open(folder);
    add_units(*store);
    std::vector<Submission> many;
    for (std::uint32_t number = 0; number < 2000; ++number) {
        many.push_back(submission(sample::response(number)));
    }
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit small = before;
    small.rlim_cur = 128UL * 1024;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto put = store->put(many);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE_FALSE(put);
    CHECK((put.error().code == Errc::io || put.error().code == Errc::full));
    CHECK(store->tally({}).value().empty());
    CHECK(store->put(many));
    CHECK(store->tally({}).value().begin()->second.responses == 2000);
}

TEST_CASE("nothing in the file tells the order in which answers came") {
    const Folder folder;
    open(folder);
    SQLite::Database raw(folder.file().string(), SQLite::OPEN_READONLY);
    SQLite::Statement tables(raw, "SELECT name, sql FROM sqlite_master WHERE type = 'table'");
    int count = 0;
    while (tables.executeStep()) {
        ++count;
        const std::string sql = tables.getColumn(1).getString();
        CHECK(sql.find("WITHOUT ROWID") != std::string::npos);
        CHECK(sql.find("AUTOINCREMENT") == std::string::npos);
    }
    CHECK(count > 10);
}

}  // namespace kaiku::central
