#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "central/sql/database.hpp"
#include "survey/response.hpp"
#include "sync/signing.hpp"

/// What is kept for how long, and the proof that the rest is gone.
namespace kaiku::central::ops {

/// Kinds of personal data that end at different times.
enum class DataClass {
    open_text,  ///< what people wrote; their other answers stay, and so do all figures
    contacts,   ///< wishes to be called
    devices     ///< revoked terminals and what was counted of them
};
std::string_view name_of(DataClass what);

/// For how many days each class is kept; nothing: for ever.
struct RetentionRules {
    std::optional<std::chrono::days> open_text{};
    std::optional<std::chrono::days> contacts{};
    std::optional<std::chrono::days> devices{};

    bool any() const noexcept { return open_text || contacts || devices; }
};

/// What of a class is older than it may be.
struct Due {
    DataClass what = DataClass::open_text;
    std::chrono::sys_days before;  ///< a local day: all from before it
    std::int64_t rows = 0;
};

/// One deletion, as it was recorded in its transaction. Tells how many rows, never which.
struct DeletionRecord {
    std::int64_t number = 0;  ///< 1, 2, 3 … of an organiser
    std::string body;  ///< JSON: class, before, rows, done_at, and the hash of the record before it
    std::string signature;  ///< by central's key for signing, of organiser, number and body
};

/// One organiser's data. Safe to call from any thread.
class Retention {
  public:
    /// `key` outlives it.
    Retention(std::shared_ptr<sql::Database> database, std::string organiser,
              const sync::SigningKey& key)
        : database_(std::move(database)), organiser_(std::move(organiser)), key_(key) {}

    /// Counts, and changes nothing. `today` is a local day.
    Result<std::vector<Due>> due(const RetentionRules& rules, std::chrono::sys_days today);
    /// Deletes what is due, in transactions of at most a few thousand rows that each hold the
    /// record of what they deleted. Says what went; what was done before an error stays done.
    Result<std::vector<Due>> apply(const RetentionRules& rules, std::chrono::sys_days today,
                                   survey::UtcSeconds now);
    /// In the order of their numbers.
    Result<std::vector<DeletionRecord>> records();

  private:
    Result<std::int64_t> apply(const Due& due, survey::UtcSeconds now);

    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
    const sync::SigningKey& key_;
};

/// Whether nobody has changed, added or taken away a record but the last ones: each is signed and
/// names the one before it. Errc::corrupt names the first that is wrong.
Status check_records(const std::string& organiser, std::span<const DeletionRecord> records,
                     const sync::SignerKey& key);

}  // namespace kaiku::central::ops
