#pragma once

#include <cstdint>
#include <functional>

#include "sync/uplink.hpp"
#include "tests/sim/central.hpp"
#include "tests/sim/world.hpp"

namespace kaiku::sim {

/// A device's way to central. What goes along it may be late, lost, there twice, in another order,
/// or answered by somebody else, as the plan says.
class Line final : public sync::Uplink {
  public:
    /// `is_alive` tells whether the device still waits for a reply.
    Line(World& world, Endpoint& central, int device, std::function<bool()> is_alive);

    Result<sync::UplinkReply> post(const sync::UplinkRequest& request) override;
    /// Nothing passes until then.
    void cut(std::int64_t until) noexcept { cut_until_ = until; }

  private:
    bool chance(int per_mille) { return !world_.healed && random_.chance(per_mille); }
    void deliver_later(const sync::UplinkRequest& request);
    void wait();

    World& world_;
    Endpoint& central_;
    Random random_;
    int device_;
    std::function<bool()> is_alive_;
    std::int64_t cut_until_ = 0;
};

}  // namespace kaiku::sim
