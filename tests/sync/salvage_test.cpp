// What a damaged outbox still holds is read, page by page, and nothing is made up.
#include "sync/salvage.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "sync/sealing.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::id_of;

namespace {

constexpr std::size_t kPage = 1024;

/// Sealed answers, short and long ones.
std::map<std::string, std::string> fill(Outbox& outbox, std::uint64_t count) {
    const auto key = KeyPair::make().value();
    std::map<std::string, std::string> kept;
    for (std::uint64_t n = 0; n < count; ++n) {
        const std::string plain(100 + (n % 7) * 900, 'x');
        const auto sealed = seal_answer(plain, key.public_key()).value();
        REQUIRE(outbox.put({id_of(n), sealed}));
        kept[id_of(n).text()] = sealed;
    }
    return kept;
}

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// How many of the kept answers came back; fails if one came back that was not kept.
std::size_t found_of(const std::map<std::string, std::string>& kept, const Salvaged& salvaged) {
    for (const auto& entry : salvaged.entries) {
        const auto original = kept.find(entry.id.text());
        REQUIRE(original != kept.end());
        CHECK(original->second == entry.payload);
    }
    return salvaged.entries.size();
}

}  // namespace

TEST_CASE("every answer of a sound outbox is found, waiting and quarantined") {
    const test::TempDir folder;
    std::map<std::string, std::string> kept;
    {
        auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        kept = fill(*opened->outbox, 300);
        REQUIRE(opened->outbox->quarantine(id_of(5), "why"));
        SECTION("out of the write-ahead log while it is open") {
            const auto salvaged = salvage_outbox(folder.path() / "outbox.db");
            REQUIRE(salvaged);
            CHECK(found_of(kept, *salvaged) == 300);
        }
    }
    const auto salvaged = salvage_outbox(folder.path() / "outbox.db");
    REQUIRE(salvaged);
    CHECK(found_of(kept, *salvaged) == 300);
    CHECK(salvaged->broken == 0);
}

TEST_CASE("a destroyed header and tree cost nothing, a destroyed page what stood on it") {
    const test::TempDir folder;
    const auto file = folder.path() / "outbox.db";
    std::map<std::string, std::string> kept;
    {
        auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        kept = fill(*opened->outbox, 200);
    }
    std::string bytes = read(file);
    SECTION("the first page") {
        std::fill_n(bytes.begin(), kPage, '\0');
        write(file, bytes);
        const auto salvaged = salvage_outbox(file);
        REQUIRE(salvaged);
        CHECK(found_of(kept, *salvaged) == 200);
    }
    SECTION("random pages") {
        std::mt19937 random(7);
        for (int hit = 0; hit < 10; ++hit) {
            const std::size_t page = random() % (bytes.size() / kPage);
            for (std::size_t at = 0; at < kPage; ++at) {
                bytes[page * kPage + at] = static_cast<char>(random());
            }
        }
        write(file, bytes);
        const auto salvaged = salvage_outbox(file);
        REQUIRE(salvaged);
        const std::size_t found = found_of(kept, *salvaged);
        CHECK(found >= 150);
        CHECK(found < 200);
        CHECK(salvaged->broken > 0);
    }
    SECTION("the second half is gone") {
        write(file, bytes.substr(0, bytes.size() / 2));
        const auto salvaged = salvage_outbox(file);
        REQUIRE(salvaged);
        CHECK(found_of(kept, *salvaged) >= 40);
    }
}

TEST_CASE("answers that were sent are not brought back") {
    const test::TempDir folder;
    {
        auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        (void)fill(*opened->outbox, 50);
        std::vector<survey::ResponseId> sent;
        for (std::uint64_t n = 0; n < 49; ++n) sent.push_back(id_of(n));
        REQUIRE(opened->outbox->remove(sent));
    }
    const auto salvaged = salvage_outbox(folder.path() / "outbox.db");
    REQUIRE(salvaged);
    REQUIRE(salvaged->entries.size() == 1);
    CHECK(salvaged->entries.front().id == id_of(49));
}

TEST_CASE("whatever bytes a file has, reading it ends") {
    const test::TempDir folder;
    const auto file = folder.path() / "outbox.db";
    CHECK(salvage_outbox(file).error().code == Errc::not_found);
    std::map<std::string, std::string> kept;
    {
        auto opened = open_sqlite_outbox(folder.path());
        REQUIRE(opened);
        kept = fill(*opened->outbox, 20);
    }
    const std::string bytes = read(file);
    std::mt19937 random(1);
    for (int turn = 0; turn < 300; ++turn) {
        std::string changed = bytes;
        for (int hit = 0; hit < 60; ++hit) {
            changed[random() % changed.size()] = static_cast<char>(random());
        }
        changed.resize(random() % (changed.size() + 1));
        write(file, changed);
        write(folder.path() / "outbox.db-wal", changed.substr(changed.size() / 2));
        const auto salvaged = salvage_outbox(file);
        REQUIRE(salvaged);
        CHECK(salvaged->entries.size() <= 20);
    }
}
