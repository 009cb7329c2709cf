#include "central/keys/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

namespace kaiku::central {
namespace {

/// A side that is silent for longer is given up. Seconds.
constexpr time_t kPatienceS = 10;
constexpr int kBacklog = 64;

std::string why() { return std::generic_category().message(errno); }

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.empty() || text.size() >= sizeof(address.sun_path)) {
        return fail(Errc::invalid, "key socket: '" + text + "' must have 1 to 107 bytes");
    }
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

UnixSocket make_socket() { return UnixSocket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

/// Removes what a keyholder left that was killed.
Status remove_stale(const std::filesystem::path& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) {
        return fail(Errc::io, path.string() + ": is there and is no socket; give another path");
    }
    if (UnixSocket::connect(path)) {
        return fail(Errc::busy, path.string() + ": another keyholder listens there");
    }
    ::unlink(path.c_str());
    return {};
}

}  // namespace

UnixSocket::UnixSocket(UnixSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

UnixSocket& UnixSocket::operator=(UnixSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

UnixSocket::~UnixSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<UnixSocket> UnixSocket::listen(const std::filesystem::path& path, uid_t owner) {
    const auto address = address_of(path);
    if (!address) return tl::make_unexpected(address.error());
    if (Status removed = remove_stale(path); !removed) return tl::make_unexpected(removed.error());
    UnixSocket made = make_socket();
    // Nobody else may connect in the moment before chmod either.
    const mode_t before = ::umask(0177);
    const bool bound =
        made.is_open() && ::bind(made.descriptor_, reinterpret_cast<const sockaddr*>(&*address),
                                 sizeof(*address)) == 0;
    ::umask(before);
    if (!bound) return fail(Errc::io, path.string() + ": cannot listen there: " + why());
    if (::chmod(path.c_str(), 0600) != 0 ||
        (owner != ::geteuid() && ::chown(path.c_str(), owner, static_cast<gid_t>(-1)) != 0)) {
        const std::string reason = why();
        ::unlink(path.c_str());
        return fail(Errc::io, path.string() + ": cannot be given to user " + std::to_string(owner) +
                                  ": " + reason);
    }
    if (::listen(made.descriptor_, kBacklog) != 0) {
        return fail(Errc::io, path.string() + ": cannot listen there: " + why());
    }
    return made;
}

Result<UnixSocket> UnixSocket::connect(const std::filesystem::path& path) {
    const auto address = address_of(path);
    if (!address) return tl::make_unexpected(address.error());
    UnixSocket made = make_socket();
    const timeval patience{kPatienceS, 0};
    if (!made.is_open() ||
        ::setsockopt(made.descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
        ::setsockopt(made.descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        ::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&*address),
                  sizeof(*address)) != 0) {
        return fail(Errc::network, path.string() + ": no keyholder answers there: " + why());
    }
    return made;
}

UnixSocket UnixSocket::accept() const {
    for (;;) {
        UnixSocket made(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
        if (made.is_open()) {
            const timeval patience{kPatienceS, 0};
            ::setsockopt(made.descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
            ::setsockopt(made.descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            return made;
        }
        // shut_down() makes it EINVAL.
        if (errno == EINVAL || errno == EBADF) return made;
        // Out of descriptors, most likely: give connections a moment to end.
        if (errno != EINTR && errno != ECONNABORTED) ::usleep(50'000);
    }
}

void UnixSocket::shut_down() const { ::shutdown(descriptor_, SHUT_RDWR); }

Result<uid_t> UnixSocket::peer() const {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        return fail(Errc::io, "key socket: the other side cannot be told: " + why());
    }
    return who.uid;
}

Status UnixSocket::send(std::string_view frame) const {
    std::array<char, 4> head{};
    for (unsigned place = 0; place < 4; ++place) {
        head.at(place) = static_cast<char>((frame.size() >> (8 * place)) & 0xffU);
    }
    for (std::string_view rest : {std::string_view(head.data(), head.size()), frame}) {
        while (!rest.empty()) {
            const auto sent = ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent < 0) return fail(Errc::network, "key socket: the other side is gone");
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    return {};
}

Result<std::string> UnixSocket::receive(std::size_t max_bytes) const {
    const auto fill = [this](char* into, std::size_t size) {
        while (size > 0) {
            const auto got = ::recv(descriptor_, into, size, 0);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            into += got;
            size -= static_cast<std::size_t>(got);
        }
        return true;
    };
    std::array<char, 4> head{};
    if (!fill(head.data(), head.size())) {
        return fail(Errc::network, "key socket: the other side is gone or silent");
    }
    std::size_t size = 0;
    for (unsigned place = 0; place < 4; ++place) {
        size |= std::size_t{static_cast<std::uint8_t>(head.at(place))} << (8 * place);
    }
    if (size > max_bytes) return fail(Errc::too_large, "key socket: a message is too large");
    std::string frame(size, '\0');
    if (!fill(frame.data(), size)) {
        return fail(Errc::network, "key socket: the other side is gone or silent");
    }
    return frame;
}

}  // namespace kaiku::central
