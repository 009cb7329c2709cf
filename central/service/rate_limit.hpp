#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace kaiku::central {

/// A bucket of tokens for each sender: full it holds a minute's worth, and a request takes one. All
/// is in memory, and forgotten as soon as a bucket would be full again.
class RateLimit {
  public:
    /// 0: no limit.
    explicit RateLimit(std::size_t per_minute) : per_minute_(per_minute) {}

    /// Takes a token. Otherwise says after how many whole seconds there is one; zero means that the
    /// request may go on. `now` is of any clock; one that is set back refills nothing.
    std::chrono::seconds take(const std::string& sender, std::chrono::milliseconds now);
    /// How many senders are remembered.
    std::size_t size();

  private:
    struct Bucket {
        double tokens = 0;
        std::chrono::milliseconds filled{0};
    };
    double tokens_at(const Bucket& bucket, std::chrono::milliseconds now) const;
    void forget_full(std::chrono::milliseconds now);

    std::size_t per_minute_;
    std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace kaiku::central
