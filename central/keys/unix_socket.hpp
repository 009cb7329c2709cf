#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "survey/result.hpp"

namespace kaiku::central {

/// Owns the descriptor of a Unix stream socket.
class UnixSocket {
  public:
    UnixSocket() = default;
    explicit UnixSocket(int descriptor) : descriptor_(descriptor) {}
    UnixSocket(UnixSocket&& other) noexcept;
    UnixSocket& operator=(UnixSocket&& other) noexcept;
    UnixSocket(const UnixSocket&) = delete;
    UnixSocket& operator=(const UnixSocket&) = delete;
    ~UnixSocket();

    /// Listens at `path`, mode 0600, owned by `owner`. A socket that nobody listens at any more is
    /// replaced; Errc::busy when somebody does, Errc::io otherwise, both name path and cure.
    static Result<UnixSocket> listen(const std::filesystem::path& path, uid_t owner);
    /// Errc::network when nobody listens there.
    static Result<UnixSocket> connect(const std::filesystem::path& path);

    /// The next connection; an empty socket once shut_down() was called.
    UnixSocket accept() const;
    /// Wakes whoever waits in accept(). Any thread.
    void shut_down() const;
    bool is_open() const noexcept { return descriptor_ >= 0; }
    /// Who is on the other side, as the kernel knows it.
    Result<uid_t> peer() const;

    /// One message: four bytes of its length, then its bytes. Errc::network when the other side is
    /// gone or silent for too long; Errc::too_large beyond `max_bytes`.
    Status send(std::string_view frame) const;
    Result<std::string> receive(std::size_t max_bytes) const;

  private:
    int descriptor_ = -1;
};

}  // namespace kaiku::central
