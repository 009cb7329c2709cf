// The sending half of a simulated terminal, and what is looked at in the end.
#include <chrono>
#include <exception>
#include <utility>

#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/sim/terminal.hpp"

namespace kaiku::sim {
namespace {

constexpr std::int64_t kLookAgainMs = 2000;
constexpr std::int64_t kForEver = std::int64_t{365} * kDayMs;
constexpr int kMostRounds = 400;
/// What the sender answers when there is nothing to tell of the ledger.
constexpr std::chrono::hours kLookHourly{1};

}  // namespace

void Terminal::plan_send(std::int64_t delay) {
    const auto turn = ++turn_;
    if (world_.healed) return;
    world_.at(world_.now() + delay + random_.below(kSecondMs), [this, turn] {
        if (turn == turn_) send();
    });
}

bool Terminal::waits_for(const std::string& what) {
    world_.note(number_, "cannot send: " + what);
    return false;
}

bool Terminal::prepare() {
    if (!keeping_->is_open()) return false;
    if (!outbox_) {
        auto opened = sync::open_sqlite_outbox(
            directory_, {.max_waiting = 100'000, .set_corrupt_aside = false});
        if (!opened) return waits_for(opened.error().detail);
        outbox_ = std::move(opened->outbox);
    }
    if (sender_) return true;
    const auto identity = sync::load_identity(directory_);
    if (!identity) return waits_for(identity.error().detail);
    if (!identity->has_value()) return false;
    auto made = sync::make_sender(directory_, **identity, [this] {
        return world_.wall(clock_ms_).time_since_epoch().count() * 1000 + world_.now() % 1000;
    });
    if (!made) return waits_for(made.error().detail);
    sender_.emplace(std::move(*made));
    return true;
}

/// As Courier::Shared::attempt().
std::int64_t Terminal::attempt() {
    idle_ = false;
    if (!prepare()) return kLookAgainMs;
    const auto outcome = sender_->send(*outbox_, line_);
    if (!outcome) {
        world_.note(number_, "sending: " + outcome.error().detail);
        outbox_.reset();
        return sync::backoff_delay({}, ++failures_, random_.next()).count();
    }
    if (outcome->renewed) {
        world_.tally.add(Trouble::credential_renewed);
        keeping_->key_changed();
    }
    const auto delay = sync::wait_after(*outcome, failures_, random_.next()).count();
    refused_ = outcome->kind == sync::SendOutcome::Kind::unauthorized || outcome->told.refused;
    idle_ = outcome->kind == sync::SendOutcome::Kind::idle;
    told_ = outcome->told;
    if (idle_) {
        // The program looks once an hour; where both sides agree that is in vain, and left out.
        return told_.done && told_.agrees ? kForEver : told_.again.count();
    }
    world_.note(number_,
                "sending: " + std::to_string(outcome->accepted) + " accepted; " + outcome->detail);
    if (refused_) sender_.reset();
    return delay;
}

void Terminal::send() {
    if (!is_up() || sending_) return;
    sending_ = true;
    const auto delay = attempt();
    sending_ = false;
    settle_harm();
    if (disk_.is_stopped()) return fall(power_);
    plan_send(delay);
}

bool Terminal::drain() {
    for (int round = 0; round < kMostRounds; ++round) {
        if (!is_up()) start();
        if (!is_up()) return false;
        look_at_store();
        if (!enrolled_ || refused_) enrol();
        send();
        const bool has_told = told_.trouble.empty() && (told_.done || told_.again >= kLookHourly);
        if (!idle_ || !has_told) {
            world_.run_until(world_.now() + kMinuteMs);
            continue;
        }
        // Staff look after what a box on the way had refused in central's name.
        const auto requeued = outbox_->requeue();
        if (!requeued) return false;
        if (*requeued == 0) return true;
    }
    return false;
}

void Terminal::check(const std::vector<survey::Response>& stored) {
    // Started once more, as every morning: what came before enrolment is sealed or gone by then.
    stop_program();
    start();
    if (!is_up()) return world_.broke(Promise::goes_on, number_, "does not start");
    const bool sent = drain();
    const auto counts = outbox_ ? outbox_->counts() : Result<sync::OutboxCounts>();
    if (!sent || !counts || counts->waiting != 0) {
        return world_.broke(Promise::durable, number_, "answers wait though nothing is in the way");
    }
    if (counts->quarantined != 0) {
        world_.broke(Promise::durable, number_, "answers are in quarantine for no reason");
    }
    check_counts(*counts, stored);
    stop_program();
    always_sealed_ = true;
    look_for_traces();
}

/// Both sides' counts are equal to the last one, unless something has happened that rightly makes
/// them differ: a backup remembers neither what was sent nor that it was; somebody who tried again
/// may have sent what was on its way already; a device that is enrolled anew is another one to
/// central; the first version kept no ledger.
void Terminal::check_counts(const sync::OutboxCounts& counts,
                            const std::vector<survey::Response>& stored) {
    std::set<std::string> ids;
    for (const auto& response : stored) ids.insert(response.id.text());
    const auto received = world_.ledger.count_of(number_, ids);
    const bool central_restored =
        world_.tally.troubles.at(static_cast<std::size_t>(Trouble::central_restored)) > 0;
    if (!was_restored_ && counts.sent < received) {
        world_.broke(Promise::counted, number_,
                     "says it sent " + std::to_string(counts.sent) + ", central holds " +
                         std::to_string(received));
    }
    if (was_restored_ || central_restored || tried_again_) return;
    if (counts.sent != received) {
        world_.broke(Promise::counted, number_,
                     "says it sent " + std::to_string(counts.sent) + ", central holds only " +
                         std::to_string(received));
    }
    if (began_old_ || enrolments_ != 1) return;
    const auto identity = sync::load_identity(directory_);
    const auto difference = central_.ledger_difference(identity.value()->enrolment.device_id);
    ++world_.tally.ledgers;
    if (!difference.empty()) {
        world_.broke(Promise::counted, number_, "the ledger says: " + difference);
    }
}

}  // namespace kaiku::sim
