#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "central/service/metrics.hpp"
#include "central/store/store.hpp"

namespace kaiku::central {

/// Stores what several threads bring at once in one durable step. Who waits for his own and finds
/// nobody at work writes for all who wait; for those who do not wait a thread of this object does.
class GroupCommit {
  public:
    explicit GroupCommit(Store& store, Metrics* metrics = nullptr)
        : store_(store), metrics_(metrics) {}
    /// Returns when everything that was brought is written and told.
    ~GroupCommit();
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    /// Same meaning as Store::put. Returns only after its own submissions are durable or failed.
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::optional<MessageMark> mark = std::nullopt);

    using Then = std::function<void(const Result<Stored>&)>;
    /// The same for one submission, without waiting: `then` is called once that is durable or
    /// failed, on the thread that wrote it. It must be quick, and not throw.
    void put_later(Submission submission, Then then);

  private:
    struct Waiting {
        std::span<const Submission> submissions;
        std::optional<MessageMark> mark;
        std::vector<Stored> outcomes;
        Status status;
        bool done = false;
        /// Its own: of many that wait only those are woken that have something to do.
        std::condition_variable changed{};
    };
    struct Brought {
        Submission submission;
        Then then;
    };
    /// What is written in one step.
    struct Group {
        std::vector<Waiting*> waiting;
        std::vector<Brought> brought;
        std::size_t count = 0;  ///< submissions
        std::vector<MessageMark> marks;
    };
    Group take_group();
    void write_for_all(std::unique_lock<std::mutex>& lock);
    void hand_over();
    void write_what_is_brought(const std::stop_token& end);

    Store& store_;
    Metrics* metrics_;  ///< hears of each commit; may be nothing
    std::mutex mutex_;
    std::deque<Waiting*> queue_;
    std::deque<Brought> brought_;
    bool writing_ = false;
    std::condition_variable_any something_brought_;
    std::jthread writer_;  ///< from the first put_later() on
};

}  // namespace kaiku::central
