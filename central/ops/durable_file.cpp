#include "central/ops/durable_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

namespace kaiku::central::ops {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

tl::unexpected<Error> trouble(const std::filesystem::path& path, const char* what) {
    const int failed = errno;
    const Errc code = failed == ENOSPC || failed == EDQUOT ? Errc::full
                      : failed == ENOENT                   ? Errc::not_found
                                                           : Errc::io;
    return fail(code, path.string() + ": " + what + ": " + std::strerror(failed));  // NOLINT
}

/// Owns a file descriptor.
class Descriptor {
  public:
    Descriptor(const std::filesystem::path& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}  // NOLINT: its interface
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const noexcept { return number_; }

  private:
    int number_;
};

std::string hex_of(const std::array<unsigned char, crypto_hash_sha256_BYTES>& hash) {
    std::string hex(2 * hash.size() + 1, '\0');
    ::sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();
    return hex;
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Reads a file to its end, piece by piece; `take` returns false to give up.
Result<Digest> read_through(const std::filesystem::path& file,
                            const std::function<bool(std::string_view)>& take) {
    const Descriptor in(file, O_RDONLY);
    if (in.number() < 0) return trouble(file, "cannot be read");
    crypto_hash_sha256_state state;
    ::crypto_hash_sha256_init(&state);
    std::vector<char> piece(kPieceBytes);
    Digest digest;
    for (;;) {
        const ssize_t got = ::read(in.number(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return trouble(file, "cannot be read");
        if (got == 0) break;
        const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
        ::crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                                    bytes.size());  // NOLINT
        digest.bytes += got;
        if (!take(bytes)) return trouble(file, "cannot be copied");
    }
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    ::crypto_hash_sha256_final(&state, hash.data());
    digest.sha256 = hex_of(hash);
    return digest;
}

Status make_durable(const std::filesystem::path& path, int flags) {
    const Descriptor opened(path, flags);
    if (opened.number() < 0 || ::fsync(opened.number()) != 0) {
        return trouble(path, "cannot be made durable");
    }
    return {};
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

Result<Digest> digest_of(const std::filesystem::path& file) {
    return read_through(file, [](std::string_view) { return true; });
}

Result<Digest> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    const Descriptor out(to, O_WRONLY | O_CREAT | O_TRUNC);
    if (out.number() < 0) return trouble(to, "cannot be written");
    Result<Digest> copied =
        read_through(from, [&](std::string_view bytes) { return write_all(out.number(), bytes); });
    if (copied && ::fsync(out.number()) == 0) return copied;
    if (copied) copied = trouble(to, "cannot be made durable");
    ::unlink(to.c_str());
    return copied;
}

Status finish(const std::filesystem::path& part, const std::filesystem::path& name) {
    if (Status durable = make_durable(part, O_RDWR); !durable) return durable;
    if (::rename(part.c_str(), name.c_str()) != 0) return trouble(name, "cannot get its name");
    return make_durable(folder_of(name), O_RDONLY | O_DIRECTORY);
}

Status write_durably(const std::filesystem::path& file, std::string_view bytes) {
    std::filesystem::path part = file;
    part += ".part";
    {
        const Descriptor out(part, O_WRONLY | O_CREAT | O_TRUNC);
        if (out.number() < 0 || !write_all(out.number(), bytes)) {
            return trouble(part, "cannot be written");
        }
    }
    return finish(part, file);
}

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    ::crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size());  // NOLINT
    return hex_of(hash);
}

}  // namespace kaiku::central::ops
