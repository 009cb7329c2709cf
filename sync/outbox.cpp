#include "sync/outbox.hpp"

#include "survey/utf8.hpp"

namespace kaiku::sync {

Status check_entry(const OutboxEntry& entry) {
    if (entry.payload.empty()) return fail(Errc::invalid, "outbox: an answer without content");
    if (entry.payload.size() > kMaxEntryBytes) {
        return fail(Errc::too_large,
                    "outbox: an answer of more than " + std::to_string(kMaxEntryBytes) + " bytes");
    }
    return {};
}

std::string printable_reason(const std::string& reason) {
    return survey::is_valid_utf8(reason) ? survey::without_controls(reason) : "no readable reason";
}

}  // namespace kaiku::sync
