#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kaiku::sim {

/// Everything that goes wrong here. Each is counted when it happened, not when it was planned.
enum class Trouble {
    request_lost,
    reply_lost,
    request_late,
    request_twice,
    out_of_order,
    partition,
    foreign_reply,
    writes_lost,
    write_torn,
    device_power_cut,
    device_killed,
    device_disk_error,
    device_disk_full,
    device_disk_slow,
    device_clock_jump,
    device_restored,
    device_upgraded,
    device_enrolled_late,
    device_enrolled_again,
    credential_renewed,
    central_power_cut,
    central_killed,
    central_disk_error,
    central_disk_full,
    central_clock_jump,
    central_restored,
    central_upgraded,
    key_rotated,
};
inline constexpr std::array<std::string_view, 28> kTroubleNames{
    "requests lost",
    "replies lost",
    "requests delivered after the device gave up",
    "requests delivered twice",
    "requests delivered after later ones",
    "sends into a partition",
    "replies of somebody else",
    "unsynced writes lost",
    "unsynced writes torn",
    "power cuts of devices",
    "kills of devices",
    "disk errors of devices",
    "refusals of full disks of devices",
    "disks too slow for the visitor",
    "clock jumps of devices",
    "devices restored from a backup",
    "outboxes migrated",
    "devices enrolled late",
    "devices enrolled again",
    "credentials renewed",
    "power cuts of central",
    "kills of central",
    "disk errors of central",
    "refusals of a full disk of central",
    "clock jumps of central",
    "central restored from a backup",
    "stores migrated",
    "sealing keys rotated",
};

/// What a run did, to be summed up over runs.
struct Tally {
    std::array<std::int64_t, kTroubleNames.size()> troubles{};
    std::int64_t devices = 0;
    std::int64_t device_seconds = 0;
    std::int64_t visits = 0;
    std::int64_t thanked = 0;
    std::int64_t stored = 0;   ///< at central in the end
    std::int64_t excused = 0;  ///< thanked, and lost with what a backup did not hold
    std::int64_t ledgers = 0;  ///< of devices, compared day by day with central's
    std::int64_t posts = 0;
    std::int64_t disk_calls = 0;

    void add(Trouble what, std::int64_t count = 1) {
        troubles.at(static_cast<std::size_t>(what)) += count;
    }
    void add(const Tally& other);
};

}  // namespace kaiku::sim
