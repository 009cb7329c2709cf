#pragma once

#include <cstdint>
#include <span>

namespace kaiku::sim {

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and the same on every machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
    /// From 0 to `bound` − 1; 0 for 0.
    std::int64_t below(std::int64_t bound) noexcept {
        return bound <= 0 ? 0
                          : static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
    }
    /// From `least` to `most`, both included.
    std::int64_t between(std::int64_t least, std::int64_t most) noexcept {
        return least + below(most - least + 1);
    }
    /// True this many times of a thousand.
    bool chance(int per_mille) noexcept { return below(1000) < per_mille; }
    void fill(std::span<std::uint8_t> bytes) noexcept {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next());
    }
    /// A source of its own, so that what one part draws does not change what another gets.
    Random fork() noexcept { return Random(next()); }

  private:
    std::uint64_t state_;
};

}  // namespace kaiku::sim
