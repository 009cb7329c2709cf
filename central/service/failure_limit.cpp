#include "central/service/failure_limit.hpp"

namespace kaiku::central {

std::chrono::seconds FailureLimit::wait(survey::UtcSeconds now) {
    const std::lock_guard lock(mutex_);
    constexpr std::chrono::seconds kWindow{60};
    // A failure from the future means that the clock was set back; it must not lock for ever.
    while (!failures_.empty() &&
           (failures_.front() + kWindow <= now || failures_.front() > now + kWindow)) {
        failures_.pop_front();
    }
    if (failures_.size() < per_minute_ || failures_.empty()) {
        return std::chrono::seconds(0);
    }
    return failures_.front() + kWindow - now;
}

void FailureLimit::add_failure(survey::UtcSeconds now) {
    const std::lock_guard lock(mutex_);
    failures_.push_back(now);
    if (failures_.size() > per_minute_) {
        failures_.pop_front();
    }
}

}  // namespace kaiku::central
