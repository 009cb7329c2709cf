#pragma once

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

/// Whether somebody's finger, key or plug made this event.
bool is_activity(const Event& event) noexcept;

/// While the countdown shows, only these reach the screen below it.
bool passes_warning(const Event& event) noexcept;

/// Pausing ends with whatever the visitor does next.
void end_pause(Hearing& hearing, const Event& event) noexcept;

}  // namespace kaiku::flow
