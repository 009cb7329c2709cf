// One world from its first visitor to the five promises.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "sync/local_day.hpp"
#include "tests/sim/central.hpp"
#include "tests/sim/entropy.hpp"
#include "tests/sim/terminal.hpp"
#include "tests/sim/vfs.hpp"
#include "tests/sim/world.hpp"

namespace kaiku::sim {
namespace {

constexpr std::int64_t kMostCallsAhead = 60;

/// Undoes the wiring of the disks, however a run ends.
struct Wiring {
    Wiring() = default;
    ~Wiring() { Disks::all().clear(); }
    Wiring(const Wiring&) = delete;
    Wiring& operator=(const Wiring&) = delete;
};

class Scenario {
  public:
    explicit Scenario(World& world) : world_(world), random_(world.random.fork()), central_(world) {
        for (int number = 0; number < world.plan.devices; ++number) {
            terminals_.push_back(std::make_unique<Terminal>(world, central_, number));
        }
        world_.tally.devices = world.plan.devices;
    }

    void run() {
        begin_ = world_.now();  // enrolling them took its time
        for (auto& terminal : terminals_) {
            std::int64_t when = begin_;
            for (int visit = 0; visit < world_.plan.visits; ++visit) {
                when += random_.below(2 * world_.plan.gap_ms);
                world_.at(when, [&terminal] { terminal->visit(); });
                end_ = std::max(end_, when);
            }
        }
        plan_fates();
        for (std::int64_t when = begin_ + kDayMs; when < end_; when += kDayMs) {
            world_.at(when, [this] { look_after_devices(); });
        }
        if (world_.plan.late_enrolment)
            world_.at((begin_ + end_) / 2, [this] { look_after_devices(); });
        world_.run_until(end_);
        world_.tally.device_seconds = end_ / kSecondMs * world_.plan.devices;
        heal();
        check();
    }

  private:
    Terminal& any() {
        return *terminals_[static_cast<std::size_t>(random_.below(std::ssize(terminals_)))];
    }

    /// The operator: enrols what is not, and anew what central does not know any more.
    void look_after_devices() {
        for (auto& terminal : terminals_) {
            if (terminal->is_up() && (!terminal->is_enrolled() || terminal->is_refused())) {
                terminal->enrol();
            }
        }
    }

    void plan_fates() {
        if (world_.plan.fates.empty()) return;
        for (std::int64_t when = begin_; when < end_;) {
            when += 1 + random_.below(2 * world_.plan.fate_ms + 1);
            const auto which =
                static_cast<std::size_t>(random_.below(std::ssize(world_.plan.fates)));
            world_.at(when, [this, fate = world_.plan.fates[which]] { befall(fate); });
        }
    }

    /// In half of the cases at once, else at one of the next calls to the disk.
    template <class Machine>
    void stop(Machine& machine, bool power) {
        if (!machine.is_up()) return;
        if (random_.chance(300)) return machine.fall(power);
        machine.arm(random_.below(kMostCallsAhead), power);
    }

    template <class Machine>
    void fill(Machine& machine) {
        machine.disk().set_full(true);
        world_.at(world_.now() + random_.below(2 * world_.plan.gap_ms),
                  [&machine] { machine.disk().set_full(false); });
    }

    template <class Machine>
    void restore_later(Machine& machine) {
        machine.back_up();
        world_.at(world_.now() + random_.below((end_ - begin_) / 2 + 1),
                  [&machine] { machine.restore(); });
    }

    std::int64_t clock_jump() {
        const auto most = random_.chance(700) ? 3 * kHourMs : 200 * kDayMs;
        return random_.between(-most, most);
    }

    void befall(Trouble fate) {
        if (world_.healed) return;
        switch (fate) {
            case Trouble::partition: {
                const auto until = world_.now() + random_.below(3 * world_.plan.gap_ms);
                const bool everybody = random_.chance(300);
                for (auto& terminal : terminals_) {
                    if (everybody || random_.chance(300)) terminal->line().cut(until);
                }
                return;
            }
            case Trouble::device_power_cut:
                return stop(any(), true);
            case Trouble::device_killed:
                return stop(any(), false);
            case Trouble::device_disk_error:
                return any().disk().fail_at(random_.below(kMostCallsAhead), random_.between(1, 20));
            case Trouble::device_disk_full:
                return fill(any());
            case Trouble::device_clock_jump:
                return any().jump_clock(clock_jump());
            case Trouble::device_restored:
                return restore_later(any());
            case Trouble::central_power_cut:
                return stop(central_, true);
            case Trouble::central_killed:
                return stop(central_, false);
            case Trouble::central_disk_error:
                return central_.disk().fail_at(random_.below(kMostCallsAhead),
                                               random_.between(1, 20));
            case Trouble::central_disk_full:
                return fill(central_);
            case Trouble::central_clock_jump:
                return central_.jump_clock(clock_jump());
            case Trouble::central_restored:
                return restore_later(central_);
            case Trouble::key_rotated:
                return central_.rotate_key();
            case Trouble::request_lost:
            case Trouble::reply_lost:
            case Trouble::request_late:
            case Trouble::request_twice:
            case Trouble::out_of_order:
            case Trouble::foreign_reply:
            case Trouble::device_disk_slow:
            case Trouble::writes_lost:
            case Trouble::write_torn:
            case Trouble::device_upgraded:
            case Trouble::device_enrolled_late:
            case Trouble::device_enrolled_again:
            case Trouble::credential_renewed:
            case Trouble::central_upgraded:
                return;  // of the line, of the disks, or of the beginning
        }
    }

    void heal() {
        world_.healed = true;
        world_.note(-1, "from here on nothing goes wrong");
        central_.disk().heal();
        if (central_.disk().is_stopped()) central_.fall(true);
        central_.start();
        for (auto& terminal : terminals_) {
            terminal->disk().heal();
            if (terminal->disk().is_stopped()) terminal->fall(true);
            if (!terminal->drain()) {
                world_.broke(Promise::durable, 0, "answers wait though nothing is in the way");
            }
        }
    }

    void check() {
        const auto stored = central_.stored();
        for (const auto& broken : world_.ledger.compare(stored)) {
            world_.broke(broken.promise, broken.device, broken.detail);
        }
        if (central_.counted() != std::ssize(stored)) {
            world_.broke(Promise::counted, -1,
                         "central's figures and its answers differ in number");
        }
        for (auto& terminal : terminals_) terminal->check(stored);
        world_.tally.stored = std::ssize(stored);
        world_.tally.thanked = world_.ledger.thanked_count();
        world_.tally.excused = world_.ledger.excused_count();
        world_.tally.disk_calls = central_.disk().calls();
        for (auto& terminal : terminals_) world_.tally.disk_calls += terminal->disk().calls();
    }

    World& world_;
    Random random_;
    Endpoint central_;
    std::vector<std::unique_ptr<Terminal>> terminals_;
    std::int64_t begin_ = 0;
    std::int64_t end_ = 0;
};

}  // namespace

Outcome simulate(std::uint64_t seed, bool whole_trace) {
    Random random(seed ^ 0x6B61696B75ULL);
    // Days are the county's, whatever the machine's are.
    KAIKU_ASSERT(sync::set_time_zone("Europe/Helsinki"));
    const Wiring wiring;
    const Vfs vfs(random.next());
    const Entropy entropy(random.fork());
    World world(random.next());
    Scenario(world).run();
    Outcome out{world.tally, world.broken, {}};
    if (whole_trace) {
        out.trace = world.trace(-2);
    } else if (!world.broken.empty()) {
        out.trace = world.trace(world.broken.front().device);
    }
    return out;
}

}  // namespace kaiku::sim
