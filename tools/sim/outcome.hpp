#pragma once

#include <chrono>
#include <cstddef>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::sim {

/// What came of a run. One thread at a time.
class Outcome {
  public:
    using Latency = std::chrono::duration<double, std::milli>;

    /// Ids of acknowledged answers go to this file, one a line; empty: to none. Errc::io.
    Status keep_ids(const std::string& path);

    void acknowledged(const std::string& id, Latency latency);
    /// Central refused for the moment, and said when to come again: nothing is lost by that.
    void put_off(int status) { ++put_off_[status]; }
    /// A connection ended before the reply; the answer is sent again.
    void cut() { ++cuts_; }
    /// A reply that nobody should ever get.
    void unexpected(int status) { ++unexpected_[status]; }
    /// Sent, never acknowledged, given up.
    void lost() { ++lost_; }

    std::size_t acknowledged_count() const { return latencies_ms_.size(); }
    /// Nothing lost, nothing unexpected, and at least one acknowledged.
    bool good() const { return lost_ == 0 && unexpected_.empty() && !latencies_ms_.empty(); }
    std::string text(double seconds);
    std::string json(double seconds);

  private:
    double quantile_ms(double share);

    std::vector<double> latencies_ms_;
    bool sorted_ = false;
    std::map<int, std::size_t> put_off_;
    std::map<int, std::size_t> unexpected_;
    std::size_t cuts_ = 0;
    std::size_t lost_ = 0;
    std::ofstream ids_;
};

}  // namespace kaiku::sim
