#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "kiosk/flow/flow.hpp"
#include "sync/files.hpp"
#include "sync/outbox.hpp"
#include "sync/sealing.hpp"

namespace kaiku::kiosk {

/// With less free space than this on the outbox's disk the terminal is out of service: SQLite needs
/// room for its log, and the system for its own, before an answer can be promised a place.
inline constexpr std::uint64_t kMinFreeBytes = 8ULL * 1024 * 1024;
/// Held on the outbox's disk while there is room: given up when it fills, so that the answer that
/// is being given still finds its place before the terminal closes.
inline constexpr std::uint64_t kReserveBytes = 4ULL * 1024 * 1024;
/// Errc::full, naming folder, figures and cure, when `free_bytes` is known and too little.
Status check_free_space(const std::filesystem::path& data_dir,
                        std::optional<std::uint64_t> free_bytes);

std::filesystem::path reserve_in(const std::filesystem::path& data_dir);

struct KeeperOptions {
    std::filesystem::path data_dir;
    std::int64_t max_waiting = 200'000;
    /// How the disk is asked; tests put a full one here.
    std::function<std::optional<std::uint64_t>(const std::filesystem::path&)> free_bytes =
        sync::free_bytes;
};

/// How an answer becomes durable, without thread or clock: what the keeper (keeper.hpp) does in its
/// thread, and the simulator (tests/sim) in its own time. Whoever makes it owns it; only
/// key_changed() may be called from elsewhere.
class Keeping {
  public:
    /// `post` hears Saved, SaveFailed and StorageChanged in order, from inside of the calls below.
    Keeping(KeeperOptions options, std::function<void(flow::Event)> post);

    /// Opens the outbox unless it is open, and seals what was kept before there was a key. Posts
    /// StorageChanged when it cannot be opened.
    void open();
    bool is_open() const noexcept { return outbox_ != nullptr; }
    /// Out of room: look_at_room() tells when that is over.
    bool is_full() const noexcept { return reported_full_; }
    /// Posts Saved once the response is durable, or SaveFailed.
    void keep(const survey::Response& response);
    /// Adds to the ledger.
    Status note(const sync::DayCounts& counts);
    /// What the ledger has of this day.
    sync::DayCounts counted_on(const std::string& day);
    /// Tells the flow and the log when room has run out, or is there again.
    void look_at_room();
    /// The device's identity was written anew: the next answer is sealed to the key that is in it.
    /// Any thread.
    void key_changed() noexcept { key_changed_ = true; }

  private:
    Result<sync::OutboxEntry> entry_of(const survey::Response& response);
    void look_for_key();
    void seal_what_waits();
    Status put(const sync::OutboxEntry& entry);
    Status check_room();
    void hold_reserve();

    KeeperOptions options_;
    std::function<void(flow::Event)> post_;
    std::unique_ptr<sync::Outbox> outbox_;
    /// For central's key, once there is one.
    std::optional<sync::AnswerSealer> sealer_;
    std::atomic<bool> key_changed_{false};
    bool reported_full_ = false;
    bool reported_open_ = false;  ///< kept without a seal
};

}  // namespace kaiku::kiosk
