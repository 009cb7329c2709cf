#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sync/device_config.hpp"
#include "sync/heartbeat.hpp"
#include "sync/session.hpp"
#include "sync/uplink.hpp"

namespace kaiku::sync {

/// What came of a sign of life.
struct Attended {
    bool done = false;     ///< central heard it
    std::string wanted{};  ///< version that the device should have; empty unless `done`
    /// The configuration that central wants, where the device neither has nor refused it.
    std::optional<VersionedConfig> config{};
    std::string trouble{};  ///< why central did not hear or give it; it is tried again later
    std::chrono::milliseconds again{std::chrono::minutes{5}};  ///< how long until the next
};

/// Tells central how the device is, and fetches its configuration when central names another
/// version than the heartbeat does. Only what central signed is believed: a device that does not
/// know central's key tells and fetches nothing.
Attended attend(Uplink& uplink, DeviceSession& session, const Heartbeat& heartbeat);

}  // namespace kaiku::sync
