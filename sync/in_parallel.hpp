#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <system_error>
#include <thread>
#include <vector>

namespace kaiku::sync {

/// Calls `part(begin, end)` for parts that together are [0, count), each of at least `least` where
/// there are so many, on as many threads as there are processors; returns when all are done. `part`
/// must not throw.
inline void in_parallel(std::size_t count, std::size_t least,
                        const std::function<void(std::size_t, std::size_t)>& part) {
    constexpr std::size_t kMaxThreads = 8;
    const std::size_t processors =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
    const std::size_t parts = std::clamp<std::size_t>(count / least, 1, processors);
    const std::size_t size = (count + parts - 1) / parts;
    std::vector<std::jthread> threads;
    std::size_t begin = 0;
    try {
        for (; begin + size < count; begin += size) {
            threads.emplace_back(part, begin, begin + size);
        }
    } catch (const std::system_error&) {
        // No more threads to be had: this one does what is left.
    }
    part(begin, count);
}

}  // namespace kaiku::sync
