#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "survey/response.hpp"
#include "survey/result.hpp"

/// Who did what, each entry tied to the one before. Pure.
namespace kaiku::central::people {

/// What somebody did. Texts are one line each and hold no answer, text or secret.
struct AuditEvent {
    survey::UtcSeconds at{};
    std::string who;     ///< "person anna", "token 1f2e…", "shell root"
    std::string what;    ///< "read texts", "add person" …
    std::string object;  ///< whom or what it was done to; a selection of answers
    std::string from;    ///< command or route
    friend bool operator==(const AuditEvent&, const AuditEvent&) = default;
};

struct AuditEntry {
    std::int64_t number = 1;  ///< from 1 on, by organiser, without a gap
    AuditEvent event;
    std::string previous;  ///< hash of the entry before; empty for the first
    std::string hash;
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// The entry after `last`.
AuditEntry next_entry(std::string_view organiser, const std::optional<AuditEntry>& last,
                      const AuditEvent& event);

/// Errc::corrupt, naming the first number at which an entry is missing, was changed or put in.
///
/// Whoever may write in the database can write the whole chain anew, or cut off its end: so
/// operators note the last hash elsewhere, and `noted`, where it is not empty, must be in the
/// chain.
Status check_chain(std::string_view organiser, std::span<const AuditEntry> entries,
                   std::string_view noted);

}  // namespace kaiku::central::people
