#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "survey/result.hpp"
#include "sync/device_config.hpp"

/// What central set on this device, as its disk knows it.
namespace kaiku::kiosk {

/// How often the program may begin with a configuration and end before its first screen: a power
/// cut may come in between, the same each time is no accident.
inline constexpr int kMostTries = 3;

/// `<data_dir>/fleet.json`. Values are kept as they came: another program may read them otherwise.
struct KeptConfig {
    /// The last with which the program came as far as its first screen.
    std::optional<sync::VersionedConfig> good;
    /// Came after that and is tried at the next start.
    std::optional<sync::VersionedConfig> fresh;
    int tries = 0;  ///< starts with `fresh` that are not known to have come so far
    /// Version that kMostTries starts did not come through, and the program that it was.
    std::string failed;
    std::string failed_program;
    friend bool operator==(const KeptConfig&, const KeptConfig&) = default;
};

std::filesystem::path kept_config_file(const std::filesystem::path& data_dir);
/// Nothing of it where there is no file. Errc::corrupt for a damaged one, which is passed over:
/// central gives its configuration again.
Result<KeptConfig> load_config(const std::filesystem::path& data_dir);
/// After a power cut either what was or what is to be is there, whole; unchanged on error.
Status keep_config(const std::filesystem::path& data_dir, const KeptConfig& kept);

}  // namespace kaiku::kiosk
