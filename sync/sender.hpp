#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sync/accounting.hpp"
#include "sync/attendance.hpp"
#include "sync/outbox.hpp"
#include "sync/protocol.hpp"
#include "sync/session.hpp"
#include "sync/uplink.hpp"

namespace kaiku::sync {

/// How long to wait after failures. delay = uniform(½…1) × min(cap, base × 2^(failures−1)).
struct BackoffPolicy {
    std::chrono::milliseconds base{1000};
    std::chrono::milliseconds cap{std::chrono::minutes{10}};
};
/// `random` is any 64 uniformly random bits. 0 failures means no delay.
std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, unsigned failures,
                                        std::uint64_t random) noexcept;

/// What one attempt to send came to.
struct SendOutcome {
    enum class Kind {
        idle,         ///< nothing waits
        sent,         ///< a receipt was applied; more may wait
        retry_later,  ///< no usable answer; nothing changed
        unauthorized  ///< central does not accept the credential; keep collecting
    };
    /// What kept answers from being taken, for whoever shows it in words of his own.
    enum class Trouble {
        none,
        unreachable,   ///< no usable answer came
        not_accepted,  ///< the credential or the signature
        revoked,       ///< by an operator
        forged         ///< an answer that central did not sign
    };
    Kind kind = Kind::idle;
    Trouble trouble = Trouble::none;
    std::size_t accepted = 0;
    std::size_t quarantined = 0;
    std::chrono::milliseconds retry_after{0};  ///< central's wish, 0 when none
    std::string detail;                        ///< one line for the operator
    bool renew = false;           ///< central has a new credential or key for the device
    bool renewed = false;         ///< which was fetched and kept (Sender)
    std::string renewal_trouble;  ///< why it was not; it is tried again later
    Told told;                    ///< of the ledger, when nothing waits (Sender)
    bool halved = false;          ///< central refused the batch whole, and took parts of it
};

/// How long to wait after an attempt before the next, and how many failed in a row. Sending never
/// gives up: no outcome and no number of failures makes this longer than an hour.
std::chrono::milliseconds wait_after(const SendOutcome& outcome, unsigned& failures,
                                     std::uint64_t random) noexcept;

/// How many answers go into the next batch: more while central takes them within a second, so that
/// a long queue shares its flushes and round trips; the first number again after any trouble, which
/// every central takes and a slow line carries.
class BatchSize {
  public:
    std::size_t get() const noexcept { return size_; }
    /// What the last attempt came to and how long it took.
    void note(const SendOutcome& outcome, std::chrono::milliseconds took) noexcept;

  private:
    std::size_t size_ = kFirstBatchResponses;
    bool may_grow_ = true;  ///< until central refuses a large one
};

/// Sends one batch of at most `limit` answers and applies the receipt: removes exactly the ids
/// that were sent *and* named as accepted; quarantines those that were sent and refused. Ids that a
/// receipt names but the batch did not hold are ignored. When a whole batch is refused as invalid
/// (400, 413, 422), the batch is halved until the single offender is found and quarantined,
/// provided that central takes an empty batch: otherwise the versions differ, and nothing changes.
/// `ahead` holds what the last call fetched for this one while it waited for central's answer, and
/// takes what the next call is to send; nullptr: nothing is fetched ahead.
Result<SendOutcome> send_once(Outbox& outbox, Uplink& uplink, DeviceSession& session,
                              std::vector<OutboxEntry>* ahead = nullptr,
                              std::size_t limit = kFirstBatchResponses);
/// As above, for a device without a key.
Result<SendOutcome> send_once(Outbox& outbox, Uplink& uplink, const std::string& credential);

/// An enrolled device's side of the wire: sends what waits, and renews credential and keys when
/// central asks for it. One thread owns it.
class Sender {
  public:
    /// Makes a renewal durable; on an error it is not used.
    using Keep = std::function<Status(const Enrolment&)>;
    Sender(Enrolment enrolment, std::shared_ptr<const SigningKey> key, Milliseconds now, Keep keep);

    /// send_once(), and a renewal when it is due; when nothing waits, the ledger. A device whose
    /// credential has expired renews it and sends again at once.
    Result<SendOutcome> send(Outbox& outbox, Uplink& uplink);
    /// sync::attend() as this device.
    Attended attend(Uplink& uplink, const Heartbeat& heartbeat) {
        return sync::attend(uplink, session_, heartbeat);
    }
    const Enrolment& enrolment() const noexcept { return enrolment_; }
    /// See DeviceSession::tell_clock().
    void tell_clock(ClockReader clock) { session_.tell_clock(std::move(clock)); }

  private:
    Result<SendOutcome> send_answers(Outbox& outbox, Uplink& uplink);
    Result<SendOutcome> send_batch(Outbox& outbox, Uplink& uplink);
    Status renew_now(Uplink& uplink);

    Enrolment enrolment_;
    Milliseconds now_;
    DeviceSession session_;
    Keep keep_;
    BatchSize batch_size_;
    int batches_before_renewal_ = 0;
    std::vector<OutboxEntry> ahead_;
    Accounting accounting_;
};

}  // namespace kaiku::sync
