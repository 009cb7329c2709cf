#include "central/service/group_commit.hpp"

#include <iterator>

namespace kaiku::central {
namespace {

/// Enough to share a flush among many, small enough that nobody waits long.
constexpr std::size_t kMaxGroup = 1024;

}  // namespace

Result<std::vector<Stored>> GroupCommit::put(std::span<const Submission> submissions,
                                             std::optional<MessageMark> mark) {
    Waiting mine;
    mine.submissions = submissions;
    mine.mark = std::move(mark);
    std::unique_lock lock(mutex_);
    queue_.push_back(&mine);
    while (!mine.done) {
        if (!writing_) {
            write_for_all(lock);
        } else {
            mine.changed.wait(lock);
        }
    }
    if (!mine.status) {
        return tl::make_unexpected(mine.status.error());
    }
    return std::move(mine.outcomes);
}

void GroupCommit::write_for_all(std::unique_lock<std::mutex>& lock) {
    writing_ = true;
    std::vector<Waiting*> group;
    std::size_t count = 0;
    std::vector<MessageMark> marks;
    while (!queue_.empty() && (group.empty() || count < kMaxGroup)) {
        Waiting* next = queue_.front();
        queue_.erase(queue_.begin());
        group.push_back(next);
        count += next->submissions.size();
        if (next->mark) marks.push_back(*next->mark);
    }
    lock.unlock();
    if (metrics_ != nullptr) metrics_->count_commit(group.size(), count);
    // A batch that comes alone is large: it is not copied.
    std::vector<Submission> all;
    if (group.size() > 1) {
        all.reserve(count);
        for (const Waiting* waiting : group) {
            all.insert(all.end(), waiting->submissions.begin(), waiting->submissions.end());
        }
    }
    Result<std::vector<Stored>> outcomes = store_.put(
        group.size() > 1 ? std::span<const Submission>(all) : group.front()->submissions, marks);
    lock.lock();
    std::size_t taken = 0;
    for (Waiting* waiting : group) {
        if (outcomes) {
            const auto first = std::next(outcomes->begin(), static_cast<std::ptrdiff_t>(taken));
            const auto own = waiting->submissions.size();
            waiting->outcomes.assign(first, std::next(first, static_cast<std::ptrdiff_t>(own)));
            taken += own;
        } else {
            waiting->status = tl::make_unexpected(outcomes.error());
        }
        waiting->done = true;
        waiting->changed.notify_one();
    }
    writing_ = false;
    // Somebody writes for those who came meanwhile.
    if (!queue_.empty()) queue_.front()->changed.notify_one();
}

}  // namespace kaiku::central
