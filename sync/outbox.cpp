#include "sync/outbox.hpp"

#include "survey/result.hpp"

namespace kaiku::sync {

Status check_entry(const OutboxEntry& entry) {
    if (entry.payload.empty()) return fail(Errc::invalid, "outbox: an answer without content");
    if (entry.payload.size() > kMaxEntryBytes) {
        return fail(Errc::too_large,
                    "outbox: an answer of more than " + std::to_string(kMaxEntryBytes) + " bytes");
    }
    return {};
}

std::string printable_reason(const std::string& reason) { return one_line(reason); }

}  // namespace kaiku::sync
