#include "central/ops/service_manager.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace kaiku::central::ops {
namespace {

/// The first descriptor that is handed over, by the protocol.
constexpr int kFirstSocket = 3;

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string() : std::string(value);
}

void forget(const char* name) {
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
}

}  // namespace

Result<std::optional<int>> inherited_socket() {
    const std::string pid = environment("LISTEN_PID");
    const std::string count = environment("LISTEN_FDS");
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) forget(name);
    if (count.empty() || pid != std::to_string(::getpid())) return std::nullopt;
    if (count != "1") {
        return fail(Errc::invalid, "listen: " + count +
                                       " sockets were handed over; hand over one (ListenStream=)");
    }
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(kFirstSocket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
        listens == 0) {
        return fail(Errc::invalid,
                    "listen: what was handed over is no listening socket (ListenStream=)");
    }
    (void)::fcntl(kFirstSocket, F_SETFD, FD_CLOEXEC);
    return kFirstSocket;
}

void tell_manager(std::string_view state) {
    const std::string path = environment("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() < 2 || path.size() >= sizeof address.sun_path) return;
    std::memcpy(&address.sun_path[0], path.data(), path.size());
    if (path.front() == '@') address.sun_path[0] = '\0';
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    // The manager's own deadline finds out if this is lost.
    (void)::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&address), size);  // NOLINT: its interface
    (void)::close(descriptor);
}

}  // namespace kaiku::central::ops
