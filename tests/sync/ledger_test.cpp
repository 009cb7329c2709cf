// What device and central say about their counts, and how those compare.
#include "sync/ledger.hpp"

#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::sync;

namespace {

DayCounts day(const std::string& name, std::int64_t stored) {
    return {.day = name, .shown = 50, .started = 20, .answered = stored, .stored = stored};
}

}  // namespace

TEST_CASE("a report and its answer survive their way") {
    const LedgerReport report{{day("2026-11-21", 412), day("2026-11-22", 3)}, 2, 1};
    CHECK(decode_ledger(encode_ledger(report)) == report);
    CHECK(decode_ledger(encode_ledger({})) == LedgerReport{});
    const std::vector<DayReceived> received{{"2026-11-21", 412, 0}, {"2026-11-22", 1, 1}};
    CHECK(decode_received(encode_received(received)) == received);
    std::vector<DayCounts> many;
    for (int n = 0; n < 400; ++n) {
        many.push_back(day("20" + std::to_string(10 + n / 100) + "-" +
                               std::to_string(10 + n / 10 % 10) + "-" + std::to_string(10 + n % 10),
                           1'000'000'000));
    }
    const std::string longest = encode_ledger({many, 1'000'000'000, 1'000'000'000});
    CHECK(longest.size() <= kMaxLedgerBytes);
    CHECK(decode_ledger(longest)->days.size() == kMaxLedgerDays);
}

TEST_CASE("a report that breaks a rule is refused with the place") {
    const std::string good = encode_ledger({{day("2026-11-21", 1)}, 0, 0});
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string changed = good;
        changed.replace(changed.find(from), from.size(), to);
        return decode_ledger(changed).error().detail;
    };
    CHECK(with("2026-11-21", "21.11.2026").starts_with("/ledger/days/0/day:"));
    CHECK(with("\"stored\":1", "\"stored\":-1").starts_with("/ledger/days/0/stored:"));
    CHECK(with("\"stored\":1", "\"stored\":1e3").starts_with("/ledger/days/0/stored:"));
    CHECK(with("\"stored\":1", "\"stored\":1000000001").starts_with("/ledger/days/0/stored:"));
    CHECK(with("\"moved\":0", "\"other\":0").starts_with("/ledger/days/0/moved:"));
    CHECK(with("\"moved\":0", "\"moved\":0,\"x\":1").starts_with("/ledger/days/0:"));
    CHECK(with("\"waiting\":0", "\"waiting\":\"\"").starts_with("/ledger/waiting:"));
    CHECK(with("\"waiting\"", "\"wating\"").starts_with("/ledger:"));
    CHECK(decode_ledger(encode_ledger({{day("2026-11-21", 1), day("2026-11-21", 1)}, 0, 0}))
              .error()
              .detail.starts_with("/ledger/days/1/day: days must stand in their order"));
    CHECK(decode_received(R"({"protocol":1,"received":[{"day":"2026-11-21","received":1}]})")
              .error()
              .detail.starts_with("/received/0:"));
    CHECK(decode_received(R"({"protocol":1,"received":{}})")
              .error()
              .detail.starts_with("/received:"));
}

TEST_CASE("days on which both agree are settled once they are over") {
    const LedgerReport report{
        {day("2026-11-20", 5), day("2026-11-21", 4), day("2026-11-22", 2)}, 0, 0};
    const Comparison all = compare(
        report, {{"2026-11-20", 5, 0}, {"2026-11-21", 3, 1}, {"2026-11-22", 2, 0}}, "2026-11-22");
    CHECK(all.agrees);
    CHECK(all.settled == std::vector<std::string>{"2026-11-20", "2026-11-21"});
    CHECK(all.difference.empty());
}

TEST_CASE("what waits or is quarantined is no difference, anything else is named") {
    const LedgerReport report{{day("2026-11-20", 5), day("2026-11-22", 2)}, 2, 1};
    const Comparison waiting = compare(report, {{"2026-11-20", 4, 0}}, "2026-11-22");
    CHECK(waiting.agrees);
    CHECK(waiting.settled.empty());
    CHECK(waiting.difference.empty());
    const Comparison lost = compare(report, {{"2026-11-20", 3, 0}}, "2026-11-22");
    CHECK_FALSE(lost.agrees);
    CHECK(lost.difference == "2026-11-20: central has 3 of 5");
    const Comparison surplus =
        compare(report, {{"2026-11-20", 9, 0}, {"2026-11-22", 2, 0}}, "2026-11-22");
    CHECK_FALSE(surplus.agrees);
    CHECK(surplus.difference == "2026-11-20: central has 9 of 5");
}
