#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "survey/result.hpp"
#include "sync/protocol.hpp"
#include "sync/sender.hpp"
#include "sync/signing.hpp"
#include "sync/uplink.hpp"

namespace kaiku::sync {

/// What enrolment left on the device: `<data_dir>/device.json`, mode 0600, written atomically
/// (temporary file, fsync, rename, fsync of the directory).
struct DeviceIdentity {
    std::string central_url;
    Enrolment enrolment;
};
/// Nothing when the device was never enrolled; an error when the file is damaged or open to others.
Result<std::optional<DeviceIdentity>> load_identity(const std::filesystem::path& data_dir);
Status save_identity(const std::filesystem::path& data_dir, const DeviceIdentity& identity);
/// The device's own Ed25519 key, `<data_dir>/signing.key` (mode 0600), made on first use.
Result<std::shared_ptr<const SigningKey>> device_key(const std::filesystem::path& data_dir);
/// Sends as this device, signed with its key, and keeps what a renewal brings in `data_dir`. `now`
/// is the device's clock.
Result<Sender> make_sender(const std::filesystem::path& data_dir, const DeviceIdentity& identity,
                           Milliseconds now = system_milliseconds());
/// Trades a one-time code for a credential at POST /v1/enroll, and makes the device's key known.
Result<Enrolment> enrol(Uplink& uplink, const std::string& code, const SignerKey& key);

}  // namespace kaiku::sync
