#include "central/http/server.hpp"

#include <spdlog/spdlog.h>

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
          use_tls(!options.tls_certificate.empty()) {}

    Status listen(const ServerOptions& options) {
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
        if (context.stopping.exchange(true)) {
            return;
        }
        spdlog::info("stopping: finishing running requests");
        ErrorCode ignored;
        acceptor.close(ignored);
        pause.cancel();
        deadline.expires_after(context.limits.shutdown_timeout);
        deadline.async_wait([this](ErrorCode cancelled) {
            if (!cancelled) {
                spdlog::warn("stopping: some requests took too long and were cut off");
                context.abort_all();
            }
        });
        context.finish_all();
        if (context.empty()) {
            deadline.cancel();
        }
        signals.cancel(ignored);
    }

    void run() {
        context.on_empty = [this] { asio::post(control, [this] { deadline.cancel(); }); };
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
    tcp::acceptor acceptor{control};
    asio::steady_timer pause{control};
    asio::steady_timer deadline{control};
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

ServerLoad Server::load() const { return impl_->context.load(); }

void Server::run() { impl_->run(); }

void Server::stop() {
    asio::post(impl_->control, [impl = impl_.get()] { impl->begin_shutdown(); });
}

}  // namespace kaiku::central
