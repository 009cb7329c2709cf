#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace kaiku::sync {

/// Calls `part(begin, end)` for parts that together are [0, count), on as many threads as there are
/// processors, and fewer where there are not `least` for each; returns when all are done. Whoever
/// is done with a part takes the next one: a thread that others keep from running holds up none.
/// The first thing that a `part` throws is thrown again, once all have stopped.
inline void in_parallel(std::size_t count, std::size_t least,
                        const std::function<void(std::size_t, std::size_t)>& part) {
    constexpr std::size_t kMaxThreads = 8;
    constexpr std::size_t kParts = 4;  // of what is worth a thread
    const std::size_t processors =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
    const std::size_t workers = std::clamp<std::size_t>(count / least, 1, processors);
    const std::size_t size = workers == 1 ? count : std::max<std::size_t>(least / kParts, 1);
    std::atomic<std::size_t> next = 0;
    std::once_flag thrown;
    std::exception_ptr first;
    const auto work = [&] {
        try {
            for (auto begin = next.fetch_add(size); begin < count; begin = next.fetch_add(size)) {
                part(begin, std::min(begin + size, count));
            }
        } catch (...) {
            std::call_once(thrown, [&] { first = std::current_exception(); });
            next = count;
        }
    };
    {
        std::vector<std::jthread> threads;
        try {
            while (threads.size() + 1 < workers) threads.emplace_back(work);
        } catch (const std::system_error&) {
            // No more threads to be had: those there are do what is left.
        }
        work();
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace kaiku::sync
