#include "central/fleet/caretaker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

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

/// Whether somebody took it.
bool tell(const CaretakerPorts& ports, const CaretakerOptions& options, const Message& message,
          UtcSeconds now) {
    bool taken = ports.mailer == nullptr && ports.webhook == nullptr;
    const auto note = [&taken](const Status& sent) {
        taken = taken || sent.has_value();
        if (!sent) spdlog::error("fleet: alerts: {}", sent.error().detail);
    };
    if (ports.mailer != nullptr) {
        note(ports.mailer->send(mail_of(message, options.organiser, ports.words)));
    }
    if (ports.webhook != nullptr) {
        note(ports.webhook->post(json_of(message, options.organiser), now));
    }
    for (const Notice& each : taken ? message.notices : std::vector<Notice>()) {
        spdlog::warn("fleet: {} {} of unit {}: {} ({})",
                     each.over ? "over:" : "alert:", each.device, each.unit, to_string(each.kind),
                     each.detail);
    }
    return taken;
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
    if (!seen.message) {
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
    const bool taken = tell(ports, options, *seen.message, now);
    return ports.watch.keep_book(taken ? seen.book : noted(before, *findings, now), revision + 1);
}

}  // namespace kaiku::central::fleet
