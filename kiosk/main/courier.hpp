#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "kiosk/flow/staff.hpp"
#include "kiosk/main/attendant.hpp"
#include "kiosk/main/fleet_config.hpp"
#include "survey/response.hpp"
#include "sync/outbox.hpp"
#include "sync/sender.hpp"
#include "sync/uplink.hpp"

namespace kaiku::kiosk {

struct CourierOptions {
    std::filesystem::path data_dir;
    std::string central_url;  ///< empty: as enrolled
    std::string ca_file;
    std::int64_t max_waiting = 200'000;
    /// Number of durable responses so far (Keeper::saved_count), and whether the outbox is open.
    std::function<std::uint64_t()> saved_count;
    std::function<bool()> outbox_open;
    /// Called from the courier's thread when device.json was written anew: the sealing key may have
    /// changed.
    std::function<void()> on_renewed = [] {};
    /// What central sets on this device; nothing: no configuration is taken.
    std::shared_ptr<FleetConfig> config{};
    std::function<Vitals()> vitals = [] { return Vitals{}; };
    /// Called from the courier's thread after central was heard.
    std::function<void()> on_heard = [] {};
};

/// The thread that carries answers from the outbox to central, tells central every few minutes how
/// the terminal is, and fetches what central sets on it; with a connection of its own.
class Courier {
  public:
    explicit Courier(CourierOptions options);
    /// Stops; waits at most two seconds for a request under way and returns without it after that
    /// (the outbox keeps whatever was not receipted).
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// Something new waits.
    void poke();
    /// Tries at once, whatever the back-off says.
    void send_now();
    /// Tells central at once how the terminal is.
    void attend_now();
    /// Looks at once whether the configuration in use has come through.
    void settle();
    /// True once everything saved so far was found gone from the outbox by its receipt.
    bool synced() const;
    /// How often central was told how the terminal is, since the start.
    std::uint64_t heard() const;
    /// When central last acknowledged answers, since the start; nothing before that.
    std::optional<survey::UtcSeconds> last_sync() const;
    /// Until when central's certificate holds, as last seen.
    std::optional<survey::UtcSeconds> certificate_until() const;
    /// How the last attempt to reach central came out.
    flow::LinkState link() const;
    /// The latest thing worth telling an operator; empty when all is well.
    std::string complaint() const;

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace kaiku::kiosk
