#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/random.hpp"

/// A machine's disk, held in memory. What was written is on it only after a sync, as with a real
/// one; a power cut at any changing call loses the rest, or keeps pieces of it.
namespace kaiku::sim {

/// What becomes of a call.
enum class Io { done, broken, full };

/// A change that was written and not yet synced.
struct Change {
    std::size_t offset = 0;
    std::string bytes;
    bool truncates = false;  ///< to `offset`
};

/// One file: as programs see it, as it is on the plates, and what lies between.
struct File {
    std::string current;
    std::string durable;
    std::vector<Change> pending;

    void write(std::size_t offset, std::string_view bytes);
    void truncate(std::size_t size);
    void sync();
};
using FilePtr = std::shared_ptr<File>;

class Disk {
  public:
    explicit Disk(Random random) : random_(random) {}

    // What programs do. Every changing call counts as one, and is where power may fail.
    Io write(File& file, std::size_t offset, std::string_view bytes);
    Io truncate(File& file, std::size_t size);
    Io sync(File& file, const std::string& name);
    Io remove(const std::string& name, bool durably);
    Io rename(const std::string& from, const std::string& to);
    Io sync_names();
    /// The file of that name, made if `create`; nothing while the machine is down.
    FilePtr open(const std::string& name, bool create);
    FilePtr find(const std::string& name) const;

    // What happens to it.
    /// The machine stops before the changing call of that number, counted from 0 and from now; a
    /// write that it interrupts may be done in part.
    void stop_at(std::int64_t call) noexcept { stop_at_ = calls_ + call; }
    /// The machine stops here and now.
    void stop() noexcept { stop_at_ = calls_; }
    bool is_stopped() const noexcept { return stop_at_ && calls_ >= *stop_at_; }
    /// So many calls fail from that one on, as with a bad cable. What a failed sync was to make
    /// durable waits for the next one.
    void fail_at(std::int64_t call, std::int64_t count) noexcept {
        fail_from_ = calls_ + call;
        fail_until_ = fail_from_ + count;
    }
    /// Nothing of what was announced happens any more.
    void heal() noexcept {
        if (!is_stopped()) stop_at_.reset();
        fail_until_ = fail_from_;
        full_ = false;
    }
    void set_full(bool full) noexcept { full_ = full; }
    bool is_full() const noexcept { return full_; }
    /// The machine runs again. After a power cut what was not synced is gone, but for a random part
    /// of it in sectors of 512 bytes; after the end of a program alone, everything is there.
    void start(bool lost_power);

    /// Everything on the plates, as a backup takes it while the machine is off.
    using Image = std::map<std::string, std::string>;
    Image image() const;
    void restore(const Image& image);
    /// Whether the text is anywhere, on the plates or on its way to them.
    bool holds(std::string_view text) const;
    std::int64_t calls() const noexcept { return calls_; }

    /// What it did to those who use it.
    struct Harm {
        std::int64_t errors = 0;    ///< failed calls
        std::int64_t refusals = 0;  ///< for want of room
        std::int64_t lost = 0;  ///< unsynced writes of which nothing was there after a power cut
        std::int64_t torn = 0;  ///< of which a part was
    };
    const Harm& harm() const noexcept { return harm_; }

  private:
    bool is_interrupted() noexcept;
    Io count(bool grows);
    void lose(File& file);

    Random random_;
    std::map<std::string, FilePtr> names_;
    std::map<std::string, FilePtr> durable_names_;
    std::int64_t calls_ = 0;
    std::optional<std::int64_t> stop_at_;
    std::int64_t fail_from_ = 0;
    std::int64_t fail_until_ = 0;
    Harm harm_;
    bool was_interrupted_ = false;
    bool full_ = false;
};

/// The disks of a simulated world, by the first part of a path: "/kaiku-sim.<machine>/…" or
/// "/kaiku-sim.<machine>.…".
class Disks {
  public:
    /// The one that the library below sees. One thread.
    static Disks& all();
    void add(const std::string& machine, Disk& disk) { disks_[machine] = &disk; }
    void clear() { disks_.clear(); }
    /// The disk that a path lies on, or nullptr.
    Disk* of(std::string_view path) const;

  private:
    std::map<std::string, Disk*, std::less<>> disks_;
};

}  // namespace kaiku::sim
