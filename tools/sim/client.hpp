#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace kaiku::sim {

struct Answered {
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
};

/// One keep-alive connection to central; opened when it is needed. One coroutine at a time.
class Client {
  public:
    Client(boost::asio::ip::tcp::endpoint central, std::string host, std::string token)
        : central_(std::move(central)), host_(std::move(host)), token_(std::move(token)) {}

    /// Sends and awaits the whole reply; nothing if the connection ended first or took too long,
    /// so that nobody knows whether it arrived. A connection that is so old that central closed it
    /// comes out in the same way.
    boost::asio::awaitable<std::optional<Answered>> post(std::string path, std::string body);

  private:
    boost::asio::awaitable<Answered> exchange(std::string path, std::string body);

    boost::asio::ip::tcp::endpoint central_;
    std::string host_;
    std::string token_;
    std::unique_ptr<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace kaiku::sim
