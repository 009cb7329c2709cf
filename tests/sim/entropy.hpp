#pragma once

#include "tests/sim/random.hpp"

namespace kaiku::sim {

/// While an object lives, libsodium draws from the seed: keys and nonces repeat with it. One at a
/// time.
class Entropy {
  public:
    explicit Entropy(Random random);
    ~Entropy();
    Entropy(const Entropy&) = delete;
    Entropy& operator=(const Entropy&) = delete;
};

}  // namespace kaiku::sim
