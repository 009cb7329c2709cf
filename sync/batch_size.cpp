#include <algorithm>

#include "sync/sender.hpp"

namespace kaiku::sync {

void BatchSize::note(const SendOutcome& outcome, std::chrono::milliseconds took) noexcept {
    constexpr std::chrono::milliseconds kSwift{1000};
    may_grow_ = may_grow_ && !outcome.halved;
    // A clock that was set back meanwhile says nothing.
    const bool swift = took.count() >= 0 && took <= kSwift;
    if (outcome.kind != SendOutcome::Kind::sent || !may_grow_ || !swift) {
        size_ = kFirstBatchResponses;
    } else if (outcome.accepted + outcome.quarantined >= size_ / 2) {
        size_ = std::min(size_ * 2, kLargestSentBatch);
    }
}

}  // namespace kaiku::sync
