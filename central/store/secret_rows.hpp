#pragma once

#include <optional>
#include <string>

#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// Credentials as rows. May throw sql::Trouble.
namespace kaiku::central {

/// The device or token with this hash; enrolment codes are never found here.
std::optional<Secret> read_credential(Scope scope, const std::string& hash);
/// A device's credential brings its device along, unless that is known.
void insert_secret(Scope scope, const Secret& secret, const std::string& public_key = {});
/// Uses up an enrolment code: its secret, or nothing if it is unknown, used or expired by then.
std::optional<Secret> take_code(Scope scope, const std::string& hash, survey::UtcSeconds now);
/// Those of a device that have expired by then go.
void delete_expired(Scope scope, const std::string& device_id, survey::UtcSeconds now);
/// Gives an end to every device's credential that has none; says how many.
std::int64_t end_credentials(Scope scope, survey::UtcSeconds when);

}  // namespace kaiku::central
