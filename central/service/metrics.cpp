#include "central/service/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace kaiku::central {

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests =
        prometheus::BuildCounter()
            .Name("kaiku_http_requests_total")
            .Help("Requests answered, by route and status.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& stored =
        prometheus::BuildCounter()
            .Name("kaiku_responses_stored_total")
            .Help("Responses stored for the first time, by channel.")
            .Register(registry);
    prometheus::Counter& known = prometheus::BuildCounter()
                                     .Name("kaiku_responses_known_total")
                                     .Help("Responses that had been stored before.")
                                     .Register(registry)
                                     .Add({});
    prometheus::Counter& refused = prometheus::BuildCounter()
                                       .Name("kaiku_responses_refused_total")
                                       .Help("Batch items refused for good.")
                                       .Register(registry)
                                       .Add({});
    prometheus::Counter& store_errors = prometheus::BuildCounter()
                                            .Name("kaiku_store_errors_total")
                                            .Help("Store operations that failed.")
                                            .Register(registry)
                                            .Add({});
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, int status) {
    families_->requests.Add({{"route", std::string(route)}, {"status", std::to_string(status)}})
        .Increment();
}

void Metrics::count_stored(std::string_view channel) {
    families_->stored.Add({{"channel", std::string(channel)}}).Increment();
}

void Metrics::count_known() { families_->known.Increment(); }
void Metrics::count_refused() { families_->refused.Increment(); }
void Metrics::count_store_error() { families_->store_errors.Increment(); }

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace kaiku::central
