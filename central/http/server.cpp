#include "central/http/server.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>
#include <thread>
#include <vector>

#include "central/http/session.hpp"

namespace kaiku::central {
namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t kIoThreads = 2;
/// How long a connection that is new when the end begins may take to bring its request.
constexpr std::chrono::milliseconds kPatience{1000};
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// TLS 1.2 and 1.3 only, server's choice of ciphers, no compression, no renegotiation.
Status load_tls(asio::ssl::context& tls, const ServerOptions& options) {
    ErrorCode failed;
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                        asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                    failed);
    tls.use_certificate_chain_file(options.tls_certificate.string(), failed);
    if (failed) {
        return fail(Errc::io, "tls: cannot use the certificate " +
                                  options.tls_certificate.string() + ": " + failed.message());
    }
    tls.use_private_key_file(options.tls_key.string(), asio::ssl::context::pem, failed);
    if (failed) {
        return fail(Errc::io, "tls: cannot use the key " + options.tls_key.string() + ": " +
                                  failed.message());
    }
    if (SSL_CTX_check_private_key(tls.native_handle()) != 1) {
        return fail(Errc::invalid, "tls: the key does not belong to the certificate");
    }
    SSL_CTX_set_options(tls.native_handle(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    return {};
}

}  // namespace

struct Server::Impl {
    Impl(const ServerOptions& options, Handler handler)
        : workers(options.limits.workers),
          context(std::move(handler), options.limits, workers),
          tls(asio::ssl::context::tls_server),
          use_tls(!options.tls_certificate.empty()),
          inherited(options.inherited.has_value()),
          on_stopping(options.stopping) {}

    Status listen(const ServerOptions& options) {
        if (options.inherited) return take_over(*options.inherited);
        ErrorCode failed;
        const auto address = asio::ip::make_address(options.address, failed);
        if (failed) {
            return fail(Errc::invalid, "listen: '" + options.address + "' is no IP address");
        }
        const tcp::endpoint endpoint(address, options.port);
        acceptor.open(endpoint.protocol(), failed);
        if (!failed) {
            acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
        }
        if (!failed && options.reuse_port) {
            acceptor.set_option(ReusePort(true), failed);
        }
        if (!failed) {
            acceptor.bind(endpoint, failed);
        }
        if (!failed) {
            acceptor.listen(asio::socket_base::max_listen_connections, failed);
        }
        if (failed) {
            return fail(Errc::io, "listen: cannot listen on " + options.address + ":" +
                                      std::to_string(options.port) + ": " + failed.message());
        }
        return {};
    }

    /// Whoever opened the socket keeps it open: connections wait there while nobody serves.
    Status take_over(int descriptor) {
        sockaddr_storage bound{};
        socklen_t size = sizeof bound;
        if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0 ||  // NOLINT
            (bound.ss_family != AF_INET && bound.ss_family != AF_INET6)) {
            return fail(Errc::invalid, "listen: the socket that was handed over is no TCP socket");
        }
        ErrorCode failed;
        acceptor.assign(bound.ss_family == AF_INET ? tcp::v4() : tcp::v6(), descriptor, failed);
        const tcp::endpoint endpoint = failed ? tcp::endpoint() : acceptor.local_endpoint(failed);
        if (failed) {
            return fail(Errc::io, "listen: cannot take the socket over: " + failed.message());
        }
        if (!use_tls && !endpoint.address().is_loopback()) {
            return fail(Errc::refused,
                        "listen: plain HTTP is served on loopback only; give tls.certificate and "
                        "tls.key, or let the socket listen on 127.0.0.1");
        }
        return {};
    }

    /// What the system has accepted in our name already would be reset by closing the socket.
    void accept_what_waits() {
        ErrorCode failed;
        acceptor.cancel(failed);
        acceptor.non_blocking(true, failed);
        for (std::size_t taken = 0; !failed && taken < context.limits.connections; ++taken) {
            tcp::socket socket(asio::make_strand(io));
            acceptor.accept(socket, failed);
            if (!failed) start_session(std::move(socket), context, use_tls ? &tls : nullptr);
        }
    }

    void accept() {
        acceptor.async_accept(asio::make_strand(io), [this](ErrorCode failed, tcp::socket socket) {
            if (context.stopping) {
                return;
            }
            if (!failed) {
                ErrorCode ignored;
                socket.set_option(tcp::no_delay(true), ignored);
                start_session(std::move(socket), context, use_tls ? &tls : nullptr);
                return accept();
            }
            // Out of descriptors, most likely: give connections a moment to end.
            pause.expires_after(std::chrono::milliseconds(50));
            pause.async_wait([this](ErrorCode cancelled) {
                if (!cancelled) {
                    accept();
                }
            });
        });
    }

    void begin_shutdown() {
        if (context.stopping) {
            return;
        }
        spdlog::info("stopping: finishing running requests");
        if (on_stopping) on_stopping();
        ErrorCode ignored;
        // A socket that was handed over stays open elsewhere: the next process takes what waits.
        if (!inherited) accept_what_waits();
        context.stopping = true;
        acceptor.close(ignored);
        pause.cancel();
        deadline.expires_after(context.limits.shutdown_timeout);
        deadline.async_wait([this](ErrorCode cancelled) {
            if (!cancelled) {
                spdlog::warn("stopping: some requests took too long and were cut off");
                context.abort_all();
            }
        });
        context.finish_all(Connection::Patience::first_request);
        patience.expires_after(kPatience);
        patience.async_wait([this](ErrorCode cancelled) {
            if (!cancelled) context.finish_all(Connection::Patience::none);
        });
        if (context.empty()) {
            end_waiting();
        }
        signals.cancel(ignored);
    }

    void end_waiting() {
        deadline.cancel();
        patience.cancel();
    }

    void run() {
        context.on_empty = [this] { asio::post(control, [this] { end_waiting(); }); };
        signals.async_wait([this](ErrorCode failed, int) {
            if (!failed) {
                begin_shutdown();
            }
        });
        asio::post(control, [this] { accept(); });
        std::vector<std::jthread> threads;
        for (std::size_t count = 1; count < kIoThreads; ++count) {
            threads.emplace_back([this] { io.run(); });
        }
        io.run();
        threads.clear();
        workers.join();
    }

    asio::io_context io;
    asio::strand<asio::io_context::executor_type> control = asio::make_strand(io);
    asio::thread_pool workers;
    SessionContext context;
    asio::ssl::context tls;
    bool use_tls;
    bool inherited;
    std::function<void()> on_stopping;
    tcp::acceptor acceptor{control};
    asio::steady_timer pause{control};
    asio::steady_timer deadline{control};
    asio::steady_timer patience{control};
    asio::signal_set signals{control, SIGTERM, SIGINT};
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, Handler handler) {
    try {
        auto impl = std::make_unique<Impl>(options, std::move(handler));
        if (impl->use_tls) {
            if (Status loaded = load_tls(impl->tls, options); !loaded) {
                return tl::make_unexpected(loaded.error());
            }
        }
        if (Status listening = impl->listen(options); !listening) {
            return tl::make_unexpected(listening.error());
        }
        return std::unique_ptr<Server>(new Server(std::move(impl)));
    } catch (const std::exception& exception) {
        return fail(Errc::io, std::string("server: ") + exception.what());
    }
}

std::uint16_t Server::port() const noexcept {
    ErrorCode ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

std::string Server::address() const {
    ErrorCode ignored;
    const auto address = impl_->acceptor.local_endpoint(ignored).address();
    return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

ServerLoad Server::load() const { return impl_->context.load(); }

void Server::run() { impl_->run(); }

void Server::stop() {
    asio::post(impl_->control, [impl = impl_.get()] { impl->begin_shutdown(); });
}

}  // namespace kaiku::central
