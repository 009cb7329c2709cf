#include "tests/sim/world.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <utility>

namespace kaiku::sim {
namespace {

constexpr int kMostWaiting = 3;
constexpr std::int64_t kFirstMoment = 1'763'800'000;  // 22 November 2025

/// What may come over a world by itself.
constexpr std::array kFates{
    Trouble::partition,          Trouble::device_power_cut,  Trouble::device_killed,
    Trouble::device_disk_error,  Trouble::device_disk_full,  Trouble::device_clock_jump,
    Trouble::device_restored,    Trouble::central_power_cut, Trouble::central_killed,
    Trouble::central_disk_error, Trouble::central_disk_full, Trouble::central_clock_jump,
    Trouble::central_restored,   Trouble::key_rotated,
};

}  // namespace

Plan Plan::draw(Random random) {
    Plan plan;
    const auto some = [&](int most) {
        return random.chance(500) ? static_cast<int>(random.below(most + 1)) : 0;
    };
    const bool crowd = random.chance(30);
    plan.devices = static_cast<int>(crowd ? random.between(20, 40) : random.between(1, 4));
    plan.visits = static_cast<int>(crowd ? random.between(1, 3) : random.between(4, 24));
    plan.gap_ms =
        random.chance(500) ? random.between(kMinuteMs, kHourMs) : random.between(kHourMs, kDayMs);
    plan.request_lost = some(400);
    plan.reply_lost = some(400);
    plan.late = some(1000);
    plan.twice = some(300);
    plan.foreign = some(200);
    plan.leaves = some(300);
    plan.slow = some(200);
    plan.delay_ms = random.chance(500) ? random.below(30 * kSecondMs) : 50;
    plan.fate_ms = plan.gap_ms * plan.visits / random.between(3, 40);
    for (const Trouble fate : kFates) {
        if (random.chance(350)) plan.fates.push_back(fate);
    }
    plan.old_devices = random.chance(250);
    plan.old_central = random.chance(250);
    plan.late_enrolment = random.chance(200);
    return plan;
}

World::World(std::uint64_t seed)
    : random(seed),
      plan(Plan::draw(random.fork())),
      start_s_(kFirstMoment + random.below(std::int64_t{365} * 86'400)) {}

survey::UtcSeconds World::wall(std::int64_t offset_ms) const {
    return survey::UtcSeconds(std::chrono::seconds(start_s_ + (now_ + offset_ms) / kSecondMs));
}

void World::at(std::int64_t when, std::function<void()> what) {
    events_.push({std::max(when, now_), planned_++, std::move(what)});
}

bool World::step(std::int64_t until) {
    if (events_.empty() || events_.top().when > until) return false;
    // The queue hands out no movable top; what is done may plan more, so it is taken out first.
    auto event = std::move(const_cast<Event&>(events_.top()));  // NOLINT(*-const-cast)
    events_.pop();
    now_ = std::max(now_, event.when);
    event.what();
    return true;
}

void World::run_until(std::int64_t when) {
    while (step(when)) {
    }
    now_ = std::max(now_, when);
}

void World::wait(std::int64_t duration) {
    if (healed || waiting_ >= kMostWaiting) return;
    ++waiting_;
    run_until(now_ + duration);
    --waiting_;
}

void World::run_out() {
    while (step(std::numeric_limits<std::int64_t>::max())) {
    }
}

void World::note(int device, std::string text) {
    lines_.push_back({now_, device, std::move(text)});
}

void World::broke(Promise promise, int device, std::string detail) {
    note(device, "BROKEN: " + detail);
    broken.push_back({promise, device, std::move(detail)});
}

std::string World::trace(int device) const {
    std::string out;
    for (const auto& line : lines_) {
        if (device != -2 && line.device != device && line.device != -1) continue;
        std::array<char, 64> head{};
        const auto seconds = line.when / kSecondMs;
        std::snprintf(head.data(), head.size(), "day %3" PRId64 " %02d:%02d:%02d.%03d  ",
                      seconds / 86'400, static_cast<int>(seconds / 3600 % 24),
                      static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                      static_cast<int>(line.when % kSecondMs));
        out += head.data();
        out += line.device < 0 ? "central    " : "device " + std::to_string(line.device) + "   ";
        out += line.text + "\n";
    }
    return out;
}

}  // namespace kaiku::sim
