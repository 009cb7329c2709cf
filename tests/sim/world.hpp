#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "survey/response.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/trouble.hpp"

namespace kaiku::sim {

inline constexpr std::int64_t kSecondMs = 1000;
inline constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;

/// What this seed's world is like. Each seed has a mix of its own: one may lose every second
/// request and never cut power, so that no trouble hides behind another.
struct Plan {
    int devices = 1;
    int visits = 10;          ///< of each device
    std::int64_t gap_ms = 0;  ///< between two visitors, on average
    int request_lost = 0;     ///< of a thousand, as all of these
    int reply_lost = 0;
    int late = 0;  ///< a lost request is only late
    int twice = 0;
    int foreign = 0;             ///< somebody else answers
    int leaves = 0;              ///< a visitor goes in the middle
    int slow = 0;                ///< the disk takes longer than a visitor is left waiting
    std::int64_t delay_ms = 0;   ///< at most, each way
    std::int64_t fate_ms = 0;    ///< between two of `fates`, on average
    std::vector<Trouble> fates;  ///< troubles that come by themselves
    bool old_devices = false;    ///< begin with the outbox of an earlier version
    bool old_central = false;    ///< begins with the store of an earlier version
    bool late_enrolment = false;

    static Plan draw(Random random);
};

/// Time, chance and memory of one simulated world: what happens next, what has happened. Nothing in
/// it depends on anything but the seed.
class World {
  public:
    explicit World(std::uint64_t seed);

    std::int64_t now() const noexcept { return now_; }
    /// The right time, at central's and at every device's that was not told another.
    survey::UtcSeconds wall(std::int64_t offset_ms = 0) const;
    void at(std::int64_t when, std::function<void()> what);
    /// Lets everything happen that is due until then, and it be then.
    void run_until(std::int64_t when);
    /// As run_until(), for somebody who waits in the middle of a call. Those who wait within those
    /// who wait do not make others wait: then no time passes.
    void wait(std::int64_t duration);
    /// Runs until nothing more is planned.
    void run_out();

    void note(int device, std::string text);
    void broke(Promise promise, int device, std::string detail);
    /// What happened to this device and to central (-1), a line each; to all for -2.
    std::string trace(int device) const;

    Random random;
    Plan plan;
    Ledger ledger;
    Tally tally;
    std::vector<Broken> broken;
    bool healed = false;  ///< nothing goes wrong any more

  private:
    struct Event {
        std::int64_t when;
        std::int64_t number;  ///< of two at the same time the one that was planned first
        std::function<void()> what;
    };
    struct Later {
        bool operator()(const Event& left, const Event& right) const {
            return left.when != right.when ? left.when > right.when : left.number > right.number;
        }
    };
    struct Line {
        std::int64_t when;
        int device;
        std::string text;
    };
    bool step(std::int64_t until);

    std::int64_t now_ = 0;
    std::int64_t planned_ = 0;
    int waiting_ = 0;
    std::int64_t start_s_;  ///< of the epoch, when this world began
    std::priority_queue<Event, std::vector<Event>, Later> events_;
    std::vector<Line> lines_;
};

/// What a run came to.
struct Outcome {
    Tally tally;
    std::vector<Broken> broken;
    std::string trace;  ///< of the first broken promise's device, or of all when asked for
};
/// Runs the world of this seed: trouble, then peace, then the five promises. One at a time.
Outcome simulate(std::uint64_t seed, bool whole_trace = false);

}  // namespace kaiku::sim
