#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "survey/misuse.hpp"
#include "survey/response.hpp"
#include "survey/result.hpp"
#include "survey/words.hpp"

/// What central may set on a device (docs/operations/fleet.md). Pure; the same on both sides.
namespace kaiku::sync {

/// Key → value, as operators write them: "theme" → "contrast-dark". What is not there, the device
/// has as it was set up.
using ConfigValues = std::map<std::string, std::string>;

/// How the screen looks for each new visitor, until they choose otherwise.
enum class StartTheme { standard, contrast_dark, contrast_light };

/// The values of one configuration, read. Every field is absent where the device keeps its own.
struct DeviceConfig {
    std::optional<std::string> instrument;  ///< id
    std::optional<survey::Language> first_language;
    std::optional<survey::OpeningWeek> opening;
    std::optional<StartTheme> theme;
    std::optional<std::int64_t> question_s;   ///< 20–3600, time-out of a question
    std::optional<std::int64_t> text_s;       ///< 20–3600, of the open text
    std::optional<std::int64_t> thanks_s;     ///< 2–60, how long the thanks stay
    std::optional<std::int64_t> max_waiting;  ///< 100–10,000,000 answers in the outbox
    friend bool operator==(const DeviceConfig&, const DeviceConfig&) = default;
};

/// Errc::invalid for an unknown key or a value that is none; the detail names key and cure.
Result<DeviceConfig> read_config(const ConfigValues& values);

/// "mon-fri 08:00-16:00, sat 10:00-14:00"; a day that is not named is closed. "always": open.
std::optional<survey::OpeningWeek> opening_week_from(std::string_view text);

/// A configuration on its way: the same values have the same version.
struct VersionedConfig {
    std::string version;  ///< 16 hex digits, as config_version() says
    ConfigValues values;
    friend bool operator==(const VersionedConfig&, const VersionedConfig&) = default;
};
/// 16 hex digits; equal for equal values and otherwise different (64 bits, FNV-1a).
std::string config_version(const ConfigValues& values);

inline constexpr std::size_t kMaxConfigBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxConfigValueBytes = 512;
/// {"protocol":1,"config":{"version":"…","values":{…}}}
std::string encode_config(const ConfigValues& values);
/// Any keys, so that a newer central's are refused with their names by read_config(). An error if
/// the version is not that of the values.
Result<VersionedConfig> decode_config(std::string_view json_text);

}  // namespace kaiku::sync
