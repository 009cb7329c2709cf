#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "tools/sim/outcome.hpp"

namespace kaiku::sim {

struct SinglePlan {
    std::string address = "127.0.0.1";  ///< of central, plain HTTP
    std::uint16_t port = 8080;
    std::string host{};  ///< names the organiser; empty: the address
    std::string token;
    std::string unit;
    std::size_t connections = 32;
    std::chrono::seconds duration{10};
    /// Answers a second over all connections, due at even distances whether the earlier ones were
    /// answered or not; latencies count from when they were due. 0: each as fast as it can.
    std::size_t rate = 0;
    std::chrono::seconds patience{30};  ///< after the end, for answers that are on their way
};

/// Single answers by POST /v1/responses, each sent again under its id until it is acknowledged.
/// `progress`: a line on standard error each second. Returns the seconds that were played.
/// Errc::invalid for an address that is none.
Result<double> play_single(const SinglePlan& plan, Outcome& outcome, bool progress);

}  // namespace kaiku::sim
