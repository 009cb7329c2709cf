// What every Outbox promises, held against the in-memory fake and the real one.
#include <algorithm>
#include <functional>
#include <set>

#include "sync/memory_outbox.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

constexpr std::int64_t kLimit = 300;

enum class Which { memory, sqlite, trailing };

struct Subject {
    explicit Subject(Which which) {
        if (which == Which::memory) {
            outbox = make_memory_outbox(kLimit);
            return;
        }
        const auto open = which == Which::sqlite ? open_sqlite_outbox : open_trailing_outbox;
        auto opened = open(folder.path(), {kLimit, std::chrono::milliseconds{100}});
        REQUIRE(opened);
        outbox = std::move(opened->outbox);
    }
    test::TempDir folder;
    std::unique_ptr<Outbox> outbox;
};

std::set<std::string> ids_of(const std::vector<OutboxEntry>& entries) {
    std::set<std::string> out;
    for (const auto& entry : entries) out.insert(entry.id.text());
    return out;
}

}  // namespace

TEST_CASE("an outbox keeps an entry until it is removed") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    REQUIRE(subject.outbox->put(entry_of(1)));
    REQUIRE(subject.outbox->put(entry_of(2)));
    auto batch = subject.outbox->next_batch(10);
    REQUIRE(batch);
    REQUIRE(batch->size() == 2);
    for (const auto& entry : *batch) {
        const auto expected = entry.id == id_of(1) ? entry_of(1) : entry_of(2);
        CHECK(entry.id == expected.id);
        CHECK(entry.payload == expected.payload);
    }
    CHECK(subject.outbox->next_batch(10)->size() == 2);
    REQUIRE(subject.outbox->remove({id_of(1)}));
    batch = subject.outbox->next_batch(10);
    REQUIRE(batch->size() == 1);
    CHECK(batch->front().id == id_of(2));
    CHECK(subject.outbox->counts() == OutboxCounts{1, 0, 1});
}

TEST_CASE("an outbox takes an entry once however often it is put") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (int time = 0; time < 3; ++time) REQUIRE(subject.outbox->put(entry_of(1)));
    OutboxEntry other = entry_of(1);
    other.payload = "something else";
    REQUIRE(subject.outbox->put(other));
    CHECK(subject.outbox->counts() == OutboxCounts{1, 0, 0});
    CHECK(subject.outbox->next_batch(5)->front().payload == entry_of(1).payload);
}

TEST_CASE("an outbox does not queue again what is quarantined") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    REQUIRE(subject.outbox->put(entry_of(1)));
    REQUIRE(subject.outbox->quarantine(id_of(1), "reason"));
    REQUIRE(subject.outbox->put(entry_of(1)));
    CHECK(subject.outbox->counts() == OutboxCounts{0, 1, 0});
    CHECK(subject.outbox->next_batch(5)->empty());
}

TEST_CASE("an outbox forgets sent ids and takes them again") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    REQUIRE(subject.outbox->put(entry_of(1)));
    REQUIRE(subject.outbox->remove({id_of(1)}));
    REQUIRE(subject.outbox->put(entry_of(1)));
    CHECK(subject.outbox->counts() == OutboxCounts{1, 0, 1});
}

TEST_CASE("an outbox hands out no more than asked for and everything in the end") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 100; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    CHECK(subject.outbox->next_batch(0)->empty());
    std::size_t drained = 0;
    while (drained < 100) {
        auto batch = subject.outbox->next_batch(7);
        REQUIRE(batch);
        REQUIRE_FALSE(batch->empty());
        REQUIRE(batch->size() <= 7);
        REQUIRE(batch->size() == std::min<std::size_t>(7, 100 - drained));
        CHECK(ids_of(*batch).size() == batch->size());
        std::vector<survey::ResponseId> ids;
        for (const auto& entry : *batch) ids.push_back(entry.id);
        REQUIRE(subject.outbox->remove(ids));
        drained += batch->size();
    }
    CHECK(subject.outbox->counts() == OutboxCounts{0, 0, 100});
}

TEST_CASE("an outbox leaves out what is on its way, and hands out as many others") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 100; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    const auto first = subject.outbox->next_batch(40);
    REQUIRE(first);
    Outbox::Ids away;
    for (const auto& entry : *first) away.insert(entry.id);
    const auto others = subject.outbox->next_batch(40, away);
    REQUIRE(others);
    CHECK(others->size() == 40);
    for (const auto& entry : *others) CHECK_FALSE(away.contains(entry.id));
    CHECK(subject.outbox->next_batch(100, away)->size() == 60);
    CHECK(subject.outbox->next_batch(100)->size() == 100);
}

TEST_CASE("an outbox hands out its entries in another order each time") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 64; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    const auto order = [&] {
        std::vector<std::string> ids;
        const auto batch = subject.outbox->next_batch(64);
        for (const auto& entry : *batch) ids.push_back(entry.id.text());
        return ids;
    };
    std::vector<std::string> arrival;
    for (std::uint64_t n = 0; n < 64; ++n) arrival.push_back(id_of(n).text());
    const auto first = order();
    const auto second = order();
    // Either equality has a chance of 1 in 64!.
    CHECK(first != second);
    CHECK(first != arrival);
    CHECK(std::set(first.begin(), first.end()) == std::set(arrival.begin(), arrival.end()));
}

TEST_CASE("an outbox ignores unknown ids when removing") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    REQUIRE(subject.outbox->put(entry_of(1)));
    REQUIRE(subject.outbox->remove({id_of(7), id_of(8)}));
    REQUIRE(subject.outbox->remove({}));
    REQUIRE(subject.outbox->remove({id_of(1), id_of(1), id_of(9)}));
    CHECK(subject.outbox->counts() == OutboxCounts{0, 0, 1});
}

TEST_CASE("a quarantined entry leaves the queue and cannot be removed by a receipt") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    REQUIRE(subject.outbox->put(entry_of(1)));
    REQUIRE(subject.outbox->put(entry_of(2)));
    REQUIRE(subject.outbox->quarantine(id_of(1), "unknown unit"));
    REQUIRE(subject.outbox->quarantine(id_of(1), "again"));
    CHECK(subject.outbox->quarantine(id_of(9), "unknown").error().code == Errc::not_found);
    REQUIRE(subject.outbox->remove({id_of(1)}));
    CHECK(subject.outbox->counts() == OutboxCounts{1, 1, 0});
    CHECK(subject.outbox->next_batch(5)->front().id == id_of(2));
}

TEST_CASE("what is quarantined is told by reason, the most frequent first") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    CHECK(subject.outbox->quarantined()->empty());
    for (std::uint64_t n = 0; n < 6; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    REQUIRE(subject.outbox->quarantine(id_of(1), "b"));
    REQUIRE(subject.outbox->quarantine(id_of(2), "/unit: there is no unit 'X'"));
    REQUIRE(subject.outbox->quarantine(id_of(3), "/unit: there is no unit 'X'"));
    REQUIRE(subject.outbox->quarantine(id_of(4), "a\x1b[2J\nä\u202e"));
    const auto groups = subject.outbox->quarantined();
    REQUIRE(groups);
    CHECK(*groups == std::vector<QuarantineGroup>{{"/unit: there is no unit 'X'", 2},
                                                  {"a\\u001b[2J\\u000aä\\u202e", 1},
                                                  {"b", 1}});
}

TEST_CASE("what is quarantined goes back into the queue as it was, and can then be sent") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    CHECK(subject.outbox->requeue() == 0);
    for (std::uint64_t n = 0; n < 4; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    for (std::uint64_t n = 0; n < 3; ++n) REQUIRE(subject.outbox->quarantine(id_of(n), "why"));
    CHECK(subject.outbox->requeue() == 3);
    CHECK(subject.outbox->counts() == OutboxCounts{4, 0, 0});
    CHECK(subject.outbox->quarantined()->empty());
    const auto batch = subject.outbox->next_batch(10);
    REQUIRE(batch->size() == 4);
    for (const auto& entry : *batch) {
        CHECK((entry.payload == entry_of(0).payload || entry.payload == entry_of(1).payload ||
               entry.payload == entry_of(2).payload || entry.payload == entry_of(3).payload));
    }
    REQUIRE(subject.outbox->remove({id_of(0), id_of(1), id_of(2), id_of(3)}));
    CHECK(subject.outbox->counts() == OutboxCounts{0, 0, 4});
}

TEST_CASE("what the queue has no room for stays in quarantine, all of it") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 2; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    for (std::uint64_t n = 0; n < 2; ++n) REQUIRE(subject.outbox->quarantine(id_of(n), "why"));
    for (std::uint64_t n = 2; n < kLimit + 1; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    CHECK(subject.outbox->requeue().error().code == Errc::full);
    CHECK(subject.outbox->counts() == OutboxCounts{kLimit - 1, 2, 0});
    REQUIRE(subject.outbox->remove({id_of(2)}));
    CHECK(subject.outbox->requeue() == 2);
}

TEST_CASE("an outbox at its limit says full and keeps what it has") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < kLimit; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    CHECK(subject.outbox->put(entry_of(9999)).error().code == Errc::full);
    REQUIRE(subject.outbox->put(entry_of(5)));
    CHECK(subject.outbox->counts() == OutboxCounts{kLimit, 0, 0});
    REQUIRE(subject.outbox->remove({id_of(5)}));
    REQUIRE(subject.outbox->put(entry_of(9999)));
}

TEST_CASE("an outbox refuses an empty and an oversized payload") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    CHECK(subject.outbox->put({id_of(1), ""}).error().code == Errc::invalid);
    CHECK(subject.outbox->put({id_of(1), std::string(kMaxEntryBytes + 1, 'x')}).error().code ==
          Errc::too_large);
    REQUIRE(subject.outbox->put({id_of(1), std::string(kMaxEntryBytes, 'x')}));
    CHECK(subject.outbox->counts() == OutboxCounts{1, 0, 0});
}

TEST_CASE("an outbox keeps any bytes as they are") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    std::string bytes;
    for (int value = 0; value < 256; ++value) bytes += static_cast<char>(value);
    REQUIRE(subject.outbox->put({id_of(1), bytes}));
    CHECK(subject.outbox->next_batch(1)->front().payload == bytes);
}

TEST_CASE("payloads are rewritten where they wait and in quarantine, and nowhere else") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 6; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    REQUIRE(subject.outbox->quarantine(id_of(5), "why"));
    const std::string kept = entry_of(0).payload;
    const auto change = [&](std::string_view payload) -> Result<std::optional<std::string>> {
        if (payload == kept || payload.starts_with("new ")) return std::optional<std::string>();
        return std::optional("new " + std::string(payload));
    };
    CHECK(subject.outbox->rewrite(change) == 5);
    CHECK(subject.outbox->rewrite(change) == 0);
    CHECK(subject.outbox->counts() == OutboxCounts{5, 1, 0});
    CHECK(subject.outbox->requeue() == 1);
    const auto batch = subject.outbox->next_batch(10);
    REQUIRE(batch->size() == 6);
    for (const auto& entry : *batch) {
        const bool first = entry.id == id_of(0);
        CHECK(entry.payload.starts_with("new ") != first);
    }
}

TEST_CASE("a rewriting that fails says why and loses nothing") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    for (std::uint64_t n = 0; n < 6; ++n) REQUIRE(subject.outbox->put(entry_of(n)));
    int calls = 0;
    const auto done =
        subject.outbox->rewrite([&](std::string_view) -> Result<std::optional<std::string>> {
            if (++calls == 4) return fail(Errc::invalid, "no key");
            return std::optional<std::string>("changed");
        });
    CHECK(done.error().detail == "no key");
    CHECK(subject.outbox->counts() == OutboxCounts{6, 0, 0});
    CHECK(subject.outbox->next_batch(10)->size() == 6);
}

TEST_CASE("days are counted where answers are kept, and forgotten when they are settled") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    auto& outbox = *subject.outbox;
    CHECK(outbox.ledger() == LedgerReport{});
    for (std::uint64_t n = 0; n < 3; ++n) {
        auto entry = entry_of(n);
        entry.day = n == 0 ? "2026-11-21" : "2026-11-22";
        REQUIRE(outbox.put(entry));
        REQUIRE(outbox.put(entry));  // the second time changes nothing
    }
    REQUIRE(outbox.put(entry_of(7)));  // without a day: counted nowhere
    REQUIRE(outbox.note({.day = "2026-11-22", .shown = 9, .started = 4, .answered = 2}));
    REQUIRE(outbox.note({.day = "2026-11-22", .skipped = 1, .timed_out = 1, .moved = 5}));
    REQUIRE(outbox.quarantine(id_of(1), "why"));
    const DayCounts first{.day = "2026-11-21", .stored = 1};
    const DayCounts second{.day = "2026-11-22",
                           .shown = 9,
                           .started = 4,
                           .answered = 2,
                           .skipped = 1,
                           .timed_out = 1,
                           .moved = 5,
                           .stored = 2};
    CHECK(outbox.ledger() == LedgerReport{{first, second}, 3, 1});
    REQUIRE(outbox.settle({"2026-11-21", "1999-01-01"}, 0));
    CHECK(outbox.ledger() == LedgerReport{{second}, 3, 1});
}

TEST_CASE("a day that is lived through again adds to what was settled") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    auto& outbox = *subject.outbox;
    REQUIRE(outbox.note({.day = "2026-11-21", .shown = 9, .stored = 5}));
    REQUIRE(outbox.settle({"2026-11-21"}, 0));
    CHECK(outbox.ledger()->days.empty());
    auto entry = entry_of(1);
    entry.day = "2026-11-21";
    REQUIRE(outbox.put(entry));
    CHECK(outbox.ledger()->days ==
          std::vector<DayCounts>{{.day = "2026-11-21", .shown = 9, .stored = 6}});
    REQUIRE(outbox.settle({"2026-11-21"}, 0));
    REQUIRE(outbox.note({.day = "2026-11-21", .shown = 1}));
    CHECK(outbox.ledger()->days ==
          std::vector<DayCounts>{{.day = "2026-11-21", .shown = 10, .stored = 6}});
}

TEST_CASE("of the settled days the last ones are remembered") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    auto& outbox = *subject.outbox;
    const auto day_of = [](std::size_t number) {
        return (number < 31 ? "2026-10-" : "2026-11-") +
               std::to_string(100 + (number < 31 ? number + 1 : number - 30)).substr(1);
    };
    std::vector<std::string> days;
    for (std::size_t number = 0; number <= kMaxSettledDays; ++number)
        days.push_back(day_of(number));
    for (const auto& day : days) REQUIRE(outbox.note({.day = day, .shown = 3}));
    REQUIRE(outbox.settle(days, 0));
    for (const auto& day : days) REQUIRE(outbox.note({.day = day, .shown = 1}));
    const auto told = outbox.ledger()->days;
    REQUIRE(told.size() == days.size());
    CHECK(told.front() == DayCounts{.day = days.front(), .shown = 1});
    for (std::size_t i = 1; i < told.size(); ++i) CHECK(told[i].shown == 4);
}

TEST_CASE("receipts are kept with what they remove, the newest of them, until they are settled") {
    Subject subject(GENERATE(Which::memory, Which::sqlite, Which::trailing));
    auto& outbox = *subject.outbox;
    REQUIRE(outbox.put(entry_of(1)));
    const KeptReceipt kept{1, "one", "signed"};
    REQUIRE(outbox.remove({id_of(1)}, {&kept, 1}));
    CHECK(outbox.counts() == OutboxCounts{0, 0, 1});
    CHECK(outbox.receipts() == std::vector{kept});
    for (std::int64_t number = 2; number <= kMaxKeptReceipts + 3; ++number) {
        const KeptReceipt next{number, "more", "signed"};
        REQUIRE(outbox.remove({}, {&next, 1}));
    }
    auto all = outbox.receipts();
    REQUIRE(all);
    CHECK(std::ssize(*all) == kMaxKeptReceipts);
    CHECK(all->front().number == 4);
    CHECK(all->back().number == kMaxKeptReceipts + 3);
    REQUIRE(outbox.settle({}, kMaxKeptReceipts + 3));
    CHECK(outbox.receipts()->size() == 1);
    REQUIRE(outbox.settle({}, kMaxKeptReceipts + 4));
    CHECK(outbox.receipts()->empty());
}
