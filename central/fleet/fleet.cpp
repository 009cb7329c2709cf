#include "central/fleet/fleet.hpp"

#include <utility>

namespace kaiku::central::fleet {

Result<FleetView> read_fleet(Store& store, ConfigStore& configs, survey::UtcSeconds now) {
    auto devices = store.devices();
    if (!devices) return tl::make_unexpected(devices.error());
    auto units = store.units();
    if (!units) return tl::make_unexpected(units.error());
    auto groups = configs.groups();
    if (!groups) return tl::make_unexpected(groups.error());
    auto versions = configs.versions();
    if (!versions) return tl::make_unexpected(versions.error());
    return FleetView{std::move(*devices), std::move(*units), std::move(*groups),
                     std::move(*versions), now};
}

Result<std::shared_ptr<const FleetView>> Fleet::view(survey::UtcSeconds now) {
    // Whoever comes while it is read waits for it, and reads nothing.
    const std::lock_guard lock(mutex_);
    const bool fresh = view_ && now >= view_->read_at && now < view_->read_at + kFresh;
    if (fresh) return view_;
    auto read = read_fleet(store_, configs_, now);
    if (!read) return tl::make_unexpected(read.error());
    view_ = std::make_shared<const FleetView>(std::move(*read));
    return view_;
}

Result<Effective> Fleet::config_of(const Device& device, survey::UtcSeconds now) {
    const auto seen = view(now);
    if (!seen) return tl::make_unexpected(seen.error());
    const FleetView& all = **seen;
    return effective(all.versions, place_of(device, all.devices, all.units, all.groups));
}

/// Whoever finds nobody at work keeps what all bring who wait.
Status Fleet::keep(Heard heard) {
    Waiting mine{std::move(heard), {}};
    std::unique_lock lock(hearing_);
    waiting_.push_back(&mine);
    heard_.wait(lock, [&] { return mine.done || !keeping_; });
    if (!mine.done) keep_for_all(lock);
    return mine.status;
}

std::size_t Fleet::waiting() {
    const std::lock_guard lock(hearing_);
    return waiting_.size();
}

void Fleet::keep_for_all(std::unique_lock<std::mutex>& lock) {
    keeping_ = true;
    const std::vector<Waiting*> group = std::exchange(waiting_, {});
    lock.unlock();
    std::vector<Heard> all;
    all.reserve(group.size());
    for (Waiting* each : group) all.push_back(std::move(each->heard));
    const Status kept = watch_.hear(all);
    lock.lock();
    for (Waiting* each : group) {
        each->status = kept;
        each->done = true;
    }
    keeping_ = false;
    heard_.notify_all();
}

Result<std::string> Fleet::hear(const Device& device, sync::Heartbeat heartbeat,
                                survey::UtcSeconds now) {
    if (Status kept = keep({device.id, now, std::move(heartbeat)}); !kept) {
        return tl::make_unexpected(kept.error());
    }
    const auto config = config_of(device, now);
    if (!config) return tl::make_unexpected(config.error());
    return sync::config_version(config->values);
}

}  // namespace kaiku::central::fleet
