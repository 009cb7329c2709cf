#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "survey/result.hpp"

namespace kaiku::platform {

/// Whether headphones are in after these events of a Linux input device (struct input_event, one
/// after the other); nothing when none of them is about the headphone socket. Pure.
std::optional<bool> headphones_after(std::span<const std::byte> events) noexcept;

/// Watches a headphone socket (SW_HEADPHONE_INSERT of an input device) in a thread that sleeps
/// until the plug moves.
class JackWatch {
  public:
    /// `changed` is told the present state at once and every change after it, from the thread.
    /// Errors: no such device, no permission, a device without such a switch.
    static Result<std::unique_ptr<JackWatch>> open(const std::filesystem::path& device,
                                                   std::function<void(bool in)> changed);
    virtual ~JackWatch() = default;
};

}  // namespace kaiku::platform
