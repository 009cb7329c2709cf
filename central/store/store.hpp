#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "survey/response.hpp"
#include "survey/result.hpp"
#include "survey/statistics.hpp"
#include "sync/ledger.hpp"

namespace kaiku::central {

/// A service unit. `parent` and `oid` may be empty.
struct Unit {
    std::string code;
    std::string name_fi;
    std::string name_sv;
    std::string parent;  ///< code of the unit this one belongs to
    std::string oid;     ///< SOTE organisation register
    friend bool operator==(const Unit&, const Unit&) = default;
};

/// What a secret opens. Only hashes of secrets ever reach the store.
enum class SecretKind { enrolment, device, token };

/// A secret's hash and what it stands for.
struct Secret {
    std::string hash;  ///< SHA-256, hex
    SecretKind kind = SecretKind::token;
    std::string unit;       ///< enrolment and device: its unit
    std::string scope;      ///< token: what it may do
    std::string device_id;  ///< device: its id; enrolment: the device that is replaced, or empty
    survey::UtcSeconds created_at{};
    std::optional<survey::UtcSeconds> expires_at;  ///< enrolment and device
    friend bool operator==(const Secret&, const Secret&) = default;
};

/// A terminal that was enrolled once. It stays while it is in use, so that the history of its unit
/// does; a revoked one until retention takes it.
struct Device {
    std::string id;
    std::string unit;
    std::string public_key{};  ///< Ed25519, as sync::encode_signer; empty: it signs nothing yet
    survey::UtcSeconds enrolled_at{};
    std::optional<survey::UtcSeconds> seen_at{};  ///< hour of its last batch
    std::optional<survey::UtcSeconds> revoked_at{};
    std::string replaced_by{};       ///< id of the device in its place
    std::int64_t number = 0;         ///< the largest of its messages
    std::string number_signature{};  ///< of that message
    friend bool operator==(const Device&, const Device&) = default;
};

/// What is remembered of a device's message, in the step that stores what it brought.
struct MessageMark {
    std::string device_id;
    std::int64_t number = 0;  ///< 0: not signed
    std::string signature{};
    survey::UtcSeconds seen_at{};  ///< a whole hour
};

/// One response on its way into the store. The contact wish is stored apart under `contact_id`,
/// which has no relation to the response's id.
struct Submission {
    survey::Response response;
    std::string contact_id;    ///< random; used only if the response carries a contact wish
    std::string received_day;  ///< "2026-11-22", for answering contact wishes in time
    std::string device_id{};   ///< whose ledger counts it; empty: nobody's
    std::string device_day{};  ///< the day on which the device counted it
    std::optional<survey::ClockReading> device_clock{};  ///< as it answered; not stored
};

/// What device and central count of one day, side by side.
struct LedgerRow {
    std::string device_id;
    sync::DayReceived central;            ///< and the day
    std::optional<sync::DayCounts> told;  ///< by the device; nothing yet
    friend bool operator==(const LedgerRow&, const LedgerRow&) = default;
};
/// What a device said last of what it holds.
struct Standing {
    std::string device_id;
    std::int64_t waiting = 0;
    std::int64_t quarantined = 0;
    survey::UtcSeconds told_at{};  ///< a whole hour
    friend bool operator==(const Standing&, const Standing&) = default;
};
struct Ledger {
    std::vector<LedgerRow> rows;      ///< by device, then day
    std::vector<Standing> standings;  ///< by device
};

/// What became of a submission: stored by this call, or there already (nothing changed).
enum class Stored { now, before };

/// Which responses: answered in [from, to), of these units (all when nothing is given).
struct Selection {
    survey::UtcSeconds from{};
    survey::UtcSeconds to = survey::UtcSeconds::max();
    std::optional<std::set<std::string>> units;
    bool with_flagged = true;                 ///< those that a misuse rule flagged too
    std::optional<std::string> instrument{};  ///< id; all of them when nothing is given
    std::optional<int> version{};             ///< of the instrument
    std::optional<std::string> respondent{};  ///< kind, as survey::to_string says it
};

/// One wording of a survey: figures of different ones are never pooled without saying so.
struct InstrumentVersion {
    std::string id;
    int version = 0;
    auto operator<=>(const InstrumentVersion&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Counts of the responses of one unit, channel, language, respondent kind and instrument.
struct TallyKey {
    std::string unit;
    std::string channel;
    std::string language;
    std::string respondent{};
    InstrumentVersion instrument{};
    auto operator<=>(const TallyKey&) const = default;  // NOLINT(modernize-use-nullptr)
};
struct Tally {
    std::int64_t responses = 0;
    std::int64_t flagged = 0;   ///< of these
    std::int64_t assisted = 0;  ///< of these: somebody helped to answer
    survey::NpsCounts nps;
    std::map<std::string, survey::StatementCounts> statements;
    friend bool operator==(const Tally&, const Tally&) = default;
};
using Tallies = std::map<TallyKey, Tally>;

/// A rollup row that does not count what the answers say.
struct RollupDifference {
    std::string unit;
    std::string level;       ///< "d", "m" or "y"
    std::int64_t start = 0;  ///< 20261123, 202611 or 2026
    std::string slice;       ///< channel, language, respondent kind, flags, instrument version
    std::optional<std::int64_t> counted;  ///< responses of the row; nothing if it is unreadable
    std::int64_t stored = 0;              ///< responses that it should count
    friend bool operator==(const RollupDifference&, const RollupDifference&) = default;
};
/// Hears of each month, as 202611, when work on it begins.
using MonthTold = std::function<void(std::int64_t)>;

/// All state of one organiser's central side. Safe to call from any thread. What a call
/// acknowledged is durable; on error nothing changed. Errors: busy (locked by another), full, io
/// (read-only or failing disk), corrupt, unsupported (written by a newer version).
class Store {
  public:
    virtual ~Store() = default;

    /// Errc::refused if the code is taken, Errc::not_found if the parent does not exist.
    virtual Status add_unit(const Unit& unit) = 0;
    /// In the order of their codes.
    virtual Result<std::vector<Unit>> units() = 0;
    /// Errc::not_found if the secret names a unit that does not exist.
    virtual Status add_secret(const Secret& secret) = 0;
    /// The device or token with this hash. Enrolment codes are never found here.
    virtual Result<std::optional<Secret>> find_credential(const std::string& hash) = 0;
    /// Uses up an enrolment code and stores the device with its credential, all or nothing. The
    /// unit of the code becomes the device's; a device that the code replaces is revoked.
    /// `public_key` may be empty. Errc::unauthorized if the code is unknown, used or expired.
    virtual Result<Unit> redeem(const std::string& code_hash, Secret device,
                                const std::string& public_key) = 0;
    /// In the order of their ids, which says nothing.
    virtual Result<std::vector<Device>> devices() = 0;
    virtual Result<std::optional<Device>> find_device(const std::string& id) = 0;
    /// Stores a device's new credential, and its key if it had none, in one durable step; its
    /// credentials that have expired by then go. Errc::not_found for an unknown device,
    /// Errc::refused if it has another key or the mark's number is not larger than its last.
    virtual Status renew(const Secret& credential, const std::string& public_key,
                         const MessageMark& mark) = 0;
    /// From now on the device is refused. `replaced_by` may be empty. What stands of an earlier
    /// revocation stays. Errc::not_found for an unknown device.
    virtual Status revoke(const std::string& id, survey::UtcSeconds when,
                          const std::string& replaced_by) = 0;
    /// Gives an end to every device's credential that has none; says how many those were.
    virtual Result<std::int64_t> end_credentials(survey::UtcSeconds when) = 0;
    /// Stores all submissions and marks in one durable step; outcomes are in the submissions'
    /// order. The same id twice is stored once, also within one call. A unit must exist. A mark
    /// never makes a device's number smaller. What is stored now counts in its device's ledger as
    /// received; what a person had sent on a phone before, once as elsewhere.
    virtual Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                            std::span<const MessageMark> marks) = 0;
    Result<std::vector<Stored>> put(std::span<const Submission> submissions) {
        return put(submissions, {});
    }
    /// Stores what a device counted, and its mark, in one step. Errc::not_found for an unknown one.
    virtual Status take_ledger(const sync::LedgerReport& report, const MessageMark& mark) = 0;
    /// The days `from` to `to` ("2026-11-22"), of one device or, when `device_id` is empty, of all.
    virtual Result<Ledger> ledger(const std::string& device_id, const std::string& from,
                                  const std::string& to) = 0;
    /// Whether a response with this id is stored.
    virtual Result<bool> holds(const survey::ResponseId& id) = 0;
    /// Counts, taken from one consistent moment. Of whole local days they come from rollups: the
    /// time it takes does not grow with the number of answers.
    virtual Result<Tallies> tally(const Selection& selection) = 0;
    /// Recomputes the rollups from the answers and names every difference.
    virtual Result<std::vector<RollupDifference>> verify(const MonthTold& told) = 0;
    /// Writes the rollups anew from the answers, while others go on storing.
    virtual Status rebuild(const MonthTold& told) = 0;
    /// Every selected response by hour, then id, which tells nothing about arrival; contact wishes
    /// are not part of it. `visit` returns false to stop.
    virtual Status visit(const Selection& selection,
                         const std::function<bool(const survey::Response&)>& visit) = 0;
    /// Success if a write would be durable at this moment (it does one).
    virtual Status check_writable() = 0;
};

}  // namespace kaiku::central
