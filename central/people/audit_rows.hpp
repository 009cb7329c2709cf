#pragma once

#include <vector>

#include "central/people/audit.hpp"
#include "central/store/scope.hpp"

namespace kaiku::central::people {

/// One process at a time writes an organiser's log, so that entries have an order: the first of a
/// transaction that writes an entry, before it looks at anything. Errc::not_found for an unknown
/// organiser.
Status hold_log(Scope scope);
/// After hold_log().
AuditEntry insert_entry(Scope scope, const AuditEvent& event);
std::vector<AuditEntry> read_entries(Scope scope);

}  // namespace kaiku::central::people
