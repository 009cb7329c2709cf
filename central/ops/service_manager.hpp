#pragma once

#include <optional>
#include <string_view>

#include "survey/result.hpp"

/// What a service manager (systemd) hands over and wants to hear: sd_listen_fds(3), sd_notify(3).
namespace kaiku::central::ops {

/// The listening socket that was handed over to this process, or nothing. Errc::invalid for
/// several, or for one that does not listen. Whoever starts other programs afterwards hands
/// nothing on.
Result<std::optional<int>> inherited_socket();

/// Tells the manager "READY=1" or "STOPPING=1"; nothing happens when nobody wants to hear.
void tell_manager(std::string_view state);

}  // namespace kaiku::central::ops
