#pragma once

#include <chrono>
#include <optional>

#include "survey/response.hpp"

/// How wrong passwords slow down whoever tries, without locking out whom they try to be. Pure.
namespace kaiku::central::people {

/// Wrong tries in a row. One such count is kept for each client that has signed in as this person
/// before (it carries a cookie that says so), and for all others one for the person and address,
/// and one for the person.
struct Failures {
    int count = 0;
    survey::UtcSeconds last{};
    friend bool operator==(const Failures&, const Failures&) = default;
};

/// What is known of the three counts of one try.
struct TryCounts {
    std::optional<Failures> known_client;  ///< nothing: not a client that signed in before
    Failures address{};                    ///< of this person, from this address
    Failures person{};                     ///< of this person, from all unknown clients
};

/// After so many wrong tries in a row: nothing for three, then 1 s, doubling to 15 minutes.
std::chrono::seconds try_delay(int failures) noexcept;

/// How long this try is not heard; zero: it is.
///
/// A known client answers for its own tries alone, so that strangers who try all night do not keep
/// the person out. Strangers together have 100 tries in a row (NIST SP 800-63B 5.2.2); from then on
/// one in 15 minutes. A clock that was set back makes no wait longer than it would have been.
std::chrono::seconds wait_before_try(const TryCounts& counts, survey::UtcSeconds now) noexcept;

/// A count after one more wrong try. What is older than a day is forgotten.
Failures failed(const Failures& before, survey::UtcSeconds now) noexcept;

}  // namespace kaiku::central::people
