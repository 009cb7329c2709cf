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
    std::string device_id;  ///< device: its id
    survey::UtcSeconds created_at{};
    std::optional<survey::UtcSeconds> expires_at;  ///< enrolment only
    friend bool operator==(const Secret&, const Secret&) = default;
};

/// One response on its way into the store. The contact wish is stored apart under `contact_id`,
/// which has no relation to the response's id.
struct Submission {
    survey::Response response;
    std::string contact_id;    ///< random; used only if the response carries a contact wish
    std::string received_day;  ///< "2026-11-22", for answering contact wishes in time
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

/// All state of the central side. Safe to call from any thread. What a call acknowledged is
/// durable; on error nothing changed. Errors: busy (locked by another), full, io (read-only or
/// failing disk), corrupt, unsupported (written by a newer version).
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
    /// Uses up an enrolment code and stores the device's credential, both or neither. The unit of
    /// the code becomes the device's. Errc::unauthorized if the code is unknown, used or expired.
    virtual Result<Unit> redeem(const std::string& code_hash, Secret device) = 0;
    /// Stores all submissions in one durable step; outcomes are in the same order. The same id
    /// twice is stored once, also within one call. A unit must exist.
    virtual Result<std::vector<Stored>> put(std::span<const Submission> submissions) = 0;
    /// Counts, taken from one consistent moment.
    virtual Result<Tallies> tally(const Selection& selection) = 0;
    /// Every selected response by hour, then id, which tells nothing about arrival; contact wishes
    /// are not part of it. `visit` returns false to stop.
    virtual Status visit(const Selection& selection,
                         const std::function<bool(const survey::Response&)>& visit) = 0;
    /// Success if a write would be durable at this moment (it does one).
    virtual Status check_writable() = 0;
};

}  // namespace kaiku::central
