#pragma once

#include <optional>
#include <vector>

#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// The rows of devices. All may throw sql::Trouble; changes belong into a transaction of the
/// caller's.
namespace kaiku::central {

void insert_device(Scope scope, const Device& device);
std::optional<Device> read_device(Scope scope, const std::string& id);
/// In the order of their ids.
std::vector<Device> read_devices(Scope scope);
/// Errc::not_found, or Errc::refused for another key or a number that was used.
Status renew_device(Scope scope, const std::string& id, const std::string& public_key,
                    const MessageMark& mark);
/// Errc::not_found for an unknown device; what stands of an earlier revocation stays.
Status revoke_device(Scope scope, const std::string& id, survey::UtcSeconds when,
                     const std::string& replaced_by);
void mark_message(Scope scope, const MessageMark& mark);

}  // namespace kaiku::central
