#include "tests/sim/disk.hpp"

#include <algorithm>
#include <utility>

namespace kaiku::sim {
namespace {

constexpr std::size_t kSectorBytes = 512;

void put_into(std::string& content, const Change& change) {
    if (change.truncates) {
        content.resize(change.offset);
        return;
    }
    content.resize(std::max(content.size(), change.offset + change.bytes.size()));
    content.replace(change.offset, change.bytes.size(), change.bytes);
}

}  // namespace

void File::write(std::size_t offset, std::string_view bytes) {
    pending.push_back({offset, std::string(bytes), false});
    put_into(current, pending.back());
}

void File::truncate(std::size_t size) {
    pending.push_back({size, {}, true});
    put_into(current, pending.back());
}

void File::sync() {
    for (const auto& change : pending) put_into(durable, change);
    pending.clear();
}

/// The call in whose middle the machine stops: a part of it may still be done.
bool Disk::is_interrupted() noexcept {
    return is_stopped() && !std::exchange(was_interrupted_, true);
}

Io Disk::count(bool grows) {
    if (is_stopped()) return Io::broken;
    const std::int64_t call = calls_++;
    if (call >= fail_from_ && call < fail_until_) {
        ++harm_.errors;
        return Io::broken;
    }
    if (!full_ || !grows) return Io::done;
    ++harm_.refusals;
    return Io::full;
}

Io Disk::write(File& file, std::size_t offset, std::string_view bytes) {
    const bool interrupted = is_interrupted();
    const Io io = count(offset + bytes.size() > file.current.size());
    if (io == Io::done || interrupted) file.write(offset, bytes);
    return io;
}

Io Disk::truncate(File& file, std::size_t size) {
    const bool interrupted = is_interrupted();
    const Io io = count(false);
    if (io == Io::done || interrupted) file.truncate(size);
    return io;
}

/// A file that was just made is synced with its name, as SQLite's own system layer does it.
Io Disk::sync(File& file, const std::string& name) {
    const Io io = count(false);
    if (io != Io::done) return io;
    file.sync();
    const auto found = names_.find(name);
    if (found != names_.end() && found->second.get() == &file) durable_names_[name] = found->second;
    return io;
}

Io Disk::remove(const std::string& name, bool durably) {
    const Io io = count(false);
    if (io != Io::done) return io;
    names_.erase(name);
    if (durably) durable_names_.erase(name);
    return io;
}

Io Disk::rename(const std::string& from, const std::string& to) {
    const Io io = count(false);
    if (io != Io::done) return io;
    names_[to] = names_.at(from);
    names_.erase(from);
    return io;
}

Io Disk::sync_names() {
    const Io io = count(false);
    if (io == Io::done) durable_names_ = names_;
    return io;
}

FilePtr Disk::open(const std::string& name, bool create) {
    if (is_stopped()) return nullptr;
    const auto found = names_.find(name);
    if (found != names_.end()) return found->second;
    if (!create || count(true) != Io::done) return nullptr;
    return names_[name] = std::make_shared<File>();
}

FilePtr Disk::find(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? nullptr : found->second;
}

/// Each sector of what was not synced is there or not, whatever its neighbours are.
void Disk::lose(File& file) {
    for (const auto& change : file.pending) {
        if (change.truncates) {
            if (random_.chance(500)) put_into(file.durable, change);
            continue;
        }
        std::size_t sectors = 0;
        std::size_t kept = 0;
        for (std::size_t at = 0; at < change.bytes.size(); at += kSectorBytes) {
            ++sectors;
            if (random_.chance(500)) continue;
            ++kept;
            put_into(file.durable,
                     {change.offset + at, change.bytes.substr(at, kSectorBytes), false});
        }
        if (kept == 0) ++harm_.lost;
        if (kept > 0 && kept < sectors) ++harm_.torn;
    }
    file.pending.clear();
    file.current = file.durable;
}

void Disk::start(bool lost_power) {
    stop_at_.reset();
    fail_until_ = fail_from_;
    was_interrupted_ = false;
    if (!lost_power) return;
    // A name that was made or taken away lately may be there or not; a file is lost with its name.
    std::map<std::string, FilePtr> after = durable_names_;
    const bool names_reached_it = random_.chance(500);
    if (names_reached_it) after = names_;
    names_ = after;
    durable_names_ = std::move(after);
    for (const auto& [name, file] : names_) lose(*file);
}

Disk::Image Disk::image() const {
    Image image;
    for (const auto& [name, file] : durable_names_) image[name] = file->durable;
    return image;
}

void Disk::restore(const Image& image) {
    names_.clear();
    for (const auto& [name, content] : image) {
        names_[name] = std::make_shared<File>(File{content, content, {}});
    }
    durable_names_ = names_;
}

bool Disk::holds(std::string_view text) const {
    const auto in = [&](const FilePtr& file) {
        return file->current.find(text) != std::string::npos ||
               file->durable.find(text) != std::string::npos;
    };
    return std::any_of(names_.begin(), names_.end(),
                       [&](const auto& named) { return in(named.second); }) ||
           std::any_of(durable_names_.begin(), durable_names_.end(),
                       [&](const auto& named) { return in(named.second); });
}

Disks& Disks::all() {
    static Disks disks;
    return disks;
}

Disk* Disks::of(std::string_view path) const {
    constexpr std::string_view kRoot = "/kaiku-sim.";
    if (!path.starts_with(kRoot)) return nullptr;
    path.remove_prefix(kRoot.size());
    const auto found = disks_.find(path.substr(0, path.find_first_of("./")));
    return found == disks_.end() ? nullptr : found->second;
}

}  // namespace kaiku::sim
