// What a long queue's removals in a thread of their own must not change.
#include "sync/trailing_outbox.hpp"

#include <SQLiteCpp/Database.h>

#include <set>

#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

constexpr std::int64_t kWaiting = 700;

std::unique_ptr<Outbox> opened_in(const test::TempDir& folder) {
    auto opened = open_trailing_outbox(folder.path());
    REQUIRE(opened);
    return std::move(opened->outbox);
}

void fill(Outbox& outbox, std::int64_t count) {
    for (std::int64_t n = 0; n < count; ++n) {
        REQUIRE(outbox.put(entry_of(static_cast<std::uint64_t>(n))));
    }
}

std::vector<survey::ResponseId> ids_of(const std::vector<OutboxEntry>& entries) {
    std::vector<survey::ResponseId> out;
    for (const auto& entry : entries) out.push_back(entry.id);
    return out;
}

}  // namespace

TEST_CASE("a trailing outbox gives every answer out once and is empty when all are removed") {
    const test::TempDir folder;
    auto outbox = opened_in(folder);
    fill(*outbox, kWaiting);
    std::set<survey::ResponseId> seen;
    std::int64_t batches = 0;
    for (auto batch = outbox->next_batch(64); !batch->empty(); batch = outbox->next_batch(64)) {
        for (const auto& entry : *batch) REQUIRE(seen.insert(entry.id).second);
        const KeptReceipt receipt{++batches, "body", "signature"};
        REQUIRE(outbox->remove(ids_of(*batch), {&receipt, 1}));
    }
    CHECK(std::ssize(seen) == kWaiting);
    CHECK(outbox->counts() == OutboxCounts{0, 0, kWaiting});
    CHECK(std::ssize(outbox->receipts().value()) == batches);
}

TEST_CASE("every other call to a trailing outbox sees the removals before it") {
    const test::TempDir folder;
    auto outbox = opened_in(folder);
    fill(*outbox, 3);
    REQUIRE(outbox->remove({id_of(0)}));
    CHECK(outbox->counts() == OutboxCounts{2, 0, 1});
    REQUIRE(outbox->remove({id_of(1)}));
    CHECK(outbox->quarantine(id_of(1), "why").error().code == Errc::not_found);
    REQUIRE(outbox->remove({id_of(2)}));
    CHECK(outbox->ledger()->waiting == 0);
}

TEST_CASE("closing a trailing outbox lets its removals end") {
    const test::TempDir folder;
    auto outbox = opened_in(folder);
    fill(*outbox, kWaiting);
    REQUIRE(outbox->remove(ids_of(outbox->next_batch(500).value())));
    outbox.reset();
    CHECK(opened_in(folder)->counts() == OutboxCounts{kWaiting - 500, 0, 500});
}

TEST_CASE("what a trailing outbox removed is nowhere in its files once nothing waits") {
    const test::TempDir folder;
    auto outbox = opened_in(folder);
    REQUIRE(outbox->put({id_of(1), "{\"marker\":\"to be forgotten\"}"}));
    const auto found = [&] {
        return (test::read_file(folder.path() / "outbox.db") +
                test::read_file(folder.path() / "outbox.db-wal"))
                   .find("to be forgotten") != std::string::npos;
    };
    REQUIRE(found());
    REQUIRE(outbox->remove(ids_of(outbox->next_batch(10).value())));
    CHECK(outbox->next_batch(10)->empty());
    CHECK_FALSE(found());
}

TEST_CASE("a removal that fails is told once, and its answers wait and are given out again") {
    const test::TempDir folder;
    auto opened =
        open_trailing_outbox(folder.path(), {.busy_timeout = std::chrono::milliseconds{5}});
    REQUIRE(opened);
    auto& outbox = opened->outbox;
    fill(*outbox, 5);
    SQLite::Database other((folder.path() / "outbox.db").string(), SQLite::OPEN_READWRITE);
    const auto batch = outbox->next_batch(10);
    REQUIRE(batch->size() == 5);
    const KeptReceipt receipt{1, "body", "signature"};
    other.exec("BEGIN IMMEDIATE");
    REQUIRE(outbox->remove(ids_of(*batch), {&receipt, 1}));
    CHECK(outbox->counts().error().code == Errc::busy);
    other.exec("ROLLBACK");
    CHECK(outbox->counts() == OutboxCounts{5, 0, 0});
    REQUIRE(outbox->next_batch(10)->size() == 5);
    REQUIRE(outbox->remove(ids_of(*batch), {&receipt, 1}));
    CHECK(outbox->counts() == OutboxCounts{0, 0, 5});
}
