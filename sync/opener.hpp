#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::sync {

struct PublicKey;

/// Opens what devices and phones sealed for central, wherever the private keys are.
class Opener {
  public:
    virtual ~Opener() = default;
    /// What is to be sealed to from now on.
    virtual PublicKey public_key() const = 0;
    /// What seal_answer() closed, in the same order. Errc::not_found for another key,
    /// Errc::corrupt or malformed for what was changed or is none. Errc::network when nobody who
    /// could open it answers: that says nothing about the answers, and all have it.
    virtual std::vector<Result<std::string>> open_answers(
        std::span<const std::string_view> sealed) const = 0;
    /// What seal() closed; errors as above.
    virtual Result<std::string> open(std::string_view sealed) const = 0;
    /// Whether it could open now; Errc::network otherwise.
    virtual Status check() const { return {}; }
};

}  // namespace kaiku::sync
