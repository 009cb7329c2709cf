#pragma once

#include <chrono>
#include <deque>
#include <mutex>

#include "survey/response.hpp"

namespace kaiku::central {

/// Counts failures of everybody together in a sliding minute: a guesser is stopped without
/// knowing, or keeping, anybody's address.
class FailureLimit {
  public:
    explicit FailureLimit(std::size_t per_minute) : per_minute_(per_minute) {}

    /// Seconds to wait before another attempt is heard; zero if it may come now.
    std::chrono::seconds wait(survey::UtcSeconds now);
    void add_failure(survey::UtcSeconds now);

  private:
    std::size_t per_minute_;
    std::mutex mutex_;
    std::deque<survey::UtcSeconds> failures_;
};

}  // namespace kaiku::central
