#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kiosk/main/kept_config.hpp"
#include "kiosk/main/options.hpp"
#include "sync/attendance.hpp"

namespace kaiku::kiosk {

/// What central sets on this terminal, from its arrival to its use. A configuration is checked as a
/// start would use it, kept on the disk, taken by the next start, and is good once that has shown a
/// screen. What does not fit is refused and the one before goes on; with none the terminal is as it
/// was set up by itself.
///
/// Once there is a courier, its thread owns it; is_waiting() and shown() are for any thread.
class FleetConfig {
  public:
    /// What the program would be with this configuration: everything that a start reads is read.
    using Prepare = std::function<Result<Options>(const sync::DeviceConfig&)>;
    /// The one that the program is using, and that it does not take.
    struct Standing {
        std::string in_use;   ///< version; empty: its own set-up alone
        std::string refused;  ///< version; empty: none
        std::string trouble;  ///< why
    };

    /// Chooses what this start uses and counts the try on the disk; a configuration whose try could
    /// not be counted is not tried. Troubles are in the log.
    static std::unique_ptr<FleetConfig> open(std::filesystem::path data_dir, std::string program,
                                             Prepare prepare);

    /// What this start uses; nothing: the terminal's own set-up.
    const std::optional<Options>& options() const noexcept { return options_; }
    const Standing& standing() const noexcept { return standing_; }

    /// Heeds what central said. True when the next sign of life should not wait: something was
    /// refused.
    bool hear(const sync::Attended& attended);
    /// Makes durable that this start came through, if it did. True when that is new.
    bool settle();

    /// The one in use is not known to be good.
    bool is_on_trial() const noexcept { return on_trial_.has_value(); }
    /// A configuration waits for the next start.
    bool is_waiting() const noexcept { return waiting_; }
    /// The first screen was shown.
    void shown() noexcept { shown_ = true; }

  private:
    FleetConfig(std::filesystem::path data_dir, std::string program, Prepare prepare);
    void choose();
    bool try_fresh();
    Result<Options> check(const sync::VersionedConfig& config) const;
    void refuse(const std::string& version, const std::string& trouble);
    void forget_refusal();
    void drop_fresh();
    Status save(const KeptConfig& kept);

    std::filesystem::path data_dir_;
    std::string program_;
    Prepare prepare_;
    KeptConfig kept_;  ///< as on the disk
    Standing standing_;
    std::optional<Options> options_;
    std::optional<sync::VersionedConfig> on_trial_;  ///< in use, not yet known to be good
    std::atomic<bool> waiting_{false};
    std::atomic<bool> shown_{false};
};

/// The configuration that the next start would use, if it fits; for commands that only look.
Result<std::optional<sync::VersionedConfig>> next_config(const std::filesystem::path& data_dir);

}  // namespace kaiku::kiosk
