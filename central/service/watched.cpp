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

/// A request from its beginning to its reply.
class Watch {
  public:
    Watch(Metrics& metrics, const Request& request)
        : metrics_(&metrics), method_(known_method(request.method)) {}

    const std::string& id() const { return id_; }

    Reply ended(Reply reply) const {
        const auto took = std::chrono::steady_clock::now() - begun_;
        if (reply.route.empty()) reply.route = "other";
        metrics_->count_request(reply.route, reply.status,
                                std::chrono::duration<double>(took).count());
        ops::log_request({method_, reply.route, reply.status,
                          std::chrono::duration_cast<std::chrono::microseconds>(took)});
        reply.headers.emplace_back("X-Request-Id", id_);
        return reply;
    }

  private:
    Metrics* metrics_;
    std::string_view method_;
    std::string id_ = ops::new_request_id();
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace

Handler watched(Handler handler, Metrics& metrics) {
    Handler watching;
    watching.handle = [handle = std::move(handler.handle), &metrics](const Request& request) {
        const Watch watch(metrics, request);
        const ops::RequestScope scope(watch.id());
        return watch.ended(handle(request));
    };
    if (!handler.answer_quickly) return watching;
    watching.answer_quickly = [quickly = std::move(handler.answer_quickly), &metrics](
                                  const Request& request, const Answer& answer) {
        const Watch watch(metrics, request);
        const ops::RequestScope scope(watch.id());
        return quickly(request, [watch, answer](Reply reply) {
            const ops::RequestScope again(watch.id());
            answer(watch.ended(std::move(reply)));
        });
    };
    return watching;
}

}  // namespace kaiku::central
