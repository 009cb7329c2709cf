#include "central/people/lockout.hpp"

#include <algorithm>

namespace kaiku::central::people {
namespace {

using std::chrono::seconds;
constexpr int kFree = 3;
constexpr int kStrangersTogether = 100;
constexpr seconds kLongest = std::chrono::minutes(15);
constexpr seconds kForgotten = std::chrono::days(1);

bool is_forgotten(const Failures& failures, survey::UtcSeconds now) noexcept {
    return now - failures.last >= kForgotten;
}

seconds left(const Failures& failures, seconds delay, survey::UtcSeconds now) noexcept {
    if (is_forgotten(failures, now)) return seconds(0);
    return std::clamp(failures.last + delay - now, seconds(0), delay);
}

}  // namespace

seconds try_delay(int failures) noexcept {
    if (failures < kFree) return seconds(0);
    const int doublings = std::min(failures - kFree, 10);
    return std::min(seconds(1) * (1 << doublings), kLongest);
}

seconds wait_before_try(const TryCounts& counts, survey::UtcSeconds now) noexcept {
    if (counts.known_client) {
        return left(*counts.known_client, try_delay(counts.known_client->count), now);
    }
    const seconds together = counts.person.count < kStrangersTogether ? seconds(0) : kLongest;
    return std::max(left(counts.address, try_delay(counts.address.count), now),
                    left(counts.person, together, now));
}

Failures failed(const Failures& before, survey::UtcSeconds now) noexcept {
    return {is_forgotten(before, now) ? 1 : before.count + 1, now};
}

}  // namespace kaiku::central::people
