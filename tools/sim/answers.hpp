#pragma once

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
    std::random_device ids_;
    std::mt19937 choice_;
};

}  // namespace kaiku::sim
