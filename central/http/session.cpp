#include "central/http/session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>
#include <type_traits>

#include "central/service/problem.hpp"

namespace kaiku::central {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Path and query of a request's target; the absolute form (section 3.2.2) loses its host.
std::string_view origin_form(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            const auto path = target.find('/', scheme.size());
            return path == std::string_view::npos ? "/" : target.substr(path);
        }
    }
    return target;
}

/// "Palaute.example.fi:8443" → "palaute.example.fi".
std::string host_name(std::string host) {
    const auto colon = host.rfind(':');
    if (colon != std::string::npos && host.back() != ']') host.resize(colon);
    for (char& letter : host) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return host;
}

/// What makes a request unreadable before its body is looked at; nothing if it may be read.
template <class Header>
std::optional<Reply> refuse_header(const Header& header, const ServerLimits& limits) {
    // RFC 9112, section 3.2: a 1.1 request names its host, once.
    const auto hosts = header.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && header.version() >= 11)) {
        return problem(400, "Malformed request", "send exactly one Host field");
    }
    // Sections 6.1 and 6.3: where another coding comes last nobody knows where the body ends.
    const auto transfer = header[http::field::transfer_encoding];
    if (header.count(http::field::transfer_encoding) > 0 &&
        (header.version() < 11 || !beast::iequals(transfer, "chunked"))) {
        return problem(400, "Malformed request", "the only Transfer-Encoding read here is chunked");
    }
    if (std::distance(header.begin(), header.end()) >
        static_cast<std::ptrdiff_t>(limits.header_fields)) {
        return problem(431, "Header too large", "send fewer header fields");
    }
    const auto encoding = header[http::field::content_encoding];
    if (!encoding.empty() && !beast::iequals(encoding, "identity")) {
        Reply reply = problem(415, "Encoded body",
                              "send the body as it is, without Content-Encoding: nothing is "
                              "unpacked here");
        reply.headers.emplace_back("Accept-Encoding", "identity");
        return reply;
    }
    return std::nullopt;
}

/// One connection: header, body, handler, reply, and again. All its steps run on its own strand.
template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
    static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  public:
    template <class... Arguments>
    Session(SessionContext& context, std::string sender, Arguments&&... arguments)
        : context_(context),
          sender_(std::move(sender)),
          stream_(std::forward<Arguments>(arguments)...) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override { context_.leave(this); }

    void start() {
        asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] {
            if constexpr (kTls) {
                self->shake_hands();
            } else {
                self->read_header(self->context_.limits.header_timeout);
            }
        });
    }

    void finish(Patience patience) override {
        asio::post(stream_.get_executor(), [self = this->shared_from_this(), patience] {
            const bool may_stay = patience == Patience::first_request && self->served_ == 0;
            if (!self->busy_ && !may_stay) {
                self->close();
            }
        });
    }

    void abort() override {
        asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->close(); });
    }

  private:
    beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

    void shake_hands() {
        if constexpr (kTls) {
            lowest().expires_after(context_.limits.header_timeout);
            stream_.async_handshake(asio::ssl::stream_base::server,
                                    [self = this->shared_from_this()](beast::error_code failed) {
                                        if (!failed) {
                                            self->read_header(self->context_.limits.header_timeout);
                                        }
                                    });
        }
    }

    void read_header(std::chrono::milliseconds deadline) {
        busy_ = false;
        if (context_.stopping && served_ > 0) {
            return end();
        }
        parser_.emplace();
        parser_->header_limit(context_.limits.header_bytes);
        parser_->body_limit(context_.limits.body_bytes);
        lowest().expires_after(deadline);
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = this->shared_from_this()](beast::error_code failed, std::size_t) {
                self->on_header(failed);
            });
    }

    void on_header(beast::error_code failed) {
        if (failed) {
            return refuse(failed);
        }
        busy_ = true;
        if (auto refusal = refuse_header(parser_->get(), context_.limits)) {
            return write(std::move(*refusal), parser_->get().version(), false, false);
        }
        if (const auto wait = context_.wait_of(sender_); wait.count() > 0) {
            return write(too_many(wait), parser_->get().version(), false, false);
        }
        lowest().expires_after(context_.limits.body_timeout);
        if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
            return invite_body();
        }
        read_body();
    }

    void invite_body() {
        auto invitation = std::make_shared<http::response<http::empty_body>>(
            http::status::continue_, parser_->get().version());
        http::async_write(
            stream_, *invitation,
            [self = this->shared_from_this(), invitation](beast::error_code failed, std::size_t) {
                if (!failed) {
                    self->read_body();
                }
            });
    }

    void read_body() {
        http::async_read(stream_, buffer_, *parser_,
                         [self = this->shared_from_this()](beast::error_code failed, std::size_t) {
                             if (failed) {
                                 return self->refuse(failed);
                             }
                             self->work();
                         });
    }

    /// A request that cannot be read: tells why when the reason lies in it, and closes.
    void refuse(beast::error_code failed) {
        if (failed == http::error::end_of_stream) {
            return end();
        }
        Reply reply;
        if (failed == http::error::header_limit) {
            reply = problem(431, "Header too large", "send a smaller header");
        } else if (failed == http::error::body_limit) {
            reply = problem(413, "Body too large", "send a smaller body");
        } else if (failed.category() == make_error_code(http::error::bad_method).category() &&
                   failed != http::error::partial_message) {
            reply = problem(400, "Malformed request", "this is not HTTP/1.1");
        } else {
            return;  // gone, or too slow: nobody is there to be told
        }
        busy_ = true;
        write(std::move(reply), 11, false, false);
    }

    /// Hands the request to a worker; the connection waits for its reply without a deadline of its
    /// own, since the handlers have theirs.
    void work() {
        lowest().expires_never();
        const auto& message = parser_->get();
        const std::size_t bytes = message.body().size();
        if (!context_.take_body(bytes)) {
            return write(overloaded(), message.version(), message.keep_alive(), false);
        }
        auto request = std::make_shared<Request>();
        head_ = message.method() == http::verb::head;
        request->method = head_ ? "GET" : text_of(message.method_string());
        const std::string whole = text_of(message.target());
        const std::string target(origin_form(whole));
        const auto question_mark = target.find('?');
        request->path = target.substr(0, question_mark);
        if (question_mark != std::string::npos) request->query = target.substr(question_mark + 1);
        request->host = host_name(text_of(message[http::field::host]));
        request->accept_language = text_of(message[http::field::accept_language]);
        request->content_type = text_of(message[http::field::content_type]);
        request->authorization = text_of(message[http::field::authorization]);
        for (const auto& field : message) {
            std::string name = text_of(field.name_string());
            const bool heeded =
                sync::is_kaiku_header(name) || field.name() == http::field::if_none_match;
            if (!heeded) continue;
            request->headers.emplace_back(std::move(name), text_of(field.value()));
        }
        request->body = std::move(parser_->get().body());
        const unsigned version = message.version();
        const bool keep = message.keep_alive();
        // The guard keeps the event loop alive while only another thread knows of this request.
        const Answer answer = [self = this->shared_from_this(), version, keep, bytes,
                               guard = asio::make_work_guard(stream_.get_executor())](Reply reply) {
            self->context_.give_back_body(bytes);
            asio::post(guard.get_executor(),
                       [self, reply = std::move(reply), version, keep]() mutable {
                           self->write(std::move(reply), version, keep, self->head_);
                       });
        };
        const Handler& handler = context_.handler;
        if (handler.answer_quickly && handler.answer_quickly(*request, answer)) return;
        ++context_.waiting;
        asio::post(context_.workers, [&context = context_, request, answer] {
            --context.waiting;
            Reply reply = context.handler.handle(*request);
            request->body = std::string();
            answer(std::move(reply));
        });
    }

    void write(Reply reply, unsigned version, bool keep, bool head) {
        ++served_;
        keep = keep && !context_.stopping && served_ < context_.limits.requests_per_connection;
        auto message = std::make_shared<http::response<http::string_body>>();
        message->version(version);
        message->result(static_cast<unsigned>(reply.status));
        message->set(http::field::content_type, reply.content_type);
        message->set(http::field::cache_control, "no-store");
        message->set("X-Content-Type-Options", "nosniff");
        for (const auto& [name, value] : reply.headers) {
            message->set(name, value);
        }
        message->keep_alive(keep);
        const std::size_t length = reply.body.size();
        if (!head) {
            message->body() = std::move(reply.body);
        }
        message->content_length(length);
        lowest().expires_after(context_.limits.write_timeout);
        auto done = [self = this->shared_from_this(), message, keep](beast::error_code failed,
                                                                     std::size_t) {
            if (failed) {
                return;
            }
            if (keep) {
                return self->read_header(self->context_.limits.idle_timeout);
            }
            self->end();
        };
        http::async_write(stream_, *message, std::move(done));
    }

    /// Says goodbye politely, within a deadline.
    void end() {
        if constexpr (kTls) {
            lowest().expires_after(std::chrono::seconds(2));
            stream_.async_shutdown(
                [self = this->shared_from_this()](beast::error_code) { self->close(); });
        } else {
            beast::error_code ignored;
            lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
            drain();
        }
    }

    /// Reads what is still on its way for a moment: closing at once could reset the connection
    /// before the other side has read our last reply.
    void drain() {
        lowest().expires_after(std::chrono::seconds(1));
        drained_ = 0;
        drain_more();
    }

    void drain_more() {
        lowest().async_read_some(
            asio::buffer(waste_),
            [self = this->shared_from_this()](beast::error_code failed, std::size_t bytes) {
                constexpr std::size_t kMaxDrained = std::size_t{16} * 1024 * 1024;
                self->drained_ += bytes;
                if (!failed && self->drained_ < kMaxDrained) {
                    return self->drain_more();
                }
                self->close();
            });
    }

    void close() {
        beast::error_code ignored;
        lowest().socket().close(ignored);
    }

    SessionContext& context_;
    const std::string sender_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::array<char, 4096> waste_{};
    std::size_t drained_ = 0;
    std::size_t served_ = 0;
    bool busy_ = false;  ///< a request was begun and not yet answered
    bool head_ = false;
};

template <class Stream, class... Arguments>
void launch(SessionContext& context, const std::string& sender, Arguments&&... arguments) {
    auto session =
        std::make_shared<Session<Stream>>(context, sender, std::forward<Arguments>(arguments)...);
    if (context.enter(session, sender)) {
        session->start();
    }
}

}  // namespace

void start_session(asio::ip::tcp::socket socket, SessionContext& context, asio::ssl::context* tls) {
    beast::error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) return;  // gone already
    const std::string sender = context.sender_of(peer.address());
    if (tls != nullptr) {
        launch<TlsStream>(context, sender, std::move(socket), *tls);
    } else {
        launch<beast::tcp_stream>(context, sender, std::move(socket));
    }
}

}  // namespace kaiku::central
