#include "sync/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace kaiku::sync {
namespace {

/// Owns a file descriptor.
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

  private:
    int fd_;
};

tl::unexpected<Error> failed(const std::filesystem::path& path) {
    return tl::make_unexpected(error_of_errno(path, errno));
}

Status write_all(int fd, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed(path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Status write_and_sync(const std::filesystem::path& path, std::string_view bytes) {
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return failed(path);
    if (auto written = write_all(file.get(), bytes, path); !written) return written;
    if (::fsync(file.get()) != 0) return failed(path);
    return {};
}

}  // namespace

Error error_of_errno(const std::filesystem::path& path, int system_errno) {
    const bool is_full = system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
    return {is_full ? Errc::full : Errc::io,
            path.string() + ": " + std::generic_category().message(system_errno)};
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path) noexcept {
    struct statvfs disk {};
    if (::statvfs(path.empty() ? "." : path.c_str(), &disk) != 0) return std::nullopt;
    if (disk.f_blocks == 0) return std::nullopt;  // no disk: /proc, /dev and the like
    return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

Status hold_room(const std::filesystem::path& path, std::uint64_t bytes) {
    const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return failed(path);
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return failed(path);
    // Blocks count, not the length: a file may have holes.
    if (static_cast<std::uint64_t>(found.st_blocks) * 512 >= bytes) return {};
    const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
    if (error == 0) return {};
    ::unlink(path.c_str());
    return tl::make_unexpected(error_of_errno(path, error));
}

bool give_room(const std::filesystem::path& path) noexcept { return ::unlink(path.c_str()) == 0; }

Status make_private_directory(const std::filesystem::path& directory) {
    std::error_code ignored;
    std::filesystem::create_directories(directory.parent_path(), ignored);
    if (::mkdir(directory.c_str(), 0700) == 0) return sync_directory(directory.parent_path());
    if (errno != EEXIST) return failed(directory);
    if (!std::filesystem::is_directory(directory, ignored)) {
        return fail(Errc::io, directory.string() + ": is not a folder");
    }
    return {};
}

Status sync_directory(const std::filesystem::path& directory) {
    const auto& path = directory.empty() ? std::filesystem::path(".") : directory;
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) return failed(path);
    return {};
}

Status make_private_file(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat found {};
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return failed(path);
    if (!S_ISREG(found.st_mode)) return fail(Errc::io, path.string() + ": is not a regular file");
    if ((found.st_mode & 077U) != 0 && ::fchmod(file.get(), 0600) != 0) return failed(path);
    return sync_directory(path.parent_path());
}

Result<std::optional<std::string>> read_private_file(const std::filesystem::path& path,
                                                     std::size_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return std::optional<std::string>();
    struct stat found {};
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return failed(path);
    if (!S_ISREG(found.st_mode))
        return fail(Errc::corrupt, path.string() + ": is not a regular file");
    if ((found.st_mode & 077U) != 0) {
        return fail(Errc::invalid,
                    path.string() + ": other users may read or change it; run chmod 600 on it");
    }
    std::string bytes(max_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(path);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return std::optional(std::move(bytes));
}

Status settle_name(const std::filesystem::path& path) {
    const auto parent = path.parent_path();
    const auto folder_path = parent.empty() ? std::filesystem::path(".") : parent;
    const Descriptor folder(::open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0 && ::fsync(folder.get()) == 0) return {};
    if (errno == EACCES || errno == EROFS || errno == EINVAL) return {};
    return failed(path);
}

Status write_private_file(const std::filesystem::path& path, std::string_view bytes) {
    auto temporary = path;
    temporary += ".new";
    // One left behind by a power cut.
    if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) return failed(temporary);
    if (auto written = write_and_sync(temporary, bytes); !written) {
        ::unlink(temporary.c_str());
        return written;
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto error = error_of_errno(path, errno);
        ::unlink(temporary.c_str());
        return tl::make_unexpected(error);
    }
    return sync_directory(path.parent_path());
}

}  // namespace kaiku::sync
