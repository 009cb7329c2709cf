#include "central/service/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <vector>

namespace kaiku::central {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

const Buckets& second_buckets() {
    static const Buckets buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                 0.1,    0.25,  0.5,    1,     2.5,  5,     10};
    return buckets;
}

const Buckets& size_buckets() {
    static const Buckets buckets{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    return buckets;
}

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& sizes(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add(
        {}, size_buckets());
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Histogram>& requests =
        prometheus::BuildHistogram()
            .Name("kaiku_http_request_duration_seconds")
            .Help("Requests answered and how long that took, by route and status.")
            .Register(registry);
    prometheus::Family<prometheus::Histogram>& store_work =
        prometheus::BuildHistogram()
            .Name("kaiku_store_duration_seconds")
            .Help("Work with the store, waiting for it included; write is a durable transaction.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& stored =
        prometheus::BuildCounter()
            .Name("kaiku_responses_stored_total")
            .Help("Responses stored for the first time, by channel.")
            .Register(registry);
    prometheus::Counter& known =
        counter(registry, "kaiku_responses_known_total", "Responses that had been stored before.");
    prometheus::Counter& refused =
        counter(registry, "kaiku_responses_refused_total", "Batch items refused for good.");
    prometheus::Counter& store_errors =
        counter(registry, "kaiku_store_errors_total", "Store operations that failed.");
    prometheus::Histogram& commit_requests =
        sizes(registry, "kaiku_commit_requests", "Requests that shared one durable transaction.");
    prometheus::Histogram& commit_responses =
        sizes(registry, "kaiku_commit_responses", "Responses brought to one durable transaction.");

    struct SampledGauge {
        prometheus::Gauge& gauge;
        Sample sample;
    };
    struct SampledCounter {
        prometheus::Counter& counter;
        Sample sample;
    };
    std::mutex mutex;  ///< of the two below, and of sampling
    std::vector<SampledGauge> gauges;
    std::vector<SampledCounter> counters;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, int status, double seconds) {
    families_->requests
        .Add({{"route", std::string(route)}, {"status", std::to_string(status)}}, second_buckets())
        .Observe(seconds);
}

void Metrics::count_stored(std::string_view channel) {
    families_->stored.Add({{"channel", std::string(channel)}}).Increment();
}

void Metrics::count_known() { families_->known.Increment(); }
void Metrics::count_refused() { families_->refused.Increment(); }
void Metrics::count_store_error() { families_->store_errors.Increment(); }

void Metrics::count_commit(std::size_t requests, std::size_t responses) {
    families_->commit_requests.Observe(static_cast<double>(requests));
    families_->commit_responses.Observe(static_cast<double>(responses));
}

void Metrics::count_store_work(std::string_view access, double seconds) {
    families_->store_work.Add({{"access", std::string(access)}}, second_buckets()).Observe(seconds);
}

void Metrics::add_gauge(const std::string& name, const std::string& help, const std::string& label,
                        const std::string& value, Sample sample) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(families_->registry);
    auto& gauge = label.empty() ? family.Add({}) : family.Add({{label, value}});
    const std::lock_guard lock(families_->mutex);
    families_->gauges.push_back({gauge, std::move(sample)});
}

void Metrics::add_counter(const std::string& name, const std::string& help, Sample sample) {
    auto& counted = counter(families_->registry, name.c_str(), help.c_str());
    const std::lock_guard lock(families_->mutex);
    families_->counters.push_back({counted, std::move(sample)});
}

std::string Metrics::text() const {
    const std::lock_guard lock(families_->mutex);
    for (auto& [gauge, sample] : families_->gauges) gauge.Set(sample());
    for (auto& [counted, sample] : families_->counters) {
        const double more = sample() - counted.Value();
        if (more > 0) counted.Increment(more);
    }
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace kaiku::central
