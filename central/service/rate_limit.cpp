#include "central/service/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace kaiku::central {
namespace {

/// Beyond this, whoever has so many addresses is no matter for a limit of each.
constexpr std::size_t kMaxSenders = 65'536;
constexpr double kMinuteMs = 60'000;

}  // namespace

double RateLimit::tokens_at(const Bucket& bucket, std::chrono::milliseconds now) const {
    const auto full = static_cast<double>(per_minute_);
    const auto passed = std::max<double>(0, static_cast<double>((now - bucket.filled).count()));
    return std::min(full, bucket.tokens + passed * full / kMinuteMs);
}

void RateLimit::forget_full(std::chrono::milliseconds now) {
    const auto full = static_cast<double>(per_minute_);
    std::erase_if(buckets_, [&](const auto& each) { return tokens_at(each.second, now) >= full; });
    if (buckets_.size() >= kMaxSenders) buckets_.clear();
}

std::chrono::seconds RateLimit::take(const std::string& sender, std::chrono::milliseconds now) {
    if (per_minute_ == 0) return std::chrono::seconds(0);
    const std::lock_guard lock(mutex_);
    auto found = buckets_.find(sender);
    if (found == buckets_.end()) {
        if (buckets_.size() >= kMaxSenders) forget_full(now);
        found = buckets_.emplace(sender, Bucket{static_cast<double>(per_minute_), now}).first;
    }
    Bucket& bucket = found->second;
    bucket = {tokens_at(bucket, now), now};
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::chrono::seconds(0);
    }
    const double missing_ms = (1 - bucket.tokens) * kMinuteMs / static_cast<double>(per_minute_);
    return std::chrono::seconds(std::max(1L, std::lround(std::ceil(missing_ms / 1000))));
}

std::size_t RateLimit::size() {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
}

}  // namespace kaiku::central
