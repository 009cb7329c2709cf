#pragma once

#include "sync/session.hpp"

namespace kaiku::sync {

/// Asks for a new credential at POST /v1/renew, signed with the device's key; a device of an
/// earlier version makes its key known so. With it come the keys and names that hold now. `known`
/// is what the device holds: where that has central's signing key, only what is signed with it is
/// believed. Errc::unauthorized when central refuses the device, Errc::refused when the answer is
/// not central's, Errc::network otherwise.
Result<Enrolment> renew(Uplink& uplink, DeviceSession& session, const Enrolment& known);

}  // namespace kaiku::sync
