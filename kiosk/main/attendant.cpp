#include "kiosk/main/attendant.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

constexpr std::chrono::milliseconds kFirstAtMost{20'000};
/// After a refusal, which central is told at once: operators watch a roll-out.
constexpr std::chrono::milliseconds kAfterRefusal{1000};
constexpr std::int64_t kMib = std::int64_t{1024} * 1024;

/// As the heartbeat counts it; nothing for no trouble.
const char* kind_of(sync::SendOutcome::Trouble trouble) {
    switch (trouble) {
        case sync::SendOutcome::Trouble::none:
            return nullptr;
        case sync::SendOutcome::Trouble::unreachable:
            return "unreachable";
        case sync::SendOutcome::Trouble::not_accepted:
            return "not_accepted";
        case sync::SendOutcome::Trouble::revoked:
            return "revoked";
        case sync::SendOutcome::Trouble::forged:
            return "forged";
    }
    return nullptr;
}

/// The upper 53 bits as a fraction in [0, 1).
double fraction_of(std::uint64_t random) { return static_cast<double>(random >> 11U) * 0x1p-53; }

std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double part) {
    return std::chrono::milliseconds(
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(whole.count()) * part));
}

}  // namespace

void Attendant::count(sync::SendOutcome::Trouble trouble) {
    if (const char* kind = kind_of(trouble)) count(kind);
}

std::chrono::milliseconds Attendant::spread(std::chrono::milliseconds wait, std::uint64_t random) {
    return part_of(wait, 0.9 + 0.2 * fraction_of(random));
}

std::chrono::milliseconds Attendant::first_wait(std::uint64_t random) {
    return part_of(kFirstAtMost, fraction_of(random));
}

sync::Heartbeat Attendant::heartbeat(sync::Outbox* outbox, const Vitals& vitals) {
    sync::Heartbeat beat;
    beat.version = KAIKU_VERSION;
    const auto free = sync::free_bytes(data_dir_);
    if (free) beat.free_mb = static_cast<std::int64_t>(*free) / kMib;
    beat.clock =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    if (outbox != nullptr) {
        if (const auto counts = outbox->counts()) {
            beat.waiting = counts->waiting;
            beat.quarantined = counts->quarantined;
        } else {
            count("outbox");
        }
    }
    beat.last_answer = vitals.last_answer;
    beat.errors = errors_;
    if (vitals.save_failures > 0) beat.errors["not_saved"] = vitals.save_failures;
    if (config_ == nullptr) return beat;
    const FleetConfig::Standing& standing = config_->standing();
    beat.config = standing.in_use;
    beat.config_refused = standing.refused;
    beat.config_trouble = standing.trouble;
    return beat;
}

std::chrono::milliseconds Attendant::attend(sync::Sender& sender, sync::Uplink& uplink,
                                            sync::Outbox* outbox, const Vitals& vitals,
                                            std::uint64_t random) {
    const auto attended = sender.attend(uplink, heartbeat(outbox, vitals));
    if (attended.done) ++heard_;
    if (attended.trouble != said_) {
        said_ = attended.trouble;
        if (said_.empty()) {
            spdlog::info("fleet: central hears this terminal");
        } else {
            spdlog::warn("fleet: {}", said_);
        }
    }
    if (!attended.trouble.empty()) count("heartbeat");
    if (config_ != nullptr && config_->hear(attended)) return kAfterRefusal;
    return spread(attended.again, random);
}

}  // namespace kaiku::kiosk
