#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "kiosk/main/keeper.hpp"
#include "survey/response.hpp"

namespace kaiku::bench {

inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

/// A finished answer of a visit like any other, with a text of 68 letters.
survey::Response make_response(std::mt19937& random, const std::string& unit);

/// A terminal's keeper, and a visitor before it who waits for the thanks.
class Visitor {
  public:
    explicit Visitor(const std::string& data_dir);
    /// Milliseconds from Send to Saved; absent if the answer was not kept. Visitors are seconds
    /// apart: the keeper comes to rest first, outside the time that is taken.
    std::optional<double> thanks_ms(const survey::Response& response);

  private:
    bool wait();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    kiosk::Keeper keeper_;  ///< its thread uses what is above
};

}  // namespace kaiku::bench
