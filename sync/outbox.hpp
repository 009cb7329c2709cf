#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "survey/response.hpp"
#include "survey/result.hpp"
#include "sync/ledger.hpp"

namespace kaiku::sync {

/// One stored response: its id and its encoded bytes, which the outbox never looks into.
struct OutboxEntry {
    survey::ResponseId id;
    std::string payload;
    std::string day{};  ///< counted as stored on this day when it is put; empty: not counted
};

/// Central's signed word on one batch, as it came.
struct KeptReceipt {
    std::int64_t number = 0;  ///< of the batch
    std::string body;
    std::string signature;
    friend bool operator==(const KeptReceipt&, const KeptReceipt&) = default;
};
/// As many are kept at most; the oldest go first.
inline constexpr std::int64_t kMaxKeptReceipts = 512;

/// Largest payload an outbox takes: the largest response with room for sealing it.
inline constexpr std::size_t kMaxEntryBytes = std::size_t{32} * 1024;
/// Errc::invalid for an empty payload, Errc::too_large beyond kMaxEntryBytes.
Status check_entry(const OutboxEntry& entry);

/// What waits, and what central refused.
struct OutboxCounts {
    std::int64_t waiting = 0;
    std::int64_t quarantined = 0;
    std::int64_t sent = 0;  ///< removed by receipts since the outbox was made
    friend bool operator==(const OutboxCounts&, const OutboxCounts&) = default;
};

/// Answers that central refused for the same reason.
struct QuarantineGroup {
    std::string reason;  ///< central's words, made printable: one line, no control characters
    std::int64_t count = 0;
    friend bool operator==(const QuarantineGroup&, const QuarantineGroup&) = default;
};
/// A reason as it is kept and shown: as one_line() writes it.
std::string printable_reason(const std::string& reason);

/// The durable queue on the device. One thread owns it. Unchanged on error.
class Outbox {
  public:
    virtual ~Outbox() = default;

    /// Durable when it returns success: a power cut afterwards does not lose the entry. Putting an
    /// id that waits or is quarantined succeeds and changes nothing. Ids already sent are forgotten
    /// on purpose (receipts() has them until both sides agree): a list of them on the device would
    /// outlive the answers and lead whoever steals the device to rows at central. Putting one again
    /// sends it again, and central, which stores by id, keeps its one copy. Errc::full when the
    /// disk or the configured limit is reached.
    virtual Status put(const OutboxEntry& entry) = 0;
    /// Ids whose answers are on their way.
    using Ids = std::set<survey::ResponseId>;
    /// Up to `limit` waiting entries but those in `without`, in an order that tells nothing about
    /// arrival.
    virtual Result<std::vector<OutboxEntry>> next_batch(std::size_t limit, const Ids& without) = 0;
    Result<std::vector<OutboxEntry>> next_batch(std::size_t limit) { return next_batch(limit, {}); }
    /// Removes exactly these ids; unknown ids are ignored. The receipts are kept in the same step.
    /// Their content, which is sealed, is overwritten by the next next_batch() at the latest, or
    /// when the outbox is opened again.
    virtual Status remove(const std::vector<survey::ResponseId>& ids,
                          std::span<const KeptReceipt> receipts) = 0;
    Status remove(const std::vector<survey::ResponseId>& ids) { return remove(ids, {}); }
    /// Moves one entry out of the queue, keeping it with its reason. Never deletes. Nothing changes
    /// for an id that is quarantined already; Errc::not_found for an unknown one.
    virtual Status quarantine(const survey::ResponseId& id, const std::string& reason) = 0;
    virtual Result<OutboxCounts> counts() = 0;
    /// What is quarantined by reason, the most frequent first, then by reason.
    virtual Result<std::vector<QuarantineGroup>> quarantined() = 0;
    /// Puts what is quarantined back into the queue, whole or not at all, and says how many that
    /// were. Errc::full when the queue's limit has no room for all of them.
    virtual Result<std::int64_t> requeue() = 0;
    /// Gives every kept payload, waiting or quarantined, to `change`, and replaces it by what that
    /// returns; nothing returned leaves it. Says how many were replaced. What they were is
    /// overwritten. On an error those replaced before stay replaced: call it again.
    using Change = std::function<Result<std::optional<std::string>>(std::string_view payload)>;
    virtual Result<std::int64_t> rewrite(const Change& change) = 0;

    // The ledger: counts by day, and central's receipts, until both sides agree on them.

    /// Adds to the counts of `more.day`.
    virtual Status note(const DayCounts& more) = 0;
    /// Every day that is not settled, with what waits and what is quarantined at this moment.
    virtual Result<LedgerReport> ledger() = 0;
    /// In the order of their numbers.
    virtual Result<std::vector<KeptReceipt>> receipts() = 0;
    /// Both sides agree on these days: ledger() names them no more, until one is counted on again.
    /// All but the last kMaxSettledDays are forgotten, and the receipts with numbers below
    /// `before`.
    virtual Status settle(const std::vector<std::string>& days, std::int64_t before) = 0;
};

}  // namespace kaiku::sync
