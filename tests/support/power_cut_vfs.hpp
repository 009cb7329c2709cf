#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kaiku::test {

/// A SQLite VFS over the system's one, in which a write reaches the disk only by xSync, as it may
/// be with a real disk, and which can lose power at any call that changes something. While an
/// object lives it is SQLite's default VFS. One thread.
class PowerCutVfs {
  public:
    PowerCutVfs();
    ~PowerCutVfs();
    PowerCutVfs(const PowerCutVfs&) = delete;
    PowerCutVfs& operator=(const PowerCutVfs&) = delete;

    /// The changing call with this number (from 0, counted anew from now) and all after it fail,
    /// without effect. Negative: never.
    void cut_at(std::int64_t call) noexcept;
    /// From now on every write fails as on a full disk, or no longer.
    void set_disk_full(bool full) noexcept { full_ = full; }
    bool is_cut() const noexcept { return cut_at_ >= 0 && calls_ > cut_at_; }
    std::int64_t calls() const noexcept { return calls_; }
    /// Power is back: what was not synced is gone, except, for a seed other than 0, a random part
    /// of it in pieces of 512 bytes. All connections must be closed.
    void restore_power(std::uint64_t seed);

    struct Change {
        std::int64_t offset = 0;
        std::string bytes;
        bool truncates = false;  ///< to `offset`
    };
    /// One file as the program sees it, and the changes since its last sync.
    struct Node {
        std::string current;
        std::vector<Change> pending;
    };

    // Called by the file methods.
    int count_change() noexcept;
    bool is_full() const noexcept { return full_; }
    std::shared_ptr<Node> node_of(const std::string& path);
    void forget(const std::string& path) { nodes_.erase(path); }
    sqlite3_vfs* real() const noexcept { return real_; }

  private:
    sqlite3_vfs* real_ = nullptr;
    sqlite3_vfs shim_{};
    std::map<std::string, std::shared_ptr<Node>> nodes_;
    std::int64_t cut_at_ = -1;
    std::int64_t calls_ = 0;
    bool full_ = false;
};

}  // namespace kaiku::test
