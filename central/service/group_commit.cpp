#include "central/service/group_commit.hpp"

#include <iterator>

namespace kaiku::central {
namespace {

/// Enough to share a flush among many, small enough that nobody waits long.
constexpr std::size_t kMaxGroup = 1024;
/// Of them single answers, which somebody waits for: batches keep their share.
constexpr std::size_t kMaxBrought = kMaxGroup / 2;

}  // namespace

GroupCommit::~GroupCommit() {
    if (!writer_.joinable()) return;
    writer_.request_stop();
    writer_.join();
}

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

void GroupCommit::put_later(Submission submission, Then then) {
    const std::lock_guard lock(mutex_);
    if (!writer_.joinable()) {
        writer_ = std::jthread([this](const std::stop_token& end) { write_what_is_brought(end); });
    }
    brought_.push_back({std::move(submission), std::move(then)});
    if (!writing_ && brought_.size() == 1) something_brought_.notify_one();
}

void GroupCommit::write_what_is_brought(const std::stop_token& end) {
    std::unique_lock lock(mutex_);
    while (something_brought_.wait(lock, end, [this] { return !writing_ && !brought_.empty(); })) {
        write_for_all(lock);
    }
}

GroupCommit::Group GroupCommit::take_group() {
    Group group;
    while (!brought_.empty() && group.count < kMaxBrought) {
        group.brought.push_back(std::move(brought_.front()));
        brought_.pop_front();
        ++group.count;
    }
    while (!queue_.empty() && group.count < kMaxGroup) {
        Waiting* next = queue_.front();
        queue_.pop_front();
        group.waiting.push_back(next);
        group.count += next->submissions.size();
        if (next->mark) group.marks.push_back(*next->mark);
    }
    return group;
}

/// Whose turn it is after a group was written.
void GroupCommit::hand_over() {
    writing_ = false;
    if (!queue_.empty()) {
        queue_.front()->changed.notify_one();
    } else if (!brought_.empty()) {
        something_brought_.notify_one();
    }
}

void GroupCommit::write_for_all(std::unique_lock<std::mutex>& lock) {
    writing_ = true;
    Group group = take_group();
    lock.unlock();
    const std::size_t requests = group.waiting.size() + group.brought.size();
    if (metrics_ != nullptr) metrics_->count_commit(requests, group.count);
    // A batch that comes alone is large: it is not copied.
    std::vector<Submission> all;
    const bool alone = requests == 1 && group.brought.empty();
    if (!alone) {
        all.reserve(group.count);
        for (const Waiting* waiting : group.waiting) {
            all.insert(all.end(), waiting->submissions.begin(), waiting->submissions.end());
        }
        for (Brought& brought : group.brought) all.push_back(std::move(brought.submission));
    }
    const Result<std::vector<Stored>> outcomes = store_.put(
        alone ? group.waiting.front()->submissions : std::span<const Submission>(all), group.marks);
    lock.lock();
    std::size_t taken = 0;
    for (Waiting* waiting : group.waiting) {
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
    hand_over();
    if (group.brought.empty()) return;
    lock.unlock();
    for (const Brought& brought : group.brought) {
        brought.then(outcomes ? Result<Stored>((*outcomes)[taken++])
                              : tl::make_unexpected(outcomes.error()));
    }
    lock.lock();
}

}  // namespace kaiku::central
