#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "survey/response.hpp"

namespace kaiku::sim {

/// An answer that somebody might have given: NPS, one statement and, from one in ten, a text.
class Answers {
  public:
    explicit Answers(std::string unit);

    /// A new answer under a random id of its own.
    survey::Response next();

  private:
    std::string unit_;
    survey::UtcSeconds hour_;
    std::array<std::uint8_t, 4096> random_{};  ///< from the kernel, for many ids at once
    std::size_t used_ = random_.size();
    std::mt19937 choice_;
};

}  // namespace kaiku::sim
