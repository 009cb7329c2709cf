#include "tests/support/scripted_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>

namespace kaiku::test {
namespace {

constexpr int kWaitMs = 10'000;

void must(bool held) {
    if (!held) throw std::runtime_error("the scripted server cannot start");
}

/// Length of the whole request, 0 while its head is not there yet.
std::size_t whole_length(const std::string& request) {
    const auto head = request.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    const std::string name = "Content-Length: ";
    const auto field = request.find(name);
    if (field == std::string::npos || field > head) return head + 4;
    return head + 4 + std::strtoul(request.c_str() + field + name.size(), nullptr, 10);
}

}  // namespace

std::string http_reply(const std::string& status_line, const std::string& content_type,
                       const std::string& body, const std::string& more_headers) {
    return "HTTP/1.1 " + status_line + "\r\nContent-Type: " + content_type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_headers + "\r\n" +
           body;
}

/// One accepted connection, plain or TLS, without blocking calls.
class ScriptedServer::Wire {
  public:
    Wire(ScriptedServer& server, int fd) : server_(server), fd_(fd) {
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
        if (server_.tls_context_ == nullptr) return;
        ssl_ = SSL_new(static_cast<SSL_CTX*>(server_.tls_context_));
        SSL_set_fd(ssl_, fd_);
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() {
        if (ssl_ != nullptr) SSL_shutdown(ssl_);
        SSL_free(ssl_);
        ::close(fd_);
    }
    int fd() const noexcept { return fd_; }

    bool shake_hands() {
        return ssl_ == nullptr || retry([this] { return SSL_accept(ssl_); }, POLLIN) == 1;
    }
    bool read_request(std::string& out) {
        std::array<char, 4096> buffer{};
        while (whole_length(out) == 0 || out.size() < whole_length(out)) {
            const int got = retry(
                [&] {
                    return ssl_ != nullptr
                               ? SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))
                               : static_cast<int>(::recv(fd_, buffer.data(), buffer.size(), 0));
                },
                POLLIN);
            if (got <= 0) return false;
            out.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return true;
    }
    bool send_all(const std::string& bytes) {
        std::size_t at = 0;
        while (at < bytes.size()) {
            const int sent = retry(
                [&] {
                    const auto left = bytes.size() - at;
                    return ssl_ != nullptr
                               ? SSL_write(ssl_, bytes.data() + at, static_cast<int>(left))
                               : static_cast<int>(
                                     ::send(fd_, bytes.data() + at, left, MSG_NOSIGNAL));
                },
                POLLOUT);
            if (sent <= 0) return false;
            at += static_cast<std::size_t>(sent);
        }
        return true;
    }

  private:
    int retry(const std::function<int()>& call, short events) {
        for (;;) {
            const int result = call();
            if (result > 0) return result;
            short wanted = events;
            if (ssl_ != nullptr) {
                const int error = SSL_get_error(ssl_, result);
                if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return result;
                wanted = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
            } else if (result == 0 || (errno != EAGAIN && errno != EINTR)) {
                return result;
            }
            if (!server_.wait_for(fd_, wanted)) return -1;
        }
    }

    ScriptedServer& server_;
    int fd_;
    SSL* ssl_ = nullptr;
};

ScriptedServer::ScriptedServer(std::vector<Exchange> script,
                               const std::optional<TestCertificates>& tls)
    : script_(std::move(script)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    if (tls) {
        SSL_CTX* context = SSL_CTX_new(TLS_server_method());
        tls_context_ = context;
        must(context != nullptr &&
             SSL_CTX_use_certificate_file(context, tls->certificate.c_str(), SSL_FILETYPE_PEM) ==
                 1 &&
             SSL_CTX_use_PrivateKey_file(context, tls->key.c_str(), SSL_FILETYPE_PEM) == 1);
    }
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    must(listener_ >= 0 && ::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
         ::getsockname(listener_, generic, &size) == 0 && ::pipe2(stop_, O_CLOEXEC) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
    SSL_CTX_free(static_cast<SSL_CTX*>(tls_context_));
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool ScriptedServer::wait_for(int fd, short events) const {
    std::array<pollfd, 2> polled{{{fd, events, 0}, {stop_[0], POLLIN, 0}}};
    return ::poll(polled.data(), polled.size(), kWaitMs) > 0 && polled[1].revents == 0;
}

void ScriptedServer::run() {
    while (wait_for(listener_, POLLIN)) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        ++connections_;
        Wire wire(*this, fd);
        if (!wire.shake_hands()) continue;
        while (play(wire)) {
        }
    }
}

bool ScriptedServer::play(Wire& wire) {
    std::string request;
    if (!wire.read_request(request)) return false;
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    if (next_ >= script_.size()) return false;
    const Exchange exchange = script_[next_++];
    if (!wire.send_all(exchange.reply)) return false;
    if (exchange.stays_silent) wait_for(wire.fd(), POLLIN);
    return exchange.keeps_open;
}

}  // namespace kaiku::test
