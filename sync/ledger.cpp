#include "sync/ledger.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "sync/envelope.hpp"
#include "sync/headers.hpp"
#include "sync/protocol.hpp"

namespace kaiku::sync {
namespace {

using nlohmann::json;
using Count = std::int64_t DayCounts::*;

constexpr std::array<std::pair<const char*, Count>, 7> kCounts{
    {{"shown", &DayCounts::shown},
     {"started", &DayCounts::started},
     {"answered", &DayCounts::answered},
     {"skipped", &DayCounts::skipped},
     {"timed_out", &DayCounts::timed_out},
     {"moved", &DayCounts::moved},
     {"stored", &DayCounts::stored}}};

/// "2026-11-22"; whether the day exists is the calendar's matter.
bool is_day(std::string_view text) {
    if (text.size() != 10) return false;
    for (std::size_t place = 0; place < text.size(); ++place) {
        const bool dash = place == 4 || place == 7;
        const bool fits = dash ? text[place] == '-' : text[place] >= '0' && text[place] <= '9';
        if (!fits) return false;
    }
    return true;
}

constexpr std::int64_t kMostOfADay = 1'000'000'000;

/// The whole number under `name`, 0 to `most`.
Result<std::int64_t> count_field(const json& object, const char* name, const std::string& place) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_number_unsigned() &&
        found->get<std::uint64_t>() <= static_cast<std::uint64_t>(kMostOfADay)) {
        return found->get<std::int64_t>();
    }
    return fail(Errc::invalid, place + "/" + name + ": must be a whole number, at least 0");
}

/// The day of one element, later than the one before it.
Result<std::string> day_field(const json& object, const std::string& before,
                              const std::string& place) {
    const auto found = object.find("day");
    if (found == object.end() || !found->is_string() ||
        !is_day(found->get_ref<const std::string&>())) {
        return fail(Errc::invalid, place + "/day: must be a day, as 2026-11-22");
    }
    auto day = found->get<std::string>();
    if (day <= before) return fail(Errc::invalid, place + "/day: days must stand in their order");
    return day;
}

Status check_days(const json& days, const std::string& place) {
    if (days.is_array() && days.size() <= kMaxLedgerDays) return {};
    return fail(Errc::invalid,
                place + ": must be a list of at most " + std::to_string(kMaxLedgerDays) + " days");
}

Result<DayCounts> read_counts(const json& object, const std::string& before,
                              const std::string& place) {
    if (!object.is_object() || object.size() != kCounts.size() + 1) {
        return fail(Errc::invalid, place + ": must hold exactly a day and its seven counts");
    }
    auto day = day_field(object, before, place);
    if (!day) return tl::make_unexpected(day.error());
    DayCounts counts{.day = std::move(*day)};
    for (const auto& [name, count] : kCounts) {
        const auto value = count_field(object, name, place);
        if (!value) return tl::make_unexpected(value.error());
        counts.*count = *value;
    }
    return counts;
}

std::string at(const char* list, std::size_t index) {
    return std::string(list) + "/" + std::to_string(index);
}

}  // namespace

void add_counts(DayCounts& counts, const DayCounts& more) {
    for (const auto& [name, count] : kCounts) counts.*count += more.*count;
}

std::string encode_ledger(const LedgerReport& report) {
    json days = json::array();
    for (const DayCounts& each : report.days) {
        json day{{"day", each.day}};
        for (const auto& [name, count] : kCounts) day[name] = each.*count;
        days.push_back(std::move(day));
    }
    return seal_envelope("ledger", {{"days", std::move(days)},
                                    {"waiting", report.waiting},
                                    {"quarantined", report.quarantined}});
}

Result<LedgerReport> decode_ledger(std::string_view json_text) {
    const auto body = open_envelope(json_text, kMaxLedgerBytes, "ledger");
    if (!body) return tl::make_unexpected(body.error());
    if (!body->is_object() || body->size() != 3 ||
        !has_only(*body, {"days", "waiting", "quarantined"})) {
        return fail(Errc::invalid, "/ledger: must hold exactly days, waiting and quarantined");
    }
    const json& days = (*body)["days"];
    if (auto fine = check_days(days, "/ledger/days"); !fine) {
        return tl::make_unexpected(fine.error());
    }
    LedgerReport report;
    for (std::size_t index = 0; index < days.size(); ++index) {
        const std::string before = report.days.empty() ? std::string() : report.days.back().day;
        auto counts = read_counts(days[index], before, at("/ledger/days", index));
        if (!counts) return tl::make_unexpected(counts.error());
        report.days.push_back(std::move(*counts));
    }
    const auto waiting = count_field(*body, "waiting", "/ledger");
    const auto quarantined = count_field(*body, "quarantined", "/ledger");
    if (!waiting) return tl::make_unexpected(waiting.error());
    if (!quarantined) return tl::make_unexpected(quarantined.error());
    report.waiting = *waiting;
    report.quarantined = *quarantined;
    return report;
}

std::string encode_received(const std::vector<DayReceived>& days) {
    json list = json::array();
    for (const DayReceived& each : days) {
        list.push_back(
            {{"day", each.day}, {"received", each.received}, {"elsewhere", each.elsewhere}});
    }
    return seal_envelope("received", std::move(list));
}

Result<std::vector<DayReceived>> decode_received(std::string_view json_text) {
    const auto list = open_envelope(json_text, kMaxLedgerBytes, "received");
    if (!list) return tl::make_unexpected(list.error());
    if (auto fine = check_days(*list, "/received"); !fine) return tl::make_unexpected(fine.error());
    std::vector<DayReceived> out;
    for (std::size_t index = 0; index < list->size(); ++index) {
        const json& object = (*list)[index];
        const std::string place = at("/received", index);
        if (!object.is_object() || object.size() != 3) {
            return fail(Errc::invalid, place + ": must hold exactly day, received and elsewhere");
        }
        auto day = day_field(object, out.empty() ? std::string() : out.back().day, place);
        const auto received = count_field(object, "received", place);
        const auto elsewhere = count_field(object, "elsewhere", place);
        if (!day) return tl::make_unexpected(day.error());
        if (!received) return tl::make_unexpected(received.error());
        if (!elsewhere) return tl::make_unexpected(elsewhere.error());
        out.push_back({std::move(*day), *received, *elsewhere});
    }
    return out;
}

Comparison compare(const LedgerReport& report, const std::vector<DayReceived>& received,
                   const std::string& today) {
    Comparison result;
    std::int64_t lacking = 0;
    std::vector<std::string> differing;
    for (const DayCounts& mine : report.days) {
        const auto theirs =
            std::ranges::find(received, mine.day, [](const DayReceived& each) { return each.day; });
        const std::int64_t there =
            theirs == received.end() ? 0 : theirs->received + theirs->elsewhere;
        lacking += mine.stored - there;
        if (mine.day >= today) continue;
        if (mine.stored == there) {
            result.settled.push_back(mine.day);
        } else {
            differing.push_back(mine.day + ": central has " + std::to_string(there) + " of " +
                                std::to_string(mine.stored));
        }
    }
    result.agrees = lacking == report.waiting + report.quarantined;
    if (result.agrees) return result;
    for (const std::string& each : differing) {
        result.difference += (result.difference.empty() ? "" : "; ") + each;
    }
    return result;
}

}  // namespace kaiku::sync
