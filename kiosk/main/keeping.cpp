#include "kiosk/main/keeping.hpp"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

#include "kiosk/flow/text_entry.hpp"
#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/local_day.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

Status check_free_space(const std::filesystem::path& data_dir,
                        std::optional<std::uint64_t> free_bytes) {
    if (!free_bytes || *free_bytes >= kMinFreeBytes) return {};
    constexpr std::uint64_t kKib = 1024;
    return fail(Errc::full, data_dir.string() + ": " + std::to_string(*free_bytes / kKib) +
                                " KiB free on this disk, " + std::to_string(kMinFreeBytes / kKib) +
                                " KiB are needed; free some space on it");
}

std::filesystem::path reserve_in(const std::filesystem::path& data_dir) {
    return data_dir / "reserve";
}

/// Only of room that nobody misses; without it the terminal closes a little earlier, no more.
void Keeping::hold_reserve() {
    const auto free = options_.free_bytes(options_.data_dir);
    if (!free || *free < kMinFreeBytes + 2 * kReserveBytes) return;
    if (const auto held = sync::hold_room(reserve_in(options_.data_dir), kReserveBytes); !held) {
        spdlog::warn("reserve: {}", held.error().detail);
    }
}

Keeping::Keeping(KeeperOptions options, std::function<void(flow::Event)> post)
    : options_(std::move(options)), post_(std::move(post)) {}

void Keeping::open() {
    if (outbox_) return;
    auto opened =
        sync::open_sqlite_outbox(options_.data_dir, {.max_waiting = options_.max_waiting});
    if (!opened) {
        if (!reported_full_) {
            spdlog::error("outbox: {}", opened.error().detail);
            reported_full_ = true;
            post_(flow::event::StorageChanged{true});
        }
        return;
    }
    if (!opened->set_aside.empty()) {
        spdlog::error("outbox: damaged; kept as {} and a new one was made",
                      opened->set_aside.string());
    }
    outbox_ = std::move(opened->outbox);
    look_for_key();
    seal_what_waits();
    if (sealer_) (void)sealer_->prepare();
    hold_reserve();
    look_at_room();
}

/// The key comes with enrolment, which may happen while the terminal runs, and changes when central
/// rotates it.
void Keeping::look_for_key() {
    if (!key_changed_.exchange(false) && sealer_) return;
    const auto identity = sync::load_identity(options_.data_dir);
    if (!identity || !identity->has_value()) return;
    const auto key = sync::decode_key((*identity)->enrolment.sealing_key);
    if (key) sealer_.emplace(*key);
}

/// Answers that were kept before the device was enrolled are sealed as soon as there is a key.
void Keeping::seal_what_waits() {
    if (!sealer_ || !outbox_) return;
    const auto sealed =
        outbox_->rewrite([this](std::string_view payload) -> Result<std::optional<std::string>> {
            if (sync::is_sealed(payload)) return std::optional<std::string>();
            auto closed = sealer_->seal(payload);
            if (!closed) return tl::make_unexpected(closed.error());
            return std::optional(std::move(*closed));
        });
    if (!sealed) {
        spdlog::error("outbox: what waits could not be sealed: {}", sealed.error().detail);
    } else if (*sealed > 0) {
        spdlog::info("outbox: sealed {} answers that were kept before enrolment", *sealed);
    }
}

Result<sync::OutboxEntry> Keeping::entry_of(const survey::Response& response) {
    std::string plain = survey::encode_response(response);
    std::string day = sync::local_day(response.answered_at);
    if (key_changed_) look_for_key();
    if (!sealer_) {
        look_for_key();
        seal_what_waits();
    }
    if (sealer_) {
        auto sealed = sealer_->seal(plain);
        flow::scrub(plain);
        if (!sealed) return tl::make_unexpected(sealed.error());
        return sync::OutboxEntry{response.id, std::move(*sealed), std::move(day)};
    }
    if (!std::exchange(reported_open_, true)) {
        spdlog::warn(
            "outbox: this device has no key of central's; answers are kept unsealed until "
            "it is enrolled");
    }
    return sync::OutboxEntry{response.id, std::move(plain), std::move(day)};
}

void Keeping::keep(const survey::Response& response) {
    if (!outbox_) {
        post_(flow::event::SaveFailed{response.id, false});
        return;
    }
    auto entry = entry_of(response);
    const auto kept = entry ? put(*entry) : Status(tl::make_unexpected(entry.error()));
    if (!kept) {
        spdlog::error("outbox: {}", kept.error().detail);
        const bool full = kept.error().code == Errc::full;
        reported_full_ = reported_full_ || full;
        post_(flow::event::SaveFailed{response.id, full});
        return;
    }
    post_(flow::event::Saved{response.id});
    if (sealer_) (void)sealer_->prepare();  // for the next one, now that nobody waits
    look_at_room();                         // so that the next visitor is not asked in vain
}

Status Keeping::note(const sync::DayCounts& counts) {
    if (!outbox_) return fail(Errc::io, "outbox: is not open");
    auto noted = outbox_->note(counts);
    if (!noted) spdlog::warn("ledger: {}", noted.error().detail);
    return noted;
}

sync::DayCounts Keeping::counted_on(const std::string& day) {
    const auto report = outbox_ ? outbox_->ledger() : sync::LedgerReport{};
    if (report) {
        for (const sync::DayCounts& counts : report->days) {
            if (counts.day == day) return counts;
        }
    }
    return {.day = day};
}

/// The reserve is given up for an answer that finds no room. A file that was lost or damaged under
/// the terminal is opened anew, and the answer kept there.
Status Keeping::put(const sync::OutboxEntry& entry) {
    auto kept = outbox_->put(entry);
    if (!kept && kept.error().code == Errc::full &&
        sync::give_room(reserve_in(options_.data_dir))) {
        spdlog::error("outbox: {}; the reserve was given up for the last answer",
                      kept.error().detail);
        kept = outbox_->put(entry);
    }
    if (kept || (kept.error().code != Errc::io && kept.error().code != Errc::corrupt)) return kept;
    spdlog::warn("outbox: {}; it is opened again", kept.error().detail);
    outbox_.reset();
    open();
    return outbox_ ? outbox_->put(entry) : kept;
}

/// Tells the flow and the log when room has run out, or is there again.
void Keeping::look_at_room() {
    if (!outbox_) return;
    const Status room = check_room();
    if (room.has_value() != reported_full_) return;
    reported_full_ = !room;
    if (room) {
        hold_reserve();
        spdlog::info("outbox: there is room again; the terminal is in service");
    } else {
        spdlog::error("outbox: {}; the terminal is out of service until then", room.error().detail);
    }
    post_(flow::event::StorageChanged{reported_full_});
}

Status Keeping::check_room() {
    if (auto space = check_free_space(options_.data_dir, options_.free_bytes(options_.data_dir));
        !space) {
        return space;
    }
    const auto counts = outbox_->counts();
    // A file that cannot be read is no lack of room: the next answer finds out, and opens it anew.
    if (!counts || counts->waiting < options_.max_waiting) return {};
    return fail(Errc::full, options_.data_dir.string() + ": " + std::to_string(counts->waiting) +
                                " answers wait, which is the limit (max_waiting); see why none "
                                "can be sent");
}

}  // namespace kaiku::kiosk
