#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/test_certificates.hpp"

namespace kaiku::test {

/// What the server does with one request it has read whole.
struct Exchange {
    std::string reply;          ///< raw bytes to send; may be anything
    bool keeps_open = false;    ///< the next exchange comes over the same connection
    bool stays_silent = false;  ///< sends `reply` and then nothing, until the client gives up
};

/// A whole HTTP/1.1 answer with a right Content-Length.
std::string http_reply(const std::string& status_line, const std::string& content_type,
                       const std::string& body, const std::string& more_headers = {});

/// A TCP server on a free port of 127.0.0.1 that plays a script, one exchange a request. Every wait
/// is bounded by 10 s and by the object's end.
class ScriptedServer {
  public:
    explicit ScriptedServer(std::vector<Exchange> script,
                            const std::optional<TestCertificates>& tls = std::nullopt);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    int port() const noexcept { return port_; }
    std::string http_url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::string https_url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    /// The requests read so far, head and body.
    std::vector<std::string> requests() const;
    int connections() const noexcept { return connections_; }

  private:
    class Wire;
    void run();
    bool play(Wire& wire);
    bool wait_for(int fd, short events) const;

    std::vector<Exchange> script_;
    std::size_t next_ = 0;
    void* tls_context_ = nullptr;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    int port_ = 0;
    std::atomic<int> connections_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace kaiku::test
