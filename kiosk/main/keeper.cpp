#include "kiosk/main/keeper.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <variant>

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

Keeper::Keeper(KeeperOptions options, std::function<void()> on_event)
    : options_(std::move(options)),
      on_event_(std::move(on_event)),
      keeping_(options_, [this](flow::Event event) { post(std::move(event)); }),
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

/// Another day begins at nothing. With the mutex held.
DayCounts& Keeper::counts_of_today() {
    std::string day = today();
    if (today_.day != day) today_ = {.day = std::move(day)};
    return today_;
}

void Keeper::note(Tally what) {
    const std::lock_guard lock(mutex_);
    count(counts_of_today(), what);
    DayCounts& kept = pending_[today_.day];
    kept.day = today_.day;
    count(kept, what);
}

DayCounts Keeper::counts() const {
    const std::lock_guard lock(mutex_);
    return today_.day == today() ? today_ : DayCounts{.day = today()};
}

/// The counts are no answers: losing the last few in a power cut is borne.
void Keeper::keep_counts() {
    counts_changed_ = false;
    std::map<std::string, DayCounts> fresh;
    {
        const std::lock_guard lock(mutex_);
        fresh.swap(pending_);
    }
    for (const auto& [day, counts] : fresh) {
        if (const auto kept = keeping_.note(counts); kept) continue;
        const std::lock_guard lock(mutex_);
        DayCounts& back = pending_[day];
        back.day = day;
        sync::add_counts(back, counts);
    }
}

bool Keeper::busy() const {
    const std::lock_guard lock(mutex_);
    return working_ || !queue_.empty();
}

Vitals Keeper::vitals() const {
    const std::lock_guard lock(mutex_);
    return vitals_;
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
    if (std::holds_alternative<flow::event::Saved>(event)) note_saved();
    {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<flow::event::SaveFailed>(event)) ++vitals_.save_failures;
        events_.push_back(std::move(event));
    }
    on_event_();
}

void Keeper::run() {
    for (;;) {
        if (!keeping_.is_open()) open_outbox();
        std::unique_lock lock(mutex_);
        const auto ready = [this] { return stopping_ || !queue_.empty(); };
        if (!keeping_.is_open() || keeping_.is_full()) {
            changed_.wait_for(lock, kProbeInterval, ready);
        } else if (counts_changed_) {
            changed_.wait_for(lock, kCountsWait, ready);
        } else {
            changed_.wait(lock, ready);
        }
        if (queue_.empty()) {
            if (stopping_) {
                lock.unlock();
                if (keeping_.is_open()) keep_counts();
                return;
            }
            lock.unlock();
            if (keeping_.is_open() && counts_changed_) keep_counts();
            keeping_.look_at_room();
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

void Keeper::keep(const survey::Response& response) {
    keep_started_ = SteadyClock::now();
    keeping_.keep(response);
}

/// What a keeping answer came to is counted before anybody hears of it.
void Keeper::note_saved() {
    const std::chrono::duration<double, std::milli> took = SteadyClock::now() - keep_started_;
    const std::lock_guard lock(mutex_);
    ++saved_;
    vitals_.last_answer =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    ++counts_of_today().stored;
    if (save_times_ms_.size() < kMaxSaveTimes) save_times_ms_.push_back(took.count());
    counts_changed_ = true;
}

void Keeper::open_outbox() {
    keeping_.open();
    if (!keeping_.is_open()) return;
    const DayCounts before = keeping_.counted_on(today());
    {
        const std::lock_guard lock(mutex_);
        sync::add_counts(counts_of_today(), before);
        open_ = true;
    }
    on_event_();
}

}  // namespace kaiku::kiosk
