#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sync/outbox.hpp"
#include "sync/session.hpp"
#include "sync/uplink.hpp"

namespace kaiku::sync {

/// What became of telling central the ledger.
struct Told {
    bool done = false;       ///< central answered with its own counts
    bool agrees = false;     ///< and they are ours
    bool refused = false;    ///< central does not accept the credential
    std::string difference;  ///< for the operator, when they are not
    std::string trouble;     ///< why central did not answer; it is told again later
    /// How long until there is something to tell again, if nothing else happens.
    std::chrono::milliseconds again{std::chrono::hours{1}};
};

/// A device's side of the ledger: tells its counts when they changed, at most once a minute, and
/// forgets what central agrees on.
class Accounting {
  public:
    Told tell(Outbox& outbox, Uplink& uplink, DeviceSession& session, std::int64_t now_ms);

  private:
    Told ask(Outbox& outbox, Uplink& uplink, DeviceSession& session, const LedgerReport& report,
             std::int64_t now_ms);
    std::optional<LedgerReport> told_;
    std::optional<std::int64_t> asked_at_ms_;
    bool unknown_to_central_ = false;  ///< one from before the ledger
};

}  // namespace kaiku::sync
