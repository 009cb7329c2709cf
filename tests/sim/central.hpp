#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "central/service/service.hpp"
#include "sync/keyring.hpp"
#include "sync/signing.hpp"
#include "sync/uplink.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/world.hpp"

namespace kaiku::sim {

inline constexpr const char* kUnit = "polyclinic";

/// Central as it is in service: the real service over the real store on a simulated disk, with keys
/// in files, and an administrator who starts it again after a while.
class Endpoint {
  public:
    explicit Endpoint(World& world);

    /// The service's answer; nothing when none comes.
    std::optional<sync::UplinkReply> handle(const sync::UplinkRequest& request);
    /// A fresh enrolment code, if central runs.
    std::optional<std::string> make_code();
    bool is_up() const noexcept { return service_ != nullptr; }

    void start();
    /// Stops the machine, or its program alone, here and now.
    void fall(bool power);
    void jump_clock(std::int64_t by_ms);
    void rotate_key();
    void back_up();
    void restore();
    Disk& disk() noexcept { return disk_; }
    /// Whether the next end of the machine is a power cut.
    void arm(std::int64_t call, bool power);

    /// Every response, by the store's own reading.
    std::vector<survey::Response> stored();
    /// What its ledger has to say against a device; empty when both agree on every day.
    std::string ledger_difference(const std::string& device_id);
    /// Their number, by the store's own counting.
    std::int64_t counted();

  private:
    void make_old();
    Status open();
    void settle_harm();

    World& world_;
    Random random_;
    Disk disk_;
    std::optional<sync::Keyring> sealing_;
    std::optional<sync::SigningKey> signing_;
    std::unique_ptr<central::Store> store_;
    std::unique_ptr<central::Service> service_;
    std::optional<Disk::Image> backup_;
    std::map<std::string, std::int64_t> last_numbers_;  ///< of the devices' messages
    Disk::Harm seen_;
    std::int64_t clock_ms_ = 0;
    bool power_ = false;
    bool is_old_ = false;
};

}  // namespace kaiku::sim
