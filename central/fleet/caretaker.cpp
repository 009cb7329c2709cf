#include "central/fleet/caretaker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "central/fleet/alert_text.hpp"

namespace kaiku::central::fleet {
namespace {

using survey::UtcSeconds;
/// Device → day → answers.
using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

constexpr std::chrono::days kHistory{56};
constexpr std::int64_t kFewestDays = 3;
/// Longer than both messengers may take.
constexpr std::chrono::minutes kClaim{5};

std::chrono::sys_days day_from(const std::string& text) {
    const auto part = [&text](std::size_t at, std::size_t size) {
        int value = 0;
        if (at + size <= text.size()) {
            std::from_chars(text.data() + at, text.data() + at + size, value);
        }
        return value;
    };
    return std::chrono::sys_days{std::chrono::year{part(0, 4)} /
                                 std::chrono::month{static_cast<unsigned>(part(5, 2))} /
                                 std::chrono::day{static_cast<unsigned>(part(8, 2))}};
}

std::string text_of(std::chrono::sys_days day) {
    return survey::format_rfc3339(UtcSeconds{day}).substr(0, 10);
}

Result<Counts> read_counts(const CaretakerPorts& ports, UtcSeconds now) {
    const auto ledger = ports.store.ledger("", ports.day_of(now - kHistory), ports.day_of(now));
    if (!ledger) return tl::make_unexpected(ledger.error());
    Counts counts;
    for (const LedgerRow& row : ledger->rows) {
        counts[row.device_id][row.central.day] += row.central.received;
    }
    return counts;
}

/// The device's own normal, of the days before its last answer's: those after say what is wrong.
void add_history(DeviceState& state, const DevicePlace& place, const Counts& counts,
                 const CaretakerPorts& ports, UtcSeconds now) {
    std::map<std::string, std::int64_t> days;
    for (const auto& id : place.ids) {
        const auto found = counts.find(id);
        if (found == counts.end()) continue;
        for (const auto& [day, count] : found->second) days[day] += count;
    }
    if (days.empty() || !state.last.last_answer) return;
    const std::string from = std::max(days.begin()->first, ports.day_of(now - kHistory));
    state.daily_mean = daily_means(days, from, ports.day_of(*state.last.last_answer));
}

survey::OpeningWeek opening_of(const Effective& wanted, const CaretakerOptions& options) {
    const auto found = wanted.values.find("opening_hours");
    const auto week = sync::opening_week_from(found == wanted.values.end() ? options.opening_hours
                                                                           : found->second);
    return week.value_or(survey::OpeningWeek{});
}

Result<std::vector<Finding>> findings_now(const CaretakerPorts& ports,
                                          const CaretakerOptions& options, UtcSeconds now) {
    const auto view = read_fleet(ports.store, ports.configs, now);
    if (!view) return tl::make_unexpected(view.error());
    const auto heard = ports.watch.heard();
    if (!heard) return tl::make_unexpected(heard.error());
    const auto counts = read_counts(ports, now);
    if (!counts) return tl::make_unexpected(counts.error());
    std::vector<Finding> all;
    for (const Device& device : view->devices) {
        const auto told = std::ranges::lower_bound(*heard, device.id, {}, &Heard::device_id);
        if (device.revoked_at || told == heard->end() || told->device_id != device.id) continue;
        const auto place = place_of(device, view->devices, view->units, view->groups);
        DeviceState state{.id = device.id,
                          .unit = device.unit,
                          .heard_at = told->at,
                          .last = told->heartbeat,
                          .opening = opening_of(effective(view->versions, place), options)};
        add_history(state, place, *counts, ports, now);
        for (Finding& each : judge(state, options.rules, now, ports.minute_of)) {
            all.push_back(std::move(each));
        }
    }
    return all;
}

/// A way to people or programs, by the name under which the book owes it messages.
struct Messenger {
    const char* name;
    std::function<Status(const Message&)> send;
};

std::vector<Messenger> messengers_of(const CaretakerPorts& ports, const std::string& organiser,
                                     UtcSeconds now) {
    std::vector<Messenger> all;
    if (ports.mailer != nullptr) {
        all.push_back({"mail", [&ports, &organiser](const Message& message) {
                           return ports.mailer->send(mail_of(message, organiser, ports.words));
                       }});
    }
    if (ports.webhook != nullptr) {
        all.push_back({"webhook", [&ports, &organiser, now](const Message& message) {
                           return ports.webhook->post(json_of(message, organiser), now);
                       }});
    }
    return all;
}

void log_told(const Message& message) {
    for (const Notice& each : message.notices) {
        spdlog::warn("fleet: {} {} of unit {}: {} ({})",
                     each.over ? "over:" : "alert:", each.device, each.unit, to_string(each.kind),
                     each.detail);
    }
}

/// What came of telling.
struct Telling {
    bool taken = false;                   ///< somebody took the new message, or nobody listens
    std::map<std::string, Message> owed;  ///< then: to whom it is still to be told, and before it
};

/// Gives each messenger what it is owed and what is new.
Telling tell(const std::vector<Messenger>& messengers, const std::map<std::string, Message>& owed,
             const Message& news, std::size_t most) {
    Telling telling{.taken = messengers.empty(), .owed = {}};
    std::map<std::string, Message> failed;
    for (const Messenger& each : messengers) {
        const auto before = owed.find(each.name);
        Message message = before == owed.end() ? Message{} : before->second;
        message = joined(std::move(message), news, most);
        if (message.notices.empty()) continue;
        if (const Status sent = each.send(message); sent) {
            telling.taken = true;
        } else {
            spdlog::error("fleet: alerts: {}", sent.error().detail);
            failed[each.name] = std::move(message);
        }
    }
    if (telling.taken) {
        telling.owed = std::move(failed);
    } else {
        for (const auto& [name, message] : failed) {
            if (owed.contains(name)) telling.owed[name] = owed.at(name);
        }
    }
    return telling;
}

}  // namespace

std::array<std::optional<double>, 7> daily_means(const std::map<std::string, std::int64_t>& days,
                                                 const std::string& from, const std::string& to) {
    std::array<std::int64_t, 7> sums{};
    std::array<std::int64_t, 7> seen{};
    const auto end = day_from(to);
    for (auto day = day_from(from); day < end; day += std::chrono::days(1)) {
        const auto weekday = std::chrono::weekday(day).iso_encoding() - 1U;
        const auto found = days.find(text_of(day));
        ++seen.at(weekday);
        if (found != days.end()) sums.at(weekday) += found->second;
    }
    std::array<std::optional<double>, 7> means{};
    for (std::size_t day = 0; day < means.size(); ++day) {
        if (seen.at(day) < kFewestDays) continue;
        means.at(day) = static_cast<double>(sums.at(day)) / static_cast<double>(seen.at(day));
    }
    return means;
}

Status look_after(const CaretakerPorts& ports, const CaretakerOptions& options, UtcSeconds now) {
    auto kept = ports.watch.book();
    if (!kept) return tl::make_unexpected(kept.error());
    auto& [before, revision] = *kept;
    if (before.claimed_until && now < *before.claimed_until) return {};
    before.claimed_until.reset();
    const auto findings = findings_now(ports, options, now);
    if (!findings) return tl::make_unexpected(findings.error());
    Look seen = look(before, *findings, now, options.pace);
    const auto messengers = messengers_of(ports, options.organiser, now);
    if (!seen.message && before.owed.empty()) {
        if (seen.book == before) return {};
        const Status done = ports.watch.keep_book(seen.book, revision);
        return !done && done.error().code == Errc::busy ? Status() : done;
    }
    // Whoever gets the book sends; dying meanwhile only delays the message.
    AlertBook claimed = before;
    claimed.claimed_until = now + kClaim;
    if (Status claim = ports.watch.keep_book(claimed, revision); !claim) {
        return claim.error().code == Errc::busy ? Status() : claim;
    }
    const Message news = seen.message.value_or(Message{});
    const Telling telling = tell(messengers, before.owed, news, options.pace.most);
    const bool told = !seen.message || telling.taken;
    if (told) log_told(news);
    AlertBook after = told ? seen.book : noted(before, *findings, now);
    after.owed = telling.owed;
    return ports.watch.keep_book(after, revision + 1);
}

}  // namespace kaiku::central::fleet
