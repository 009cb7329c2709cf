#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "kiosk/flow/staff.hpp"
#include "survey/response.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// How long no try is heard after so many wrong ones in a row: nothing for two, then 5 s, doubling
/// to 15 minutes. A four-digit PIN then stands for months.
std::chrono::seconds pin_delay(int failures) noexcept;

/// 4 to 12 digits, neither all the same nor counting up or down.
Status check_new_pin(std::string_view pin);

/// The staff PIN in `<data_dir>/staff.json` (mode 0600): its Argon2id hash and the tries since the
/// last right one, so that pulling the plug forgets nothing. Hashing takes about 0.1 s and 32 MiB:
/// never on the screen's thread. No PIN is ever logged or part of an error.
class PinBook {
  public:
    using Clock = std::function<survey::UtcSeconds()>;
    PinBook(const std::filesystem::path& data_dir, Clock wall);

    /// Whether a PIN is set. Errors: damaged file, open to others.
    Result<bool> is_set() const;
    /// Renames a damaged file to `staff.json.damaged`; false if that fails.
    bool set_aside() const noexcept;
    /// Replaces the PIN and forgets wrong tries.
    Status set(std::string_view pin);
    /// Tries a PIN. The try is counted on the disk before the hash is computed. A clock that was
    /// set back never makes the wait longer than pin_delay().
    Result<flow::staff::PinChecked> check(std::string_view pin);
    /// How long no try will be heard.
    Result<std::chrono::milliseconds> wait() const;

  private:
    std::filesystem::path file_;
    Clock wall_;
};

}  // namespace kaiku::kiosk
