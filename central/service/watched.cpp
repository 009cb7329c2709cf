#include "central/service/watched.hpp"

#include <chrono>

#include "central/ops/log.hpp"

namespace kaiku::central {
namespace {

/// A method that is no constant of ours could be anything somebody sent.
std::string_view known_method(std::string_view method) {
    for (const std::string_view known : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        if (method == known) return known;
    }
    return "other";
}

}  // namespace

std::function<Reply(const Request&)> watched(std::function<Reply(const Request&)> handler,
                                             Metrics& metrics) {
    return [handler = std::move(handler), &metrics](const Request& request) {
        const std::string id = ops::new_request_id();
        const ops::RequestScope scope(id);
        const auto begun = std::chrono::steady_clock::now();
        Reply reply = handler(request);
        const auto took = std::chrono::steady_clock::now() - begun;
        if (reply.route.empty()) reply.route = "other";
        metrics.count_request(reply.route, reply.status,
                              std::chrono::duration<double>(took).count());
        ops::log_request({known_method(request.method), reply.route, reply.status,
                          std::chrono::duration_cast<std::chrono::microseconds>(took)});
        reply.headers.emplace_back("X-Request-Id", id);
        return reply;
    };
}

}  // namespace kaiku::central
