#include "tools/sim/outcome.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace kaiku::sim {
namespace {

std::string decimal(double value) {
    std::array<char, 64> text{};
    (void)std::snprintf(text.data(), text.size(), "%.2f", value);
    return text.data();
}

std::string object_of(const std::map<int, std::size_t>& counts) {
    std::string text;
    for (const auto& [status, count] : counts) {
        text += (text.empty() ? "" : ",") + std::string("\"") + std::to_string(status) +
                "\":" + std::to_string(count);
    }
    return "{" + text + "}";
}

std::string words_of(const std::map<int, std::size_t>& counts) {
    std::string text;
    for (const auto& [status, count] : counts) {
        text += " " + std::to_string(count) + " of " + std::to_string(status);
    }
    return text.empty() ? " 0" : text;
}

}  // namespace

Status Outcome::keep_ids(const std::string& path) {
    if (path.empty()) return {};
    ids_.open(path, std::ios::trunc);
    if (!ids_) return fail(Errc::io, "cannot write " + path);
    return {};
}

void Outcome::acknowledged(const std::string& id, Latency latency) {
    latencies_ms_.push_back(latency.count());
    sorted_ = false;
    if (ids_.is_open()) ids_ << id << std::endl;  // for whoever looks on meanwhile
}

/// The nearest rank: the smallest latency that at least this share did not exceed.
double Outcome::quantile_ms(double share) {
    if (latencies_ms_.empty()) return 0;
    if (!sorted_) std::sort(latencies_ms_.begin(), latencies_ms_.end());
    sorted_ = true;
    const double rank = std::ceil(share * static_cast<double>(latencies_ms_.size()));
    return latencies_ms_.at(static_cast<std::size_t>(std::max(rank, 1.0)) - 1);
}

std::string Outcome::text(double seconds) {
    const auto count = static_cast<double>(latencies_ms_.size());
    return std::to_string(latencies_ms_.size()) + " acknowledged, " + decimal(count / seconds) +
           " a second\nlatency ms: p50 " + decimal(quantile_ms(0.5)) + ", p95 " +
           decimal(quantile_ms(0.95)) + ", p99 " + decimal(quantile_ms(0.99)) + ", max " +
           decimal(quantile_ms(1)) + "\nput off:" + words_of(put_off_) +
           "; connections cut: " + std::to_string(cuts_) + "\nunexpected:" + words_of(unexpected_) +
           "; lost: " + std::to_string(lost_) + "\n";
}

std::string Outcome::json(double seconds) {
    const auto count = static_cast<double>(latencies_ms_.size());
    return "{\"acknowledged\":" + std::to_string(latencies_ms_.size()) +
           ",\"seconds\":" + decimal(seconds) + ",\"per_second\":" + decimal(count / seconds) +
           ",\"p50_ms\":" + decimal(quantile_ms(0.5)) +
           ",\"p95_ms\":" + decimal(quantile_ms(0.95)) +
           ",\"p99_ms\":" + decimal(quantile_ms(0.99)) + ",\"max_ms\":" + decimal(quantile_ms(1)) +
           ",\"put_off\":" + object_of(put_off_) + ",\"cut\":" + std::to_string(cuts_) +
           ",\"unexpected\":" + object_of(unexpected_) + ",\"lost\":" + std::to_string(lost_) +
           "}\n";
}

}  // namespace kaiku::sim
