#include "kiosk/main/wiped_stack.hpp"

#include <string.h>  // NOLINT: explicit_bzero is no std function

#include <array>

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kBytes = std::size_t{64} * 1024;
constexpr std::size_t kLargestCopy = 512;  // longer copies use the registers of shorter ones

}  // namespace

[[gnu::noinline]] void wipe_stack() noexcept {
    std::array<char, kBytes> below;  // NOLINT: it is filled in the next line
    explicit_bzero(below.data(), below.size());
    for (std::size_t bytes = 1; bytes <= kLargestCopy; ++bytes) {
        memmove(below.data() + kLargestCopy, below.data(), bytes);
    }
    explicit_bzero(below.data(), below.size());
}

}  // namespace kaiku::kiosk
