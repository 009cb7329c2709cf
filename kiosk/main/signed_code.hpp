#pragma once

#include <filesystem>
#include <string>

#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// What a terminal says about itself in its signed code.
struct Running {
    std::string version;
    std::string instrument;  ///< id
    int instrument_version = 0;
    std::string unit;
    std::string device;  ///< empty: not enrolled
    survey::UtcSeconds time{};
};

/// "kaiku-terminal:v=…&i=…&n=…&u=…&d=…&t=…&k=…&s=…": the values percent-encoded, k the device's
/// Ed25519 public key and s its signature of everything before "&s=", both base64url. The key is
/// made on first use and kept in `<data_dir>/signing.key` (mode 0600).
Result<std::string> sign_running(const std::filesystem::path& data_dir, const Running& running);

}  // namespace kaiku::kiosk
