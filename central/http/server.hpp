#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "central/service/message.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// Every wait has a deadline and every size a limit; these are they.
struct ServerLimits {
    std::size_t connections = 512;               ///< more are closed at once
    std::size_t requests_per_connection = 1000;  ///< then the connection is closed
    std::size_t connections_per_address = 128;   ///< more are closed at once; 0: no limit
    std::size_t requests_per_minute = 6000;      ///< of one address; 0: no limit
    /// Addresses that have no limits of their own: reverse proxies, which speak for many.
    std::vector<std::string> proxies{"127.0.0.1", "::1"};
    std::uint32_t header_bytes = 16 * 1024;
    std::size_t header_fields = 64;
    std::size_t body_bytes = 4UL * 1024 * 1024;
    /// Bodies of requests that were read whole and are not answered yet; what comes beyond is
    /// answered 503 with Retry-After and forgotten, so that a slow store costs no memory.
    std::size_t unanswered_bytes = 16UL * 1024 * 1024;
    std::size_t workers = 64;                            ///< requests handled at the same time
    std::chrono::milliseconds header_timeout{10'000};    ///< from connecting to a whole header
    std::chrono::milliseconds idle_timeout{60'000};      ///< the same for every later request
    std::chrono::milliseconds body_timeout{30'000};      ///< for a whole body
    std::chrono::milliseconds write_timeout{30'000};     ///< for a whole reply
    std::chrono::milliseconds shutdown_timeout{20'000};  ///< for running requests at the end
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;              ///< 0: any free one
    std::filesystem::path tls_certificate;  ///< PEM chain; empty: plain HTTP
    std::filesystem::path tls_key;
    std::optional<int> inherited{};    ///< listens already; address and port are then its own
    bool reuse_port = false;           ///< others may listen on the same port, and share it
    std::function<void()> stopping{};  ///< told once when the end begins
    ServerLimits limits;
};

/// What a server has to do at a moment, and what it turned away since its start.
struct ServerLoad {
    std::size_t connections = 0;
    std::size_t waiting = 0;                ///< requests that no worker has begun
    std::uint64_t limited_requests = 0;     ///< answered 429 for their address
    std::uint64_t refused_connections = 0;  ///< closed at once: too many
    std::uint64_t put_off_requests = 0;     ///< answered 503: too much was unanswered
};

/// HTTP/1.1 over TCP or TLS. Nothing of Boost shows here.
class Server {
  public:
    /// Binds and listens. Errors name the address or the certificate file.
    static Result<std::unique_ptr<Server>> open(const ServerOptions& options, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The port it listens on.
    std::uint16_t port() const noexcept;
    /// The address it listens on, IPv6 in brackets.
    std::string address() const;
    /// From any thread.
    ServerLoad load() const;
    /// Serves until SIGTERM, SIGINT or stop(); returns once every running request was answered or
    /// the shutdown deadline passed.
    void run();
    /// From any thread.
    void stop();

  private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kaiku::central
