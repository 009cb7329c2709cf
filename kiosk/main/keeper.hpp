#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/main/attendant.hpp"
#include "kiosk/main/day_counts.hpp"
#include "kiosk/main/keeping.hpp"

namespace kaiku::kiosk {

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

    /// Counts what happened today; written to the ledger after the next answer and at the end.
    void note(Tally what);
    /// Today's counts.
    DayCounts counts() const;

    /// The device's identity was written anew: the next answer is sealed to the key that is in it.
    /// Any thread.
    void key_changed() noexcept { keeping_.key_changed(); }

    /// How many responses became durable since the start, and whether more are on their way.
    std::uint64_t saved_count() const;
    bool busy() const;
    /// When an answer last became durable and how often one did not, since the start.
    Vitals vitals() const;
    /// True once the outbox was opened.
    bool open() const;
    /// Milliseconds that each durable save took, newest last; at most 4096 are kept.
    std::vector<double> save_times_ms() const;

  private:
    void run();
    void open_outbox();
    void keep(const survey::Response& response);
    void note_saved();
    void keep_counts();
    DayCounts& counts_of_today();
    void post(flow::Event event);

    KeeperOptions options_;
    std::function<void()> on_event_;
    Keeping keeping_;                                     ///< the keeper's thread only
    std::chrono::steady_clock::time_point keep_started_;  ///< of this thread
    bool counts_changed_ = false;                         ///< of this thread: not yet in the ledger

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<survey::Response> queue_;
    std::vector<flow::Event> events_;
    std::vector<double> save_times_ms_;
    DayCounts today_;                           ///< whole, for whoever looks
    std::map<std::string, DayCounts> pending_;  ///< by day: not yet in the ledger
    std::uint64_t saved_ = 0;
    Vitals vitals_;
    bool working_ = false;
    bool open_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kaiku::kiosk
