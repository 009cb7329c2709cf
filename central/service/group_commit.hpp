#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "central/service/metrics.hpp"
#include "central/store/store.hpp"

namespace kaiku::central {

/// Stores what several threads bring at once in one durable step. Whoever finds nobody at work
/// writes for all who wait; a call returns only after its own submissions are durable or failed.
class GroupCommit {
  public:
    explicit GroupCommit(Store& store, Metrics* metrics = nullptr)
        : store_(store), metrics_(metrics) {}

    /// Same meaning as Store::put.
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::optional<MessageMark> mark = std::nullopt);

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
    void write_for_all(std::unique_lock<std::mutex>& lock);

    Store& store_;
    Metrics* metrics_;  ///< hears of each commit; may be nothing
    std::mutex mutex_;
    std::vector<Waiting*> queue_;
    bool writing_ = false;
};

}  // namespace kaiku::central
