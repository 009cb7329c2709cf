#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "survey/result.hpp"
#include "sync/outbox.hpp"

namespace kaiku::sync {

/// What a damaged outbox still holds.
struct Salvaged {
    std::vector<OutboxEntry> entries;  ///< each id once, in the order of the ids
    std::size_t broken = 0;  ///< rows that began like an answer and could not be read whole
};

/// Reads every answer that stands whole in a page of an outbox file, or of the write-ahead log
/// beside it, whatever became of the rest: the file's own tree, header and lists are not relied on.
/// The files are not changed. A payload is taken if it is sealed or reads as a response; whether a
/// sealed one was changed shows only at central, which refuses it. Errc::not_found or io if the
/// file cannot be read, too_large beyond 1 GiB. Source of the rules: the database file format at
/// sqlite.org/fileformat2.html, sections 1.3 to 1.6 (pages, index cells, overflow, records) and 4
/// (write-ahead log).
Result<Salvaged> salvage_outbox(const std::filesystem::path& file);

}  // namespace kaiku::sync
