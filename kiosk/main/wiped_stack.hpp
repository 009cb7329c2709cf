#pragma once

namespace kaiku::kiosk {

/// Overwrites 64 KiB of the calling thread's stack below the caller, and the registers that copying
/// memory uses: short texts live in both, and a core dump would show what was left of them.
void wipe_stack() noexcept;

}  // namespace kaiku::kiosk
