#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "kiosk/main/fleet_config.hpp"
#include "sync/outbox.hpp"
#include "sync/sender.hpp"

namespace kaiku::kiosk {

/// What the keeper knows of itself.
struct Vitals {
    std::optional<survey::UtcSeconds> last_answer;  ///< when one became durable, since the start
    std::int64_t save_failures = 0;                 ///< since the start
};

/// Tells central how the terminal is, and hears how it should be set up: counts and codes, never
/// anything of a visitor. The courier's thread owns it.
class Attendant {
  public:
    /// `config` may be nothing: then no configuration is taken.
    Attendant(std::filesystem::path data_dir, FleetConfig* config)
        : data_dir_(std::move(data_dir)), config_(config) {}

    /// Something went wrong; `kind` is a name of a-z and _.
    void count(const std::string& kind) { ++errors_[kind]; }
    /// An attempt to send ended so.
    void count(sync::SendOutcome::Trouble trouble);

    /// One sign of life. `outbox` may be nothing: then nothing is said of what waits. `random` is
    /// any 64 uniformly random bits. How long until the next.
    std::chrono::milliseconds attend(sync::Sender& sender, sync::Uplink& uplink,
                                     sync::Outbox* outbox, const Vitals& vitals,
                                     std::uint64_t random);

    /// How often central was told, and said so.
    std::uint64_t heard() const noexcept { return heard_; }

    /// A tenth more or less, so that terminals which started together do not stay together.
    static std::chrono::milliseconds spread(std::chrono::milliseconds wait, std::uint64_t random);
    /// Until the first sign of life: a house that got its power back does not call as one.
    static std::chrono::milliseconds first_wait(std::uint64_t random);

  private:
    sync::Heartbeat heartbeat(sync::Outbox* outbox, const Vitals& vitals);

    std::filesystem::path data_dir_;
    FleetConfig* config_;
    std::map<std::string, std::int64_t> errors_;
    std::string said_;  ///< the last trouble in the log
    std::uint64_t heard_ = 0;
};

}  // namespace kaiku::kiosk
