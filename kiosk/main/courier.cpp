#include "kiosk/main/courier.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <random>
#include <utility>

#include "kiosk/main/quarantine.hpp"
#include "sync/clock_reading.hpp"
#include "sync/curl_uplink.hpp"
#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// While nothing can be sent (not enrolled, outbox closed), how often to look again.
constexpr std::chrono::milliseconds kLookAgain{2000};

flow::LinkState link_of(const sync::SendOutcome& outcome) {
    switch (outcome.trouble) {
        case sync::SendOutcome::Trouble::none:
            return flow::LinkState::good;
        case sync::SendOutcome::Trouble::unreachable:
            return flow::LinkState::unreachable;
        case sync::SendOutcome::Trouble::not_accepted:
            return flow::LinkState::not_accepted;
        case sync::SendOutcome::Trouble::revoked:
            return flow::LinkState::revoked;
        case sync::SendOutcome::Trouble::forged:
            return flow::LinkState::forged;
    }
    return flow::LinkState::unknown;
}

std::uint64_t random_bits() {
    static thread_local std::random_device random;
    return (static_cast<std::uint64_t>(random()) << 32U) | random();
}

}  // namespace

/// Lives as long as the thread does, which may outlive the Courier by one request.
struct Courier::Shared {
    explicit Shared(CourierOptions given)
        : options(std::move(given)), attendant(options.data_dir, options.config.get()) {}

    CourierOptions options;
    std::mutex mutex;
    std::condition_variable changed;
    bool poked = false;
    bool at_once = false;
    bool beat_asked = false;
    bool settle_asked = false;
    bool stopping = false;
    bool done = false;
    std::optional<std::uint64_t> synced_count;
    std::uint64_t heard = 0;
    std::string complaint;
    std::optional<survey::UtcSeconds> last_sync;
    std::optional<survey::UtcSeconds> certificate_until;
    flow::LinkState link = flow::LinkState::unknown;

    /// Whoever made the Courier may be gone when this thread asks; then there is nothing to ask.
    std::mutex owner_mutex;
    bool owner_gone = false;

    std::optional<std::uint64_t> saved_count() {
        const std::lock_guard lock(owner_mutex);
        if (owner_gone) return std::nullopt;
        return options.saved_count();
    }
    bool outbox_open() {
        const std::lock_guard lock(owner_mutex);
        return !owner_gone && options.outbox_open();
    }

    std::optional<Vitals> vitals() {
        const std::lock_guard lock(owner_mutex);
        if (owner_gone) return std::nullopt;
        return options.vitals();
    }
    void tell_heard() {
        const std::lock_guard lock(owner_mutex);
        if (!owner_gone) options.on_heard();
    }
    void tell_renewed() {
        const std::lock_guard lock(owner_mutex);
        if (!owner_gone) options.on_renewed();
    }

    // The courier's thread only.
    std::unique_ptr<sync::Outbox> outbox;
    std::unique_ptr<sync::Uplink> uplink;
    std::optional<sync::Sender> sender;
    unsigned failures = 0;
    bool nothing_waits = false;  ///< a new answer need not wait either
    Attendant attendant;
    std::string ledger_said;

    /// Says once what central's counts say otherwise, and that they agree again.
    void tell_ledger(const sync::Told& told) {
        const std::string& said = told.trouble.empty() ? told.difference : told.trouble;
        if (said == ledger_said || (!told.done && told.trouble.empty())) return;
        ledger_said = said;
        if (said.empty()) {
            spdlog::info("ledger: central has every answer");
        } else {
            spdlog::warn("{}{}", told.trouble.empty() ? "ledger: " : "", said);
        }
    }

    void complain(const std::string& text) {
        const std::lock_guard lock(mutex);
        if (text == complaint) return;
        complaint = text;
        if (text.empty()) {
            spdlog::info("sync: central answers again");
        } else {
            spdlog::warn("sync: {}", text);
        }
    }

    /// The reasons, and the cure, once for every attempt that brought a refusal.
    void tell_quarantine() {
        const auto groups = outbox->quarantined();
        if (!groups) return;
        for (const auto& line : quarantine_lines(*groups)) spdlog::warn("sync: refused: {}", line);
        spdlog::warn("sync: {}", quarantine_cure(*groups));
    }

    void note_link(flow::LinkState state) {
        const std::lock_guard lock(mutex);
        link = state;
    }

    void note_certificate() {
        const std::lock_guard lock(mutex);
        certificate_until = uplink->certificate_until();
    }

    void note_sync() {
        const std::lock_guard lock(mutex);
        last_sync =
            std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    }

    bool prepare_outbox();
    bool prepare_uplink();
    std::chrono::milliseconds attempt();
    std::chrono::milliseconds attend();
    void run();
};

/// Opens it unless it is open. False while it cannot be; complaint says why.
bool Courier::Shared::prepare_outbox() {
    if (!outbox_open()) return false;
    if (outbox) return true;
    // The keeper owns the file: it alone may set a corrupt one aside.
    auto opened = sync::open_trailing_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) {
        attendant.count("outbox");
        complain(opened.error().detail);
        return false;
    }
    outbox = std::move(opened->outbox);
    return true;
}

/// The way to central and who goes it. False while something is missing; complaint says what.
bool Courier::Shared::prepare_uplink() {
    if (uplink) return true;
    const auto identity = sync::load_identity(options.data_dir);
    if (!identity) {
        complain(identity.error().detail);
        return false;
    }
    if (!identity->has_value()) {
        note_link(flow::LinkState::not_enrolled);
        complain("this device is not enrolled; answers wait until it is (kaiku-kiosk --enroll)");
        return false;
    }
    auto made_sender = sync::make_sender(options.data_dir, **identity);
    if (!made_sender) {
        complain(made_sender.error().detail);
        return false;
    }
    sender.emplace(std::move(*made_sender));
    sender->tell_clock(sync::read_clock);
    const std::string& url =
        options.central_url.empty() ? (*identity)->central_url : options.central_url;
    auto made = sync::make_curl_uplink({.central_url = url,
                                        .ca_file = options.ca_file,
                                        .user_agent = "kaiku-kiosk/" KAIKU_VERSION});
    if (!made) {
        complain(made.error().detail);
        return false;
    }
    uplink = std::move(*made);
    return true;
}

/// One attempt; returns how long to wait before the next.
std::chrono::milliseconds Courier::Shared::attempt() {
    if (!prepare_outbox() || !prepare_uplink()) return kLookAgain;
    const std::uint64_t bits = random_bits();
    const std::optional<std::uint64_t> saved_before = saved_count();
    const auto outcome = sender->send(*outbox, *uplink);
    note_certificate();
    if (!outcome) {
        attendant.count("outbox");
        complain(outcome.error().detail);
        outbox.reset();
        return sync::backoff_delay({}, ++failures, bits);
    }
    if (outcome->renewed) {
        spdlog::info("sync: central renewed this device's credential");
        tell_renewed();
    }
    const auto delay = sync::wait_after(*outcome, failures, bits);
    nothing_waits = false;
    attendant.count(outcome->trouble);
    // Nothing was asked of central while nothing waits.
    if (outcome->kind != sync::SendOutcome::Kind::idle) note_link(link_of(*outcome));
    switch (outcome->kind) {
        case sync::SendOutcome::Kind::idle: {
            tell_ledger(outcome->told);
            const std::lock_guard lock(mutex);
            synced_count = saved_before;
            nothing_waits = true;
            return outcome->told.again;
        }
        case sync::SendOutcome::Kind::sent:
            complain(outcome->renewal_trouble);
            note_sync();
            if (outcome->quarantined > 0) {
                spdlog::warn("sync: central refused {} answers; they are kept in quarantine",
                             outcome->quarantined);
                tell_quarantine();
            }
            return delay;
        case sync::SendOutcome::Kind::retry_later:
            complain(outcome->detail);
            return delay;
        case sync::SendOutcome::Kind::unauthorized:
            complain(outcome->detail +
                     (outcome->renewal_trouble.empty() ? "" : "; " + outcome->renewal_trouble));
            uplink.reset();  // the identity is read again before the next attempt
            return delay;
    }
    return kLookAgain;
}

/// One sign of life, also while the outbox cannot be opened; returns how long to wait before the
/// next.
std::chrono::milliseconds Courier::Shared::attend() {
    if (!prepare_uplink()) return kLookAgain;
    const auto known = vitals();
    if (!known) return kLookAgain;
    const auto wait = attendant.attend(*sender, *uplink, outbox.get(), *known, random_bits());
    {
        const std::lock_guard lock(mutex);
        heard = attendant.heard();
    }
    tell_heard();
    return wait;
}

void Courier::Shared::run() {
    const auto guarded = [this](auto work) {
        try {
            return work();
        } catch (const std::exception& error) {
            attendant.count("unexpected");
            complain(std::string("stopped by an unexpected error: ") + error.what());
            return kLookAgain;
        }
    };
    auto send_at = SteadyClock::now();
    auto attend_at = send_at + Attendant::first_wait(random_bits());
    std::unique_lock lock(mutex);
    while (!stopping) {
        const auto now = SteadyClock::now();
        bool attends = std::exchange(beat_asked, false) || now >= attend_at;
        const bool sends = at_once || (nothing_waits && poked) || now >= send_at;
        if (sends) poked = at_once = false;
        settle_asked = false;
        lock.unlock();
        // Operators watch a roll-out: what is in use now is told now.
        guarded([&] {
            attends = (options.config && options.config->settle()) || attends;
            return kLookAgain;
        });
        if (sends) send_at = guarded([this] { return attempt(); }) + SteadyClock::now();
        if (attends) attend_at = guarded([this] { return attend(); }) + SteadyClock::now();
        lock.lock();
        changed.wait_until(lock, std::min(send_at, attend_at), [&] {
            return stopping || at_once || beat_asked || settle_asked || (nothing_waits && poked);
        });
    }
    outbox.reset();
    uplink.reset();
    done = true;
    changed.notify_all();
}

Courier::Courier(CourierOptions options)
    : shared_(std::make_shared<Shared>(std::move(options))),
      thread_([shared = shared_] { shared->run(); }) {}

Courier::~Courier() {
    bool finished = false;
    {
        std::unique_lock lock(shared_->mutex);
        shared_->stopping = true;
        shared_->changed.notify_all();
        finished = shared_->changed.wait_for(lock, std::chrono::seconds{2},
                                             [this] { return shared_->done; });
    }
    if (finished) {
        thread_.join();
    } else {
        const std::lock_guard lock(shared_->owner_mutex);
        shared_->owner_gone = true;
        thread_.detach();
    }
}

void Courier::poke() {
    const std::lock_guard lock(shared_->mutex);
    shared_->poked = true;
    shared_->changed.notify_all();
}

void Courier::send_now() {
    const std::lock_guard lock(shared_->mutex);
    shared_->at_once = true;
    shared_->changed.notify_all();
}

void Courier::attend_now() {
    const std::lock_guard lock(shared_->mutex);
    shared_->beat_asked = true;
    shared_->changed.notify_all();
}

void Courier::settle() {
    const std::lock_guard lock(shared_->mutex);
    shared_->settle_asked = true;
    shared_->changed.notify_all();
}

bool Courier::synced() const {
    const std::uint64_t saved = shared_->options.saved_count();
    const std::lock_guard lock(shared_->mutex);
    return shared_->synced_count == saved;
}

std::uint64_t Courier::heard() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->heard;
}

std::optional<survey::UtcSeconds> Courier::certificate_until() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->certificate_until;
}

std::optional<survey::UtcSeconds> Courier::last_sync() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->last_sync;
}

flow::LinkState Courier::link() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->link;
}

std::string Courier::complaint() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->complaint;
}

}  // namespace kaiku::kiosk
