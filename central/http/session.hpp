#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "central/http/server.hpp"
#include "central/service/rate_limit.hpp"

namespace kaiku::central {

/// One connection, seen from the server that ends.
class Connection {
  public:
    virtual ~Connection() = default;
    enum class Patience {
        none,          ///< whoever is in no request goes
        first_request  ///< but for a new connection, which may still bring its first
    };
    /// Closes an idle connection now and a busy one after its reply. Any thread.
    virtual void finish(Patience patience) = 0;
    /// Closes it whatever it does. Any thread.
    virtual void abort() = 0;
};

/// What all connections of a server share.
struct SessionContext {
    Handler handler;
    ServerLimits limits;
    boost::asio::thread_pool& workers;
    RateLimit requests;
    std::atomic<bool> stopping{false};
    std::atomic<std::size_t> waiting{0};  ///< requests handed over that no worker has begun
    std::atomic<std::uint64_t> limited_requests{0};
    std::atomic<std::uint64_t> refused_connections{0};
    std::atomic<std::uint64_t> put_off_requests{0};

    SessionContext(Handler handle, const ServerLimits& limit, boost::asio::thread_pool& pool)
        : handler(std::move(handle)),
          limits(limit),
          workers(pool),
          requests(limit.requests_per_minute) {}

    /// Registers a connection from sender_of(); false if there are too many already, of this sender
    /// or of all, or the server is ending.
    bool enter(const std::shared_ptr<Connection>& connection, const std::string& sender = {});
    /// Whose limits an address counts for: an IPv4 address, the /64 of an IPv6 address (whoever has
    /// one has all of it), or empty for a proxy. In memory only, never logged.
    std::string sender_of(const boost::asio::ip::address& address) const;
    /// Seconds to wait before a request of this sender is heard; zero if it may come now.
    std::chrono::seconds wait_of(const std::string& sender);
    /// Takes a whole body in, to be given back with its reply; false if too much is unanswered. One
    /// body is always taken, however large.
    bool take_body(std::size_t bytes);
    void give_back_body(std::size_t bytes) { unanswered_bytes_ -= bytes; }
    /// Called by a connection that is gone; calls `on_empty` when it was the last.
    void leave(const Connection* connection);
    void finish_all(Connection::Patience patience);
    void abort_all();
    bool empty();
    ServerLoad load();
    std::function<void()> on_empty;

  private:
    std::vector<std::shared_ptr<Connection>> alive();
    bool has_room_for(const std::shared_ptr<Connection>& connection, const std::string& sender);
    /// Logs how many were turned away, at most once a minute; never whom.
    void tell_of_limits();

    std::atomic<std::size_t> unanswered_bytes_{0};
    std::mutex mutex_;
    std::optional<std::chrono::steady_clock::time_point> told_at_;
    struct Entry {
        std::weak_ptr<Connection> connection;
        std::string sender;
    };
    std::map<const Connection*, Entry> connections_;
    std::map<std::string, std::size_t> of_sender_;
};

/// Takes over an accepted socket; with `tls` the connection starts with a handshake.
void start_session(boost::asio::ip::tcp::socket socket, SessionContext& context,
                   boost::asio::ssl::context* tls);

}  // namespace kaiku::central
