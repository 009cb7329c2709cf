#pragma once

#include <filesystem>
#include <optional>

#include "survey/result.hpp"
#include "sync/protocol.hpp"
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
/// Trades a one-time code for a credential at POST /v1/enroll.
Result<Enrolment> enrol(Uplink& uplink, const std::string& code);

}  // namespace kaiku::sync
