#include "sync/sender.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "survey/wire.hpp"
#include "sync/protocol.hpp"
#include "sync/renewal.hpp"

namespace kaiku::sync {
namespace {

constexpr int kMaxSkips = 3;
constexpr std::chrono::minutes kUnauthorizedWait{10};
constexpr int kBatchesBetweenRenewals = 64;
constexpr std::chrono::minutes kLedgerAfterRenewal{1};

/// No answer makes a device wait longer than this, whatever it asks for.
constexpr int kMaxRetryAfterS = 3600;

using Entries = std::vector<OutboxEntry>;
using Trouble = SendOutcome::Trouble;

/// How far into the batch the byte limit allows to go; always at least one entry.
std::size_t entries_that_fit(const Entries& entries) {
    constexpr std::size_t kFramingBytes = 128;  // of the envelope, and of each id around a payload
    std::size_t bytes = kFramingBytes;
    std::size_t count = 0;
    while (count < entries.size()) {
        bytes += entries[count].payload.size() + kFramingBytes;
        if (bytes > kMaxBatchBytes && count > 0) break;
        ++count;
    }
    return count;
}

bool is_refusal_of_the_whole(const UplinkReply& reply) {
    // Boxes on the way answer 400 and 413 in HTML; only central's own JSON may condemn an answer.
    const bool from_central = reply.content_type.find("json") != std::string::npos;
    return from_central && (reply.status == 400 || reply.status == 413 || reply.status == 422);
}

/// For the operator, when central turns the device away.
std::string why_refused(const UplinkReply& reply) {
    const auto reason = header_of(reply.headers, kReasonHeader);
    if (reason == kReasonRevoked) {
        return "central has revoked this device; answers are kept, and sent once it is enrolled "
               "again (kaiku-kiosk --enroll)";
    }
    if (reason == kReasonExpired) return "this device's credential has expired";
    if (reason == kReasonSignature) {
        return "central does not accept this device's signature: it knows another key of it; "
               "enrol it again";
    }
    return "central does not accept this device's credential (status " +
           std::to_string(reply.status) + "); enrol it again";
}

/// Sends one batch, and its halves when central refuses it whole.
class Sending {
  public:
    /// `ahead` is where the batch after this one goes; nullptr: none is fetched.
    Sending(Outbox& outbox, Uplink& uplink, DeviceSession& session, Entries* ahead,
            std::size_t limit)
        : outbox_(outbox), uplink_(uplink), session_(session), ahead_(ahead), limit_(limit) {}

    Result<SendOutcome> run(Entries entries) {
        // Depth first, so that what is accepted leaves the outbox as early as possible. At most
        // 2 × kMaxBatchResponses posts, twice where a central knows no verdicts: every one ends a
        // branch, halves it or takes the verdicts off, one is empty.
        open_.push_back(std::move(entries));
        while (!open_.empty()) {
            Entries batch = std::move(open_.back());
            open_.pop_back();
            auto answer = post(encode_batch(batch), [&] { look_ahead(batch); });
            if (!answer) return stop(SendOutcome::Kind::retry_later, answer.error().detail);
            const UplinkReply* reply = &answer->reply;
            if (is_refusal_of_the_whole(*reply) && batch.size() > 1) {
                outcome_.halved = true;
                const auto middle = batch.begin() + std::ssize(batch) / 2;
                open_.emplace_back(std::make_move_iterator(middle),
                                   std::make_move_iterator(batch.end()));
                batch.erase(middle, batch.end());
                open_.push_back(std::move(batch));
                continue;
            }
            auto carry_on = judge(batch, *answer);
            if (!carry_on) return tl::make_unexpected(carry_on.error());
            if (!*carry_on) return outcome_;
        }
        if (changed()) return stop(SendOutcome::Kind::sent, summary());
        return stop(
            SendOutcome::Kind::retry_later,
            outcome_.trouble == Trouble::forged
                ? "a refusal without central's signature: nothing was put away (is somebody "
                  "in between, or is central older than this program?)"
                : "central's receipt names none of the answers that were sent");
    }

  private:
    /// A reply, and the letter that it answers.
    struct Answer {
        DeviceSession::Letter letter;
        UplinkReply reply;
    };

    /// Fetches the next batch while this one is on its way; trouble shows when it is fetched again.
    void look_ahead(const Entries& batch) {
        if (ahead_ == nullptr || !ahead_->empty() || !open_.empty()) return;
        Outbox::Ids on_the_way;
        for (const OutboxEntry& entry : batch) on_the_way.insert(entry.id);
        auto next = outbox_.next_batch(limit_, on_the_way);
        if (!next) return;
        *ahead_ = std::move(*next);
    }

    /// Posts under the next number, and under central's when it knows that one already.
    Result<Answer> post(const std::string& body, const std::function<void()>& meanwhile) {
        for (int skips = 0;; ++skips) {
            Answer answer{session_.letter(SignedType::batch, "/v1/batches", body), {}};
            auto reply = uplink_.post_while(answer.letter.request, meanwhile);
            if (!reply) return tl::make_unexpected(reply.error());
            answer.letter.request.body.clear();
            answer.reply = std::move(*reply);
            const bool again = answer.reply.status == 409 && skips < kMaxSkips &&
                               session_.skip_to(answer.letter, answer.reply);
            if (again) continue;
            const auto wish = header_of(answer.reply.headers, kRenewHeader);
            const auto reason = header_of(answer.reply.headers, kReasonHeader);
            outcome_.renew = outcome_.renew || wish == "yes" || reason == kReasonExpired;
            return answer;
        }
    }

    bool changed() const noexcept { return outcome_.accepted + outcome_.quarantined > 0; }

    std::string summary() const {
        return std::to_string(outcome_.accepted) + " accepted, " +
               std::to_string(outcome_.quarantined) + " quarantined";
    }

    /// Ends the run. An attempt that changed something counts as sent: the next one tells the rest.
    SendOutcome stop(SendOutcome::Kind kind, std::string detail) {
        const bool lost_on_the_way = kind == SendOutcome::Kind::retry_later && changed();
        outcome_.kind = lost_on_the_way ? SendOutcome::Kind::sent : kind;
        if (kind == SendOutcome::Kind::retry_later && outcome_.trouble == Trouble::none) {
            outcome_.trouble = Trouble::unreachable;
        }
        outcome_.detail = lost_on_the_way ? summary() + ", then: " + detail : std::move(detail);
        return outcome_;
    }

    /// Applies one answer. True: go on with what is left; false: the outcome is decided.
    Result<bool> judge(const Entries& batch, const Answer& answer) {
        const UplinkReply& reply = answer.reply;
        if (is_refusal_of_the_whole(reply) && !is_understood()) {
            stop(SendOutcome::Kind::retry_later,
                 "central refuses even an empty batch (status " + std::to_string(reply.status) +
                     "): its version and this program's do not go together");
            return false;
        }
        if (is_refusal_of_the_whole(reply) &&
            !session_.is_genuine(SignedType::refusal, answer.letter, reply)) {
            // The others go on; only central's own word condemns this one.
            outcome_.trouble = Trouble::forged;
            return true;
        }
        if (is_refusal_of_the_whole(reply)) {
            return apply(
                batch, Receipt{{},
                               {{batch.front().id.text(), "central refused it alone with status " +
                                                              std::to_string(reply.status)}}});
        }
        if (reply.status == 200 &&
            !session_.is_genuine(SignedType::receipt, answer.letter, reply)) {
            outcome_.trouble = Trouble::forged;
            stop(SendOutcome::Kind::retry_later,
                 "status 200 without central's signature: nothing was removed (is somebody in "
                 "between, or did central lose its signing key?)");
            return false;
        }
        if (reply.status == 200) {
            auto receipt = decode_receipt(reply.body);
            if (receipt) return apply(batch, *receipt, &answer);
            stop(SendOutcome::Kind::retry_later,
                 "status 200 without a receipt (a log-in page on the way?): " +
                     receipt.error().detail);
            return false;
        }
        if (reply.status == 401 || reply.status == 403) {
            const auto reason = header_of(reply.headers, kReasonHeader);
            outcome_.trouble = reason == kReasonRevoked ? Trouble::revoked : Trouble::not_accepted;
            stop(SendOutcome::Kind::unauthorized, why_refused(reply));
            return false;
        }
        outcome_.retry_after =
            std::chrono::seconds(std::clamp(reply.retry_after_s, 0, kMaxRetryAfterS));
        stop(SendOutcome::Kind::retry_later,
             "central answered with status " + std::to_string(reply.status));
        return false;
    }

    /// Whether central takes what this program speaks at all. Otherwise a refusal says nothing
    /// about the answers, and quarantining them would put away every one of them.
    bool is_understood() {
        if (!understood_) {
            const auto answer = post(encode_batch({}), [] {});
            understood_ =
                answer && answer->reply.status == 200 && decode_receipt(answer->reply.body);
        }
        return *understood_;
    }

    /// `answer` is what the receipt came in, if it is central's word on the whole batch.
    Result<bool> apply(const Entries& batch, const Receipt& receipt,
                       const Answer* answer = nullptr) {
        std::set<std::string_view> sent;
        for (const auto& entry : batch) sent.insert(entry.id.text());
        // An id that is both accepted and refused is quarantined: that keeps it.
        for (const auto& refusal : receipt.refused) {
            if (sent.erase(refusal.id) == 0) continue;
            if (keep_for_older(batch, refusal.id)) continue;
            const auto id = survey::ResponseId::parse(refusal.id);
            if (!id) continue;
            if (auto done = outbox_.quarantine(*id, refusal.reason); !done) {
                return tl::make_unexpected(done.error());
            }
            ++outcome_.quarantined;
        }
        std::vector<survey::ResponseId> stored;
        for (const auto& text : receipt.accepted) {
            if (sent.erase(text) == 0) continue;
            if (const auto id = survey::ResponseId::parse(text)) stored.push_back(*id);
        }
        const auto signature =
            answer == nullptr ? "" : header_of(answer->reply.headers, kSignatureHeader);
        if (session_.key() != nullptr && session_.central() && !signature.empty()) {
            const KeptReceipt kept{answer->letter.number, answer->reply.body,
                                   std::string(signature)};
            if (auto done = outbox_.remove(stored, {&kept, 1}); !done) {
                return tl::make_unexpected(done.error());
            }
        } else if (!stored.empty()) {
            if (auto done = outbox_.remove(stored); !done) return tl::make_unexpected(done.error());
        }
        outcome_.accepted += stored.size();
        return true;
    }

    /// A central from before the verdict on misuse refuses what carries one: the answer goes again
    /// without. True if it does.
    bool keep_for_older(const Entries& batch, const std::string& id) {
        const auto entry = std::find_if(batch.begin(), batch.end(),
                                        [&id](const auto& each) { return each.id.text() == id; });
        if (entry == batch.end()) return false;
        auto older = survey::without_verdict(entry->payload);
        if (!older) return false;
        open_.push_back(Entries{{entry->id, std::move(*older)}});
        return true;
    }

    std::vector<Entries> open_;
    Outbox& outbox_;
    Uplink& uplink_;
    DeviceSession& session_;
    Entries* ahead_;
    std::size_t limit_;
    SendOutcome outcome_;
    std::optional<bool> understood_;  // not asked yet
};

}  // namespace

std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, unsigned failures,
                                        std::uint64_t random) noexcept {
    using std::chrono::milliseconds;
    if (failures == 0 || policy.base.count() <= 0) return milliseconds{0};
    auto envelope = std::min(policy.base, policy.cap);
    for (unsigned step = 1; step < failures && envelope < policy.cap; ++step) {
        envelope = envelope > policy.cap / 2 ? policy.cap : envelope * 2;
    }
    // The upper 53 bits as a fraction in [0, 1).
    const double fraction = static_cast<double>(random >> 11U) * 0x1p-53;
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(envelope.count()) *
                                                       (0.5 + 0.5 * fraction)));
}

Result<SendOutcome> send_once(Outbox& outbox, Uplink& uplink, DeviceSession& session,
                              std::vector<OutboxEntry>* ahead, std::size_t limit) {
    Entries entries;
    if (ahead != nullptr) entries = std::exchange(*ahead, {});
    if (entries.empty()) {
        auto waiting = outbox.next_batch(limit);
        if (!waiting) return tl::make_unexpected(waiting.error());
        entries = std::move(*waiting);
    }
    if (entries.empty()) return SendOutcome{};
    // What was fetched ahead may be more than is wanted by now.
    const auto keep = static_cast<std::ptrdiff_t>(std::min(entries_that_fit(entries), limit));
    entries.erase(entries.begin() + keep, entries.end());
    auto outcome = Sending(outbox, uplink, session, ahead, limit).run(std::move(entries));
    const bool sent = outcome && outcome->kind == SendOutcome::Kind::sent;
    if (!sent && ahead != nullptr) ahead->clear();  // who knows when the next attempt is
    return outcome;
}

Result<SendOutcome> send_once(Outbox& outbox, Uplink& uplink, const std::string& credential) {
    DeviceSession session(credential);
    return send_once(outbox, uplink, session);
}

std::chrono::milliseconds wait_after(const SendOutcome& outcome, unsigned& failures,
                                     std::uint64_t random) noexcept {
    switch (outcome.kind) {
        case SendOutcome::Kind::idle:
        case SendOutcome::Kind::sent:
            failures = 0;
            return std::chrono::milliseconds{0};
        case SendOutcome::Kind::unauthorized:
            ++failures;
            return kUnauthorizedWait;
        case SendOutcome::Kind::retry_later:
            break;
    }
    return std::max(backoff_delay({}, ++failures, random), outcome.retry_after);
}

Sender::Sender(Enrolment enrolment, std::shared_ptr<const SigningKey> key, Milliseconds now,
               Keep keep)
    : enrolment_(std::move(enrolment)),
      now_(now),
      session_(enrolment_, std::move(key), std::move(now)),
      keep_(std::move(keep)) {}

Result<SendOutcome> Sender::send(Outbox& outbox, Uplink& uplink) {
    auto outcome = send_answers(outbox, uplink);
    if (outcome && outcome->kind == SendOutcome::Kind::idle) {
        outcome->told = accounting_.tell(outbox, uplink, session_, now_());
        // Where nothing waits, this is where a credential's end shows first.
        if (outcome->told.refused && renew_now(uplink)) {
            outcome->renewed = true;
            outcome->told = {};
            outcome->told.again = kLedgerAfterRenewal;
        }
    }
    return outcome;
}

Result<SendOutcome> Sender::send_batch(Outbox& outbox, Uplink& uplink) {
    const std::int64_t began = now_();
    auto outcome = send_once(outbox, uplink, session_, &ahead_, batch_size_.get());
    if (outcome) batch_size_.note(*outcome, std::chrono::milliseconds(now_() - began));
    return outcome;
}

Result<SendOutcome> Sender::send_answers(Outbox& outbox, Uplink& uplink) {
    auto outcome = send_batch(outbox, uplink);
    if (!outcome || !outcome->renew) return outcome;
    // A renewal that failed is not tried again with every batch of a long queue.
    const bool refused = outcome->kind == SendOutcome::Kind::unauthorized;
    if (!refused && batches_before_renewal_ > 0) {
        --batches_before_renewal_;
        return outcome;
    }
    if (const Status renewed = renew_now(uplink); !renewed) {
        batches_before_renewal_ = kBatchesBetweenRenewals;
        outcome->renewal_trouble = renewed.error().detail;
        return outcome;
    }
    outcome->renewed = true;
    if (!refused) return outcome;
    auto again = send_batch(outbox, uplink);
    if (again) again->renewed = true;
    return again;
}

Status Sender::renew_now(Uplink& uplink) {
    auto renewed = renew(uplink, session_, enrolment_);
    if (!renewed) return tl::make_unexpected(renewed.error());
    // What is not on the disk is not used: after a power cut the device must know what it is.
    if (auto kept = keep_(*renewed); !kept) return kept;
    enrolment_ = std::move(*renewed);
    session_.take(enrolment_);
    return {};
}

}  // namespace kaiku::sync
