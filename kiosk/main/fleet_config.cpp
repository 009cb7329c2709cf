#include "kiosk/main/fleet_config.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace kaiku::kiosk {

std::unique_ptr<FleetConfig> FleetConfig::open(std::filesystem::path data_dir, std::string program,
                                               Prepare prepare) {
    std::unique_ptr<FleetConfig> config(
        new FleetConfig(std::move(data_dir), std::move(program), std::move(prepare)));
    config->choose();
    return config;
}

FleetConfig::FleetConfig(std::filesystem::path data_dir, std::string program, Prepare prepare)
    : data_dir_(std::move(data_dir)), program_(std::move(program)), prepare_(std::move(prepare)) {}

void FleetConfig::choose() {
    auto kept = load_config(data_dir_);
    if (!kept) spdlog::warn("fleet: {}", kept.error().detail);
    if (kept) kept_ = std::move(*kept);
    if (!kept_.failed.empty() && kept_.failed_program != program_) forget_refusal();
    if (!kept_.failed.empty()) {
        refuse(kept_.failed, "the program ended " + std::to_string(kMostTries) +
                                 " times with it before it showed a screen");
    }
    if (kept_.fresh && try_fresh()) return;
    if (!kept_.good) return;
    auto options = check(*kept_.good);
    if (!options && standing_.refused.empty()) {
        return refuse(kept_.good->version, options.error().detail);
    }
    if (!options) return spdlog::warn("fleet: {}", options.error().detail);
    options_ = std::move(*options);
    standing_.in_use = kept_.good->version;
}

/// True if this start uses the configuration that came last.
bool FleetConfig::try_fresh() {
    const sync::VersionedConfig fresh = *kept_.fresh;
    if (kept_.tries >= kMostTries) {
        KeptConfig without = kept_;
        without.fresh.reset();
        without.tries = 0;
        without.failed = fresh.version;
        without.failed_program = program_;
        (void)save(without);
        refuse(fresh.version, "the program ended " + std::to_string(kMostTries) +
                                  " times with it before it showed a screen");
        return false;
    }
    auto options = check(fresh);
    if (!options) {
        drop_fresh();
        refuse(fresh.version, options.error().detail);
        return false;
    }
    KeptConfig tried = kept_;
    ++tried.tries;
    if (!save(tried)) return false;
    options_ = std::move(*options);
    standing_.in_use = fresh.version;
    on_trial_ = fresh;
    return true;
}

Result<Options> FleetConfig::check(const sync::VersionedConfig& config) const {
    const auto read = sync::read_config(config.values);
    if (!read) return tl::make_unexpected(read.error());
    return prepare_(*read);
}

bool FleetConfig::hear(const sync::Attended& attended) {
    if (!attended.done) return false;
    if (attended.wanted != standing_.refused) forget_refusal();
    const std::string in_use =
        standing_.in_use.empty() ? sync::config_version({}) : standing_.in_use;
    if (attended.wanted == in_use) {
        if (waiting_) drop_fresh();
        return false;
    }
    if (!attended.config || (waiting_ && kept_.fresh == attended.config)) return false;
    if (const auto options = check(*attended.config); !options) {
        if (waiting_) drop_fresh();
        refuse(attended.config->version, options.error().detail);
        return true;
    }
    KeptConfig taken = kept_;
    taken.fresh = attended.config;
    taken.tries = 0;
    if (!save(taken)) return false;
    spdlog::info("fleet: configuration {} came; it is taken once nobody is here",
                 attended.config->version);
    waiting_ = true;
    return false;
}

bool FleetConfig::settle() {
    if (!on_trial_ || !shown_) return false;
    KeptConfig proved = kept_;
    proved.good = on_trial_;
    if (proved.fresh == on_trial_) {
        proved.fresh.reset();
        proved.tries = 0;
    }
    if (!save(proved)) return false;
    spdlog::info("fleet: configuration {} is in use", on_trial_->version);
    on_trial_.reset();
    return true;
}

void FleetConfig::refuse(const std::string& version, const std::string& trouble) {
    standing_.refused = version;
    standing_.trouble = trouble;
    spdlog::warn("fleet: configuration {} is refused: {}", version, trouble);
}

void FleetConfig::forget_refusal() {
    standing_.refused.clear();
    standing_.trouble.clear();
    if (kept_.failed.empty()) return;
    KeptConfig without = kept_;
    without.failed.clear();
    without.failed_program.clear();
    (void)save(without);
}

/// What waits is not wanted any more.
void FleetConfig::drop_fresh() {
    waiting_ = false;
    KeptConfig without = kept_;
    without.fresh.reset();
    without.tries = 0;
    (void)save(without);
}

/// On an error, which is in the log, nothing changed.
Status FleetConfig::save(const KeptConfig& kept) {
    auto saved = keep_config(data_dir_, kept);
    if (saved) {
        kept_ = kept;
    } else {
        spdlog::warn("fleet: {}", saved.error().detail);
    }
    return saved;
}

Result<std::optional<sync::VersionedConfig>> next_config(const std::filesystem::path& data_dir) {
    auto kept = load_config(data_dir);
    if (!kept) return tl::make_unexpected(kept.error());
    const bool tried_enough = kept->tries >= kMostTries;
    return kept->fresh && !tried_enough ? kept->fresh : kept->good;
}

}  // namespace kaiku::kiosk
