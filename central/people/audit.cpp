#include "central/people/audit.hpp"

#include <sodium.h>

#include <array>
#include <nlohmann/json.hpp>

namespace kaiku::central::people {
namespace {

std::string hash_of(std::string_view organiser, const AuditEntry& entry) {
    using nlohmann::json;
    const AuditEvent& event = entry.event;
    const std::string text =
        json::array({organiser, entry.number, event.at.time_since_epoch().count(), event.who,
                     event.what, event.object, event.from, entry.previous})
            .dump(-1, ' ', false, json::error_handler_t::replace);
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
    std::string hex(digest.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

}  // namespace

AuditEntry next_entry(std::string_view organiser, const std::optional<AuditEntry>& last,
                      const AuditEvent& event) {
    AuditEntry entry;
    entry.number = last ? last->number + 1 : 1;
    entry.event = {event.at, one_line(event.who), one_line(event.what), one_line(event.object),
                   one_line(event.from)};
    entry.previous = last ? last->hash : "";
    entry.hash = hash_of(organiser, entry);
    return entry;
}

Status check_chain(std::string_view organiser, std::span<const AuditEntry> entries,
                   std::string_view noted) {
    std::int64_t number = 0;
    std::string previous;
    bool seen = noted.empty();
    for (const AuditEntry& entry : entries) {
        ++number;
        if (entry.number != number || entry.previous != previous ||
            entry.hash != hash_of(organiser, entry)) {
            return fail(Errc::corrupt, "audit: entry " + std::to_string(number) +
                                           " is missing, was changed or was put in later");
        }
        previous = entry.hash;
        seen = seen || entry.hash == noted;
    }
    if (!seen) {
        return fail(Errc::corrupt,
                    "audit: the noted entry is not there; the log was cut off or written anew");
    }
    return {};
}

}  // namespace kaiku::central::people
