#include "tools/sim/single.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <utility>

#include "survey/wire.hpp"
#include "tools/sim/answers.hpp"
#include "tools/sim/client.hpp"

namespace kaiku::sim {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAgain{50};  ///< after a connection that was cut

class Play {
  public:
    Play(const SinglePlan& plan, asio::ip::tcp::endpoint central, Outcome& outcome)
        : plan_(plan),
          central_(std::move(central)),
          outcome_(outcome),
          answers_(plan.unit),
          begin_(Clock::now()),
          end_(begin_ + plan.duration) {}

    double run(bool progress) {
        running_ = plan_.connections;
        for (std::size_t count = 0; count < plan_.connections; ++count) {
            asio::co_spawn(io_, client(), asio::detached);
        }
        if (progress) asio::co_spawn(io_, tell(), asio::detached);
        // Asked to end: no new answers; those on their way are settled.
        signals_.async_wait([this](boost::system::error_code failed, int) {
            if (!failed) end_ = Clock::now();
        });
        io_.run();
        return std::chrono::duration<double>(Clock::now() - begin_).count();
    }

  private:
    /// When the next answer is due; nothing once the time is up.
    std::optional<Clock::time_point> next_due() {
        if (plan_.rate == 0) {
            const auto now = Clock::now();
            return now < end_ ? std::optional(now) : std::nullopt;
        }
        const auto due = begin_ + std::chrono::nanoseconds(std::chrono::seconds(1)) * given_ /
                                      static_cast<std::int64_t>(plan_.rate);
        if (due >= end_) return std::nullopt;
        ++given_;
        return due;
    }

    asio::awaitable<void> wait_until(Clock::time_point moment) {
        asio::steady_timer timer(io_, moment);
        co_await timer.async_wait(asio::use_awaitable);
    }

    asio::awaitable<void> client() {
        Client central(central_, plan_.host.empty() ? plan_.address : plan_.host, plan_.token);
        while (const auto due = next_due()) {
            if (*due > Clock::now()) co_await wait_until(*due);
            const survey::Response response = answers_.next();
            const std::string body = survey::encode_response(response);
            bool settled = false;
            while (!settled) settled = co_await attempt(central, response.id.text(), body, *due);
        }
        if (--running_ == 0) signals_.cancel();
    }

    /// Whether nothing more is to be done about this answer.
    asio::awaitable<bool> attempt(Client& central, const std::string& id, const std::string& body,
                                  Clock::time_point due) {
        const auto reply = co_await central.post("/v1/responses", body);
        if (reply && (reply->status == 200 || reply->status == 201)) {
            outcome_.acknowledged(id, Clock::now() - due);
            co_return true;
        }
        auto again = Clock::now() + kAgain;
        if (!reply) {
            outcome_.cut();
        } else if (reply->retry_after && (reply->status == 503 || reply->status == 429)) {
            outcome_.put_off(reply->status);
            again = Clock::now() + *reply->retry_after;
        } else {
            outcome_.unexpected(reply->status);
            co_return true;
        }
        if (again > end_ + plan_.patience) {
            outcome_.lost();
            co_return true;
        }
        co_await wait_until(again);
        co_return false;
    }

    asio::awaitable<void> tell() {
        std::size_t before = 0;
        for (auto next = begin_ + std::chrono::seconds(1); running_ > 0;
             next += std::chrono::seconds(1)) {
            co_await wait_until(next);
            const std::size_t now = outcome_.acknowledged_count();
            (void)std::fprintf(stderr, "%zu acknowledged, %zu in this second\n", now, now - before);
            before = now;
        }
    }

    const SinglePlan& plan_;
    asio::ip::tcp::endpoint central_;
    Outcome& outcome_;
    Answers answers_;
    Clock::time_point begin_;
    Clock::time_point end_;
    std::int64_t given_ = 0;
    std::size_t running_ = 0;
    asio::io_context io_{1};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
};

}  // namespace

Result<double> play_single(const SinglePlan& plan, Outcome& outcome, bool progress) {
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(plan.address, failed);
    if (failed) return fail(Errc::invalid, "'" + plan.address + "' is no IP address");
    try {
        return Play(plan, {address, plan.port}, outcome).run(progress);
    } catch (const std::exception& exception) {
        return fail(Errc::io, exception.what());
    }
}

}  // namespace kaiku::sim
