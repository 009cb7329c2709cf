#include "sync/in_parallel.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

namespace kaiku::sync {

TEST_CASE("every element is in exactly one part, however many there are") {
    const std::size_t count = GENERATE(0U, 1U, 2U, 63U, 64U, 65U, 127U, 128U, 1000U, 4097U);
    const std::size_t least = GENERATE(1U, 3U, 64U, 5000U);
    std::vector<std::atomic<int>> seen(count);
    in_parallel(count, least, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ++seen[i];
    });
    for (const auto& times : seen) CHECK(times == 1);
}

TEST_CASE("what a part throws reaches the caller, once all have stopped") {
    std::atomic<int> running = 0;
    const auto part = [&](std::size_t begin, std::size_t end) {
        ++running;
        const bool bad = begin <= 500 && 500 < end;
        --running;
        if (bad) throw std::runtime_error("500");
    };
    CHECK_THROWS_WITH(in_parallel(1000, 10, part), "500");
    CHECK(running == 0);
}

}  // namespace kaiku::sync
