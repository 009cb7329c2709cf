#pragma once

#include <cstdint>
#include <memory>

#include "sync/outbox.hpp"

namespace kaiku::sync {

/// The in-memory fake; passes the same contract test. For tests and for `--dump-widgets`.
std::unique_ptr<Outbox> make_memory_outbox(std::int64_t max_waiting = 200'000);

}  // namespace kaiku::sync
