#pragma once

#include <memory>

#include "sync/outbox.hpp"

namespace kaiku::sync {

/// An outbox for whoever sends a long queue: what central has taken is removed by a thread of its
/// own while the next batch is on its way, several batches in one step when they come faster than
/// the disk. `front` and `back` are two connections to the same outbox, `back` for that thread.
///
/// remove() succeeds before anything is removed. What a crash keeps from being removed is sent
/// again, as after a lost receipt, and central keeps its one copy. next_batch() leaves out what is
/// still to be removed, and is empty only once nothing waits. A removal that failed is told by the
/// next call, whatever it is, and those answers go on waiting; every other call first lets the
/// removals end, as does the destructor.
std::unique_ptr<Outbox> make_trailing_outbox(std::unique_ptr<Outbox> front,
                                             std::unique_ptr<Outbox> back);

}  // namespace kaiku::sync
