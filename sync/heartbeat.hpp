#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "survey/response.hpp"
#include "survey/result.hpp"

/// What a device tells of itself every few minutes. No answers, no addresses. Pure.
namespace kaiku::sync {

struct Heartbeat {
    std::string version;         ///< of the program, "0.3.0"
    std::int64_t free_mb = 0;    ///< that it may still write to its data's disk
    survey::UtcSeconds clock{};  ///< of the device, as it sends
    std::int64_t waiting = 0;
    std::int64_t quarantined = 0;
    /// Hour of the last answer that it kept; nothing if it knows of none.
    std::optional<survey::UtcSeconds> last_answer{};
    std::map<std::string, std::int64_t> errors{};  ///< kind → how many since the program's start
    std::string config{};                          ///< version in use; empty: its own set-up alone
    std::string config_refused{};                  ///< version that it does not take; empty: none
    std::string config_trouble{};                  ///< why, one English line
    friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

inline constexpr std::size_t kMaxHeartbeatBytes = 4096;
inline constexpr std::size_t kMaxHeartbeatErrors = 16;
inline constexpr std::size_t kMaxConfigTroubleBytes = 300;
/// {"protocol":1,"heartbeat":{…}}; texts that are too long are cut.
std::string encode_heartbeat(const Heartbeat& heartbeat);
/// Exactly the fields of encode_heartbeat(); names of errors are [a-z_]{1,32}.
Result<Heartbeat> decode_heartbeat(std::string_view json_text);

/// Central's answer: {"protocol":1,"heard":{"config":"…"}}, the version that the device should
/// have.
std::string encode_heard(const std::string& config_version);
Result<std::string> decode_heard(std::string_view json_text);

}  // namespace kaiku::sync
