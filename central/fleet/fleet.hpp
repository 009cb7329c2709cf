#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "central/fleet/config.hpp"
#include "central/fleet/stores.hpp"
#include "central/store/store.hpp"

namespace kaiku::central::fleet {

/// All that configurations depend on, as it was at one moment.
struct FleetView {
    std::vector<Device> devices;
    std::vector<Unit> units;
    Groups groups;
    std::vector<ConfigVersion> versions;
    survey::UtcSeconds read_at{};
};

/// One organiser's fleet, as its devices meet it. Safe to call from any thread.
class Fleet {
  public:
    /// What was read is used for so long: ten thousand devices must not read everything each.
    static constexpr std::chrono::seconds kFresh{5};

    /// All outlive it.
    Fleet(Store& store, ConfigStore& configs, WatchStore& watch)
        : store_(store), configs_(configs), watch_(watch) {}

    /// The configuration that the device should have; up to kFresh old.
    Result<Effective> config_of(const Device& device, survey::UtcSeconds now);
    /// Notes a sign of life, in one durable step with those that come at the same time: ten
    /// thousand devices after a power cut must not cost a flush each. The version of the
    /// configuration that the device should have.
    Result<std::string> hear(const Device& device, sync::Heartbeat heartbeat,
                             survey::UtcSeconds now);
    /// How many signs of life wait to be kept.
    std::size_t waiting();
    /// Everything, from the store or up to kFresh old.
    Result<std::shared_ptr<const FleetView>> view(survey::UtcSeconds now);

  private:
    /// One who waits until what he brought is durable.
    struct Waiting {
        Heard heard;
        Status status;
        bool done = false;
    };
    Status keep(Heard heard);
    void keep_for_all(std::unique_lock<std::mutex>& lock);

    Store& store_;
    ConfigStore& configs_;
    WatchStore& watch_;
    std::mutex mutex_;
    std::shared_ptr<const FleetView> view_;
    std::mutex hearing_;
    std::condition_variable heard_;
    std::vector<Waiting*> waiting_;
    bool keeping_ = false;
};

/// Reads everything.
Result<FleetView> read_fleet(Store& store, ConfigStore& configs, survey::UtcSeconds now);

}  // namespace kaiku::central::fleet
