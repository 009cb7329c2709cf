#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/main/day_counts.hpp"
#include "sync/files.hpp"
#include "sync/outbox.hpp"
#include "sync/sealing.hpp"

namespace kaiku::kiosk {

/// With less free space than this on the outbox's disk the terminal is out of service: SQLite needs
/// room for its log, and the system for its own, before an answer can be promised a place.
inline constexpr std::uint64_t kMinFreeBytes = 8ULL * 1024 * 1024;
/// Errc::full, naming folder, figures and cure, when `free_bytes` is known and too little.
Status check_free_space(const std::filesystem::path& data_dir,
                        std::optional<std::uint64_t> free_bytes);

struct KeeperOptions {
    std::filesystem::path data_dir;
    std::int64_t max_waiting = 200'000;
    /// How the disk is asked; tests put a full one here.
    std::function<std::optional<std::uint64_t>(const std::filesystem::path&)> free_bytes =
        sync::free_bytes;
};

/// The thread that makes answers durable. It alone writes new answers to the outbox; the network
/// has a thread and a connection of its own (courier.hpp), so that a slow network never delays
/// "Thank you".
class Keeper {
  public:
    /// `on_event` is called from the keeper's thread whenever take_events() has something new.
    Keeper(KeeperOptions options, std::function<void()> on_event);
    /// Finishes what was queued, then stops.
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// Queues one response. Answered by event::Saved or event::SaveFailed.
    void save(survey::Response response);
    /// Saved, SaveFailed and StorageChanged, in order.
    std::vector<flow::Event> take_events();

    /// Counts what happened today; written to the disk with the next answer and at the end.
    void note(Tally what);
    /// Today's counts.
    DayCounts counts() const;

    /// The device's identity was written anew: the next answer is sealed to the key that is in it.
    /// Any thread.
    void key_changed() noexcept { key_changed_ = true; }

    /// How many responses became durable since the start, and whether more are on their way.
    std::uint64_t saved_count() const;
    bool busy() const;
    /// True once the outbox was opened.
    bool open() const;
    /// Milliseconds that each durable save took, newest last; at most 4096 are kept.
    std::vector<double> save_times_ms() const;

  private:
    void run();
    void open_outbox();
    void keep(const survey::Response& response);
    Result<sync::OutboxEntry> entry_of(const survey::Response& response);
    void look_for_key();
    void seal_what_waits();
    Status put(const sync::OutboxEntry& entry);
    void look_at_room();
    void keep_counts();
    void post(flow::Event event);
    Status check_room();

    KeeperOptions options_;
    std::function<void()> on_event_;
    std::unique_ptr<sync::Outbox> outbox_;  ///< the keeper's thread only
    /// For central's key, once there is one; the keeper's thread only.
    std::optional<sync::AnswerSealer> sealer_;
    std::atomic<bool> key_changed_{false};
    bool reported_full_ = false;   ///< the keeper's thread only
    bool reported_open_ = false;   ///< the keeper's thread only: kept without a seal
    bool counts_changed_ = false;  ///< of this thread: not yet in their file

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<survey::Response> queue_;
    std::vector<flow::Event> events_;
    std::vector<double> save_times_ms_;
    DayCounts counts_;
    std::uint64_t saved_ = 0;
    bool working_ = false;
    bool open_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kaiku::kiosk
