#pragma once

#include <cstdint>

namespace kaiku::central::ops {

/// What the system says of this process; 0 where it says nothing.
struct ProcessFigures {
    std::int64_t resident_bytes = 0;
    std::int64_t virtual_bytes = 0;
    std::int64_t open_fds = 0;
    std::int64_t threads = 0;
    double cpu_seconds = 0;         ///< user and system
    double start_time_seconds = 0;  ///< since 1970
};
ProcessFigures process_figures();

}  // namespace kaiku::central::ops
