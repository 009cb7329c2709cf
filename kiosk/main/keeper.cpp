#include "kiosk/main/keeper.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <string>

#include "kiosk/flow/text_entry.hpp"
#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// How often a closed or full store is looked at again.
constexpr std::chrono::seconds kProbeInterval{5};
/// The day's counts are written when no answer has come for this long: an answer never waits for
/// them.
constexpr std::chrono::seconds kCountsWait{2};
constexpr std::size_t kMaxSaveTimes = 4096;

}  // namespace

Status check_free_space(const std::filesystem::path& data_dir,
                        std::optional<std::uint64_t> free_bytes) {
    if (!free_bytes || *free_bytes >= kMinFreeBytes) return {};
    constexpr std::uint64_t kKib = 1024;
    return fail(Errc::full, data_dir.string() + ": " + std::to_string(*free_bytes / kKib) +
                                " KiB free on this disk, " + std::to_string(kMinFreeBytes / kKib) +
                                " KiB are needed; free some space on it");
}

Keeper::Keeper(KeeperOptions options, std::function<void()> on_event)
    : options_(std::move(options)),
      on_event_(std::move(on_event)),
      counts_(load_counts(options_.data_dir)),
      thread_([this] { run(); }) {}

Keeper::~Keeper() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Keeper::save(survey::Response response) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(response));
    }
    changed_.notify_all();
}

std::vector<flow::Event> Keeper::take_events() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

std::uint64_t Keeper::saved_count() const {
    const std::lock_guard lock(mutex_);
    return saved_;
}

void Keeper::note(Tally what) {
    const std::lock_guard lock(mutex_);
    count(counts_, what, local_day());
}

DayCounts Keeper::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_on(counts_, local_day());
}

/// The counts are no answers: losing the last few in a power cut is borne, a failed write too.
void Keeper::keep_counts() {
    counts_changed_ = false;
    const DayCounts now = counts();
    if (const auto kept = save_counts(options_.data_dir, now); !kept) {
        spdlog::warn("counts: {}", kept.error().detail);
    }
}

bool Keeper::busy() const {
    const std::lock_guard lock(mutex_);
    return working_ || !queue_.empty();
}

bool Keeper::open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

std::vector<double> Keeper::save_times_ms() const {
    const std::lock_guard lock(mutex_);
    return save_times_ms_;
}

void Keeper::post(flow::Event event) {
    {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    on_event_();
}

void Keeper::run() {
    for (;;) {
        if (!outbox_) open_outbox();
        std::unique_lock lock(mutex_);
        const auto ready = [this] { return stopping_ || !queue_.empty(); };
        if (!outbox_ || reported_full_) {
            changed_.wait_for(lock, kProbeInterval, ready);
        } else if (counts_changed_) {
            changed_.wait_for(lock, kCountsWait, ready);
        } else {
            changed_.wait(lock, ready);
        }
        if (queue_.empty()) {
            if (stopping_) {
                lock.unlock();
                if (outbox_) keep_counts();
                return;
            }
            lock.unlock();
            if (outbox_ && counts_changed_) keep_counts();
            look_at_room();
            continue;
        }
        const survey::Response response = std::move(queue_.front());
        queue_.pop_front();
        working_ = true;
        lock.unlock();
        try {
            keep(response);
        } catch (const std::exception& error) {
            spdlog::error("outbox: stopped by an unexpected error: {}", error.what());
            post(flow::event::SaveFailed{response.id, false});
        }
        lock.lock();
        working_ = false;
    }
}

void Keeper::open_outbox() {
    auto opened =
        sync::open_sqlite_outbox(options_.data_dir, {.max_waiting = options_.max_waiting});
    if (!opened) {
        if (!reported_full_) {
            spdlog::error("outbox: {}", opened.error().detail);
            reported_full_ = true;
            post(flow::event::StorageChanged{true});
        }
        return;
    }
    if (!opened->set_aside.empty()) {
        spdlog::error("outbox: damaged; kept as {} and a new one was made",
                      opened->set_aside.string());
    }
    outbox_ = std::move(opened->outbox);
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
    }
    on_event_();
    look_for_key();
    seal_what_waits();
    if (sealer_) (void)sealer_->prepare();
    look_at_room();
}

/// The key comes with enrolment, which may happen while the terminal runs, and changes when central
/// rotates it.
void Keeper::look_for_key() {
    if (!key_changed_.exchange(false) && sealer_) return;
    const auto identity = sync::load_identity(options_.data_dir);
    if (!identity || !identity->has_value()) return;
    const auto key = sync::decode_key((*identity)->enrolment.sealing_key);
    if (key) sealer_.emplace(*key);
}

/// Answers that were kept before the device was enrolled are sealed as soon as there is a key.
void Keeper::seal_what_waits() {
    if (!sealer_ || !outbox_) return;
    const auto sealed =
        outbox_->rewrite([this](std::string_view payload) -> Result<std::optional<std::string>> {
            if (sync::is_sealed(payload)) return std::optional<std::string>();
            auto closed = sealer_->seal(payload);
            if (!closed) return tl::make_unexpected(closed.error());
            return std::optional(std::move(*closed));
        });
    if (!sealed) {
        spdlog::error("outbox: what waits could not be sealed: {}", sealed.error().detail);
    } else if (*sealed > 0) {
        spdlog::info("outbox: sealed {} answers that were kept before enrolment", *sealed);
    }
}

Result<sync::OutboxEntry> Keeper::entry_of(const survey::Response& response) {
    std::string plain = survey::encode_response(response);
    if (key_changed_) look_for_key();
    if (!sealer_) {
        look_for_key();
        seal_what_waits();
    }
    if (sealer_) {
        auto sealed = sealer_->seal(plain);
        flow::scrub(plain);
        if (!sealed) return tl::make_unexpected(sealed.error());
        return sync::OutboxEntry{response.id, std::move(*sealed)};
    }
    if (!std::exchange(reported_open_, true)) {
        spdlog::warn(
            "outbox: this device has no key of central's; answers are kept unsealed until "
            "it is enrolled");
    }
    return sync::OutboxEntry{response.id, std::move(plain)};
}

void Keeper::keep(const survey::Response& response) {
    if (!outbox_) {
        post(flow::event::SaveFailed{response.id, false});
        return;
    }
    const auto started = SteadyClock::now();
    auto entry = entry_of(response);
    const auto kept = entry ? put(*entry) : Status(tl::make_unexpected(entry.error()));
    const std::chrono::duration<double, std::milli> took = SteadyClock::now() - started;
    if (!kept) {
        spdlog::error("outbox: {}", kept.error().detail);
        const bool full = kept.error().code == Errc::full;
        reported_full_ = reported_full_ || full;
        post(flow::event::SaveFailed{response.id, full});
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        ++saved_;
        count(counts_, Tally::stored, local_day());
        if (save_times_ms_.size() < kMaxSaveTimes) save_times_ms_.push_back(took.count());
    }
    post(flow::event::Saved{response.id});
    counts_changed_ = true;
    if (sealer_) (void)sealer_->prepare();  // for the next one, now that nobody waits
    look_at_room();                         // so that the next visitor is not asked in vain
}

/// A file that was lost or damaged under the terminal is opened anew, and the answer kept there.
Status Keeper::put(const sync::OutboxEntry& entry) {
    auto kept = outbox_->put(entry);
    if (kept || (kept.error().code != Errc::io && kept.error().code != Errc::corrupt)) return kept;
    spdlog::warn("outbox: {}; it is opened again", kept.error().detail);
    outbox_.reset();
    open_outbox();
    return outbox_ ? outbox_->put(entry) : kept;
}

/// Tells the flow and the log when room has run out, or is there again.
void Keeper::look_at_room() {
    if (!outbox_) return;
    const Status room = check_room();
    if (room.has_value() != reported_full_) return;
    reported_full_ = !room;
    if (room) {
        spdlog::info("outbox: there is room again; the terminal is in service");
    } else {
        spdlog::error("outbox: {}; the terminal is out of service until then", room.error().detail);
    }
    post(flow::event::StorageChanged{reported_full_});
}

Status Keeper::check_room() {
    if (auto space = check_free_space(options_.data_dir, options_.free_bytes(options_.data_dir));
        !space) {
        return space;
    }
    const auto counts = outbox_->counts();
    // A file that cannot be read is no lack of room: the next answer finds out, and opens it anew.
    if (!counts || counts->waiting < options_.max_waiting) return {};
    return fail(Errc::full, options_.data_dir.string() + ": " + std::to_string(counts->waiting) +
                                " answers wait, which is the limit (max_waiting); see why none "
                                "can be sent");
}

}  // namespace kaiku::kiosk
