#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "central/ops/readiness.hpp"
#include "central/service/failure_limit.hpp"
#include "central/service/group_commit.hpp"
#include "central/service/message.hpp"
#include "central/service/metrics.hpp"
#include "central/service/rate_limit.hpp"
#include "central/service/remembered.hpp"
#include "central/service/secrets.hpp"
#include "central/store/store.hpp"
#include "sync/protocol.hpp"
#include "sync/sealing.hpp"

namespace kaiku::central::fleet {
class Fleet;
}

namespace kaiku::central {

/// What the handlers need from outside besides the store.
struct ServiceEnvironment {
    std::function<survey::UtcSeconds()> now;
    /// The county's day of a moment, "2026-11-22".
    std::function<std::string(survey::UtcSeconds)> day_of;
    Entropy entropy;
    std::size_t enrolment_failures_per_minute = 10;
    /// Opens sealed answers; its public half is told to devices that enrol and renew. Outlives the
    /// service. Without one, devices keep their answers unsealed.
    const sync::Opener* key = nullptr;
    std::string web_url{};  ///< of the web survey, told to devices that enrol; needs a key
    /// Signs what devices are answered; its public half is told to devices that enrol with a key of
    /// their own. Outlives the service. Without one nothing is signed.
    const sync::SigningKey* signing = nullptr;
    std::chrono::seconds credential_life = std::chrono::days(90);  ///< of a device's credential
    std::size_t device_requests_per_minute = 6000;                 ///< of each device; 0: no limit
    /// Of the whole process, where services share one. Outlives them. Without one, its own.
    Metrics* metrics = nullptr;
    fleet::Fleet* fleet = nullptr;  ///< outlives the service; without one there are no such routes
    std::vector<ops::Check> checks{};  ///< what /ready asks besides store and keys
    /// Never goes back; for what is remembered for a few seconds.
    std::function<std::chrono::milliseconds()> uptime = [] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
    };
};

/// All routes of the endpoint (docs/openapi.yaml), without sockets: request in, reply out. Holds no
/// state that matters: everything acknowledged is in the store. Any thread may call handle().
class Service {
  public:
    Service(Store& store, ServiceEnvironment environment);

    /// Never throws; a bug inside becomes a 500 that says nothing about the request.
    Reply handle(const Request& request) noexcept;
    /// As Handler::answer_quickly: takes single answers whose token and unit are remembered, and
    /// which nothing is to be said against. Many wait for one flush this way, and no thread does.
    bool answer_quickly(const Request& request, const Answer& answer) noexcept;

    // The door for other rooms that take answers in.
    Result<std::vector<Unit>> units();
    /// Whether the response has been stored; for the web channel.
    Result<bool> holds(const survey::ResponseId& id);
    /// Checks, masks and stores one response as POST /v1/responses does: one rule for all ways in.
    /// Errc::invalid or too_large when it breaks the wire format's rules or names no unit;
    /// otherwise the store's errors, which are logged and counted here.
    Result<Stored> accept(const survey::Response& response);

  private:
    /// Who sends, or the reply that turns him away.
    struct Caller {
        std::optional<Secret> secret;
        Reply refusal;
    };

    /// A device that may send, or the reply that turns it away.
    struct Sender {
        std::optional<Device> device;
        std::int64_t number = 0;  ///< of its message; 0 when it signs nothing
        bool renew = false;       ///< it should ask for a new credential or key
        Reply refusal;
    };

    Reply route(const Request& request);
    Reply enroll(const Request& request);
    Reply renew(const Request& request);
    Reply batches(const Request& request);
    Reply ledger(const Request& request);
    Reply heartbeat(const Request& request);
    Reply config(const Request& request);
    Reply responses(const Request& request);
    /// What POST /v1/responses says of what is durable.
    static Reply stored_reply(const survey::ResponseId& id, Stored outcome);
    Reply ready();

    std::string sealing_key() const;
    /// The responses of a batch's elements as they will be kept, opened if they came sealed.
    /// Errc::network when nobody answers who could open them.
    Result<std::vector<Result<Submission>>> submissions_of(
        const std::vector<sync::BatchItem>& items) const;
    Result<Submission> submission_of(const sync::BatchItem& item,
                                     const Result<std::string>* plain) const;
    /// Whether something was sealed to another key than devices are to seal to now.
    bool is_sealed_before(const std::vector<sync::BatchItem>& items) const;
    Caller authenticate(const Request& request, SecretKind wanted);
    std::optional<Reply> refuse_secret(const Secret& secret, SecretKind wanted) const;
    /// Whether the request bears a token that is remembered and good for answers.
    bool has_remembered_token(const Request& request);
    /// Checks credential, body size, type and signature of a device's message.
    Sender admit(const Request& request, sync::SignedType type, std::size_t max_bytes);
    /// Whether the device signed this message under a number of its own; else the refusal.
    std::optional<Reply> check_signature(const Request& request, sync::SignedType type,
                                         const Device& device, const sync::SignerKey& key) const;
    std::optional<Reply> check_renewal(const Request& request, const Device& device,
                                       const sync::Renewal& renewal);
    Reply stale(const Device& device, std::int64_t number) const;
    MessageMark mark_of(const Request& request, const Sender& sender) const;
    Reply signed_reply(const Sender& sender, sync::SignedType type, std::string body) const;
    Reply signed_reply(const Sender& sender, sync::SignedType type, Reply reply) const;
    Secret new_credential(const std::string& device_id, const std::string& bearer) const;
    sync::Enrolment enrolment_of(const std::string& device_id, const std::string& bearer,
                                 const Unit& unit, bool has_key) const;
    Reply store_trouble(const Error& error);
    /// As it is kept: with the hour alone, and its text masked.
    static Submission prepare(survey::Response response);
    /// Gives the contact, if there is one, a name of its own: nothing leads from it to the answers.
    void separate_contact(Submission& submission);
    void judge_time(Submission& submission, const std::optional<survey::ClockReading>& present);
    void count(const std::vector<Submission>& submissions, const std::vector<Stored>& outcomes);
    void count(survey::Channel channel, Stored outcome);

    Store& store_;
    ServiceEnvironment environment_;
    std::unique_ptr<Metrics> own_metrics_;
    Metrics& metrics_;
    Remembered remembered_;
    GroupCommit commits_;
    FailureLimit enrolment_failures_;
    RateLimit device_requests_;
};

}  // namespace kaiku::central
