#include "tools/sim/client.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>

namespace kaiku::sim {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::chrono::seconds kTimeout{30};

template <typename Message>
std::optional<std::chrono::seconds> retry_after(const Message& reply) {
    const auto found = reply.find(http::field::retry_after);
    if (found == reply.end()) return std::nullopt;
    const auto text = found->value();
    int seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc() || seconds < 0) return std::nullopt;
    return std::chrono::seconds(seconds);
}

}  // namespace

asio::awaitable<Answered> Client::exchange(std::string path, std::string body) {
    if (!stream_) {
        stream_ = std::make_unique<beast::tcp_stream>(co_await asio::this_coro::executor);
        stream_->expires_after(kTimeout);
        co_await stream_->async_connect(central_, asio::use_awaitable);
        stream_->socket().set_option(asio::ip::tcp::no_delay(true));
    }
    http::request<http::string_body> request{http::verb::post, path, 11, std::move(body)};
    request.set(http::field::host, host_);
    request.set(http::field::content_type, "application/json");
    request.set(http::field::authorization, "Bearer " + token_);
    request.prepare_payload();
    stream_->expires_after(kTimeout);
    co_await http::async_write(*stream_, request, asio::use_awaitable);
    http::response<http::string_body> reply;
    co_await http::async_read(*stream_, buffer_, reply, asio::use_awaitable);
    if (!reply.keep_alive()) {
        stream_.reset();
        buffer_.clear();
    }
    co_return Answered{reply.result_int() > 999 ? 0 : static_cast<int>(reply.result_int()),
                       retry_after(reply)};
}

asio::awaitable<std::optional<Answered>> Client::post(std::string path, std::string body) {
    try {
        co_return co_await exchange(std::move(path), std::move(body));
    } catch (const boost::system::system_error&) {
        stream_.reset();
        buffer_.clear();
    }
    co_return std::nullopt;
}

}  // namespace kaiku::sim
