// What sync/files.hpp promises, on the simulated disks. The linker takes these instead of those of
// sync/files.cpp: whoever adds a function there adds it here.
#include "sync/files.hpp"

#include "tests/sim/disk.hpp"

namespace kaiku::sync {
namespace {

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30U;

tl::unexpected<Error> failed(const std::filesystem::path& path, sim::Io io) {
    return tl::make_unexpected(error_of_errno(path, io == sim::Io::full ? ENOSPC : EIO));
}

/// The disk of the path, if the machine runs.
sim::Disk* running(const std::filesystem::path& path) {
    sim::Disk* disk = sim::Disks::all().of(path.string());
    return disk == nullptr || disk->is_stopped() ? nullptr : disk;
}

}  // namespace

Error error_of_errno(const std::filesystem::path& path, int system_errno) {
    const bool full = system_errno == ENOSPC;
    return {full ? Errc::full : Errc::io, path.string() + (full ? ": no space" : ": broken")};
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path) noexcept {
    const sim::Disk* disk = running(path);
    if (disk == nullptr) return std::nullopt;
    return disk->is_full() ? 0 : kPlenty;
}

// A simulated disk is full for everybody, whatever somebody holds on it.
Status hold_room(const std::filesystem::path& /*path*/, std::uint64_t /*bytes*/) { return {}; }
bool give_room(const std::filesystem::path& /*path*/) noexcept { return false; }

Status make_private_directory(const std::filesystem::path& directory) {
    if (running(directory) == nullptr) return failed(directory, sim::Io::broken);
    return {};
}

Status sync_directory(const std::filesystem::path& directory) {
    sim::Disk* disk = running(directory);
    const auto io = disk == nullptr ? sim::Io::broken : disk->sync_names();
    if (io != sim::Io::done) return failed(directory, io);
    return {};
}

Status settle_name(const std::filesystem::path& path) { return sync_directory(path); }

Status make_private_file(const std::filesystem::path& path) {
    sim::Disk* disk = running(path);
    if (disk == nullptr || !disk->open(path.string(), true)) return failed(path, sim::Io::broken);
    return sync_directory(path);
}

Result<std::optional<std::string>> read_private_file(const std::filesystem::path& path,
                                                     std::size_t max_bytes) {
    const sim::Disk* disk = running(path);
    if (disk == nullptr) return failed(path, sim::Io::broken);
    const auto file = disk->find(path.string());
    if (!file) return std::optional<std::string>();
    return std::optional(file->current.substr(0, max_bytes + 1));
}

Status write_private_file(const std::filesystem::path& path, std::string_view bytes) {
    sim::Disk* disk = running(path);
    if (disk == nullptr) return failed(path, sim::Io::broken);
    const std::string temporary = path.string() + ".new";
    if (disk->find(temporary)) {
        const auto removed = disk->remove(temporary, false);
        if (removed != sim::Io::done) return failed(path, removed);
    }
    const auto file = disk->open(temporary, true);
    if (!file) return failed(path, sim::Io::broken);
    auto io = disk->write(*file, 0, bytes);
    if (io == sim::Io::done) io = disk->sync(*file, temporary);
    if (io == sim::Io::done) io = disk->rename(temporary, path.string());
    if (io == sim::Io::done) io = disk->sync_names();
    if (io != sim::Io::done) return failed(path, io);
    return {};
}

}  // namespace kaiku::sync
