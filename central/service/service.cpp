#include "central/service/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "central/ops/log.hpp"
#include "central/service/problem.hpp"
#include "central/service/service_replies.hpp"
#include "survey/masking.hpp"
#include "survey/wire.hpp"
#include "sync/clock_reading.hpp"
#include "sync/in_parallel.hpp"
#include "sync/protocol.hpp"

namespace kaiku::central {
namespace {

struct Route {
    std::string_view path;
    std::string_view method;
};
constexpr std::array kRoutes{Route{"/v1/enroll", "POST"},    Route{"/v1/batches", "POST"},
                             Route{"/v1/renew", "POST"},     Route{"/v1/ledger", "POST"},
                             Route{"/v1/heartbeat", "POST"}, Route{"/v1/config", "GET"},
                             Route{"/v1/responses", "POST"}, Route{"/health", "GET"},
                             Route{"/ready", "GET"},         Route{"/metrics", "GET"}};

const Route* find_route(std::string_view path) {
    const auto* found = std::find_if(kRoutes.begin(), kRoutes.end(),
                                     [&](const Route& route) { return route.path == path; });
    return found == kRoutes.end() ? nullptr : found;
}

/// Names the code, which says nothing about who answered what; nobody could put it right without.
std::string unit_missing(const std::string& code) { return "there is no unit '" + code + "'"; }

}  // namespace

Service::Service(Store& store, ServiceEnvironment environment)
    : store_(store),
      environment_(std::move(environment)),
      own_metrics_(environment_.metrics == nullptr ? std::make_unique<Metrics>() : nullptr),
      metrics_(own_metrics_ ? *own_metrics_ : *environment_.metrics),
      remembered_(store, environment_.uptime),
      commits_(store, &metrics_),
      enrolment_failures_(environment_.enrolment_failures_per_minute),
      device_requests_(environment_.device_requests_per_minute) {}

Reply Service::handle(const Request& request) noexcept {
    try {
        Reply reply = route(request);
        const Route* known = find_route(request.path);
        if (known != nullptr) reply.route = known->path;
        return reply;
    } catch (const std::exception& exception) {
        spdlog::error("a handler failed: {}", typeid(exception).name());
    } catch (...) {
        spdlog::error("a handler failed");
    }
    return Reply{500,
                 "application/problem+json",
                 R"({"type":"about:blank","title":"Internal error","status":500,)"
                 R"("detail":"nothing was acknowledged","pointer":""})",
                 {}};
}

Reply Service::route(const Request& request) {
    const Route* known = find_route(request.path);
    if (known == nullptr) {
        return problem(404, "Not found", "there is nothing at this address");
    }
    if (request.method != known->method) {
        Reply reply = problem(405, "Method not allowed", "see the Allow header");
        reply.headers.emplace_back("Allow", known->method == "GET" ? "GET, HEAD" : "POST");
        return reply;
    }
    if (known->path == "/v1/enroll") {
        return enroll(request);
    }
    if (known->path == "/v1/batches") {
        return batches(request);
    }
    if (known->path == "/v1/ledger") {
        return ledger(request);
    }
    if (known->path == "/v1/heartbeat") {
        return heartbeat(request);
    }
    if (known->path == "/v1/config") {
        return config(request);
    }
    if (known->path == "/v1/renew") {
        return renew(request);
    }
    if (known->path == "/v1/responses") {
        return responses(request);
    }
    if (known->path == "/ready") {
        return ready();
    }
    if (known->path == "/metrics") {
        return Reply{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(), {}};
    }
    return json_reply(200, R"({"status":"ok"})");
}

Reply Service::store_trouble(const Error& error) {
    metrics_.count_store_error();
    spdlog::error("{}", error.detail);
    return unavailable();
}

/// `plain` is what was sealed in it; nullptr if nothing was, or nobody can open it.
Result<Submission> Service::submission_of(const sync::BatchItem& item,
                                          const Result<std::string>* plain) const {
    const auto prepared = [](std::string_view json) -> Result<Submission> {
        auto response = survey::decode_response(json);
        if (!response) return tl::make_unexpected(response.error());
        return prepare(*std::move(response));
    };
    if (!item.fault.empty()) return fail(Errc::invalid, item.fault);
    if (item.sealed.empty()) return prepared(item.response);
    if (plain == nullptr) {
        return fail(Errc::not_found, "/sealed: this central has no key to open it");
    }
    if (*plain) return prepared(**plain);
    if (plain->error().code != Errc::not_found) {
        return fail(plain->error().code, "/sealed: " + plain->error().detail);
    }
    return fail(Errc::not_found, "/sealed: closed for another key than central's " +
                                     sync::key_id(environment_.key->public_key()) +
                                     "; give central its former key back");
}

Result<std::vector<Result<Submission>>> Service::submissions_of(
    const std::vector<sync::BatchItem>& items) const {
    std::vector<std::string_view> sealed;
    for (const sync::BatchItem& item : items) {
        if (item.fault.empty() && !item.sealed.empty()) sealed.push_back(item.sealed);
    }
    std::vector<Result<std::string>> opened;
    if (environment_.key != nullptr && !sealed.empty()) {
        opened = environment_.key->open_answers(sealed);
    }
    std::vector<const Result<std::string>*> plain_of(items.size(), nullptr);
    std::size_t next = 0;
    for (std::size_t index = 0; index < items.size(); ++index) {
        const sync::BatchItem& item = items[index];
        if (item.fault.empty() && !item.sealed.empty() && !opened.empty()) {
            plain_of[index] = &opened.at(next++);
            // Nothing can be said of this answer, nor of those after it.
            if (!*plain_of[index] && plain_of[index]->error().code == Errc::network) {
                return tl::make_unexpected(plain_of[index]->error());
            }
        }
    }
    const Result<Submission> unread = fail(Errc::invalid, "not read");
    std::vector<Result<Submission>> submissions(items.size(), unread);
    constexpr std::size_t kWorthAThread = 64;
    sync::in_parallel(items.size(), kWorthAThread, [&](std::size_t begin, std::size_t end) {
        for (std::size_t index = begin; index < end; ++index) {
            submissions[index] = submission_of(items[index], plain_of[index]);
        }
    });
    return submissions;
}

bool Service::is_sealed_before(const std::vector<sync::BatchItem>& items) const {
    if (environment_.key == nullptr) return false;
    const std::string now = sync::key_id(environment_.key->public_key());
    return std::any_of(items.begin(), items.end(), [&](const sync::BatchItem& item) {
        const std::string id = sync::answer_key_id(item.sealed);
        return !id.empty() && id != now;
    });
}

Result<std::vector<Unit>> Service::units() {
    auto found = store_.units();
    if (!found) (void)store_trouble(found.error());
    return found;
}

Result<bool> Service::holds(const survey::ResponseId& id) {
    auto found = store_.holds(id);
    if (!found) (void)store_trouble(found.error());
    return found;
}

Result<Stored> Service::accept(const survey::Response& response) {
    Result<survey::Response> checked = survey::decode_response(survey::encode_response(response));
    if (!checked) return tl::make_unexpected(checked.error());
    const Result<bool> known = remembered_.has_unit(checked->unit);
    if (!known) {
        (void)store_trouble(known.error());
        return tl::make_unexpected(known.error());
    }
    if (!*known) {
        return fail(Errc::invalid, "/unit: " + unit_missing(checked->unit));
    }
    std::vector<Submission> submissions{prepare(*std::move(checked))};
    separate_contact(submissions.front());
    const Result<std::vector<Stored>> outcomes = commits_.put(submissions);
    if (!outcomes) {
        (void)store_trouble(outcomes.error());
        return tl::make_unexpected(outcomes.error());
    }
    count(submissions, *outcomes);
    return outcomes->front();
}

/// The ledger counts by the day that the device knew; figures by the hour that holds.
void Service::judge_time(Submission& submission,
                         const std::optional<survey::ClockReading>& present) {
    survey::Response& response = submission.response;
    submission.device_day = environment_.day_of(response.answered_at);
    const auto judged = survey::judge_time(response.answered_at, submission.device_clock, present,
                                           environment_.now());
    response.answered_at = judged.answered_at;
    response.time = judged.kind;
}

Submission Service::prepare(survey::Response response) {
    // Integrators may send the minute and unmasked text; neither is kept.
    response.answered_at = survey::floor_to_hour(response.answered_at);
    response.answers.text = survey::mask_identifiers(response.answers.text).text;
    const auto clock = std::exchange(response.clock, std::nullopt);
    response.time = survey::TimeKind::unsaid;
    Submission submission{std::move(response), {}, {}};
    submission.device_clock = clock;
    return submission;
}

void Service::separate_contact(Submission& submission) {
    if (submission.response.contact.empty()) return;
    submission.contact_id = make_uuid(environment_.entropy);
    submission.received_day = environment_.day_of(environment_.now());
}

void Service::count(const std::vector<Submission>& submissions,
                    const std::vector<Stored>& outcomes) {
    for (std::size_t index = 0; index < outcomes.size(); ++index) {
        count(submissions[index].response.channel, outcomes[index]);
    }
}

void Service::count(survey::Channel channel, Stored outcome) {
    switch (outcome) {
        case Stored::now:
            metrics_.count_stored(survey::to_string(channel));
            break;
        case Stored::before:
            metrics_.count_known();
            break;
    }
}

Reply Service::batches(const Request& request) {
    Sender sender = admit(request, sync::SignedType::batch, sync::kMaxBatchBytes);
    if (!sender.device) {
        return sender.refusal;
    }
    const Result<std::vector<sync::BatchItem>> items = sync::decode_batch(request.body);
    if (!items) {
        return signed_reply(sender, sync::SignedType::refusal, problem_of(items.error()));
    }
    const auto units = remembered_.read_units();
    if (!units) {
        return store_trouble(units.error());
    }
    auto prepared = submissions_of(*items);
    if (!prepared) {
        spdlog::error("{}", prepared.error().detail);
        return unavailable();
    }
    sender.renew = sender.renew || is_sealed_before(*items);
    const auto clock = sync::decode_clock(sync::header_of(request.headers, sync::kClockHeader));
    std::vector<Submission> submissions;
    std::set<std::string> accepted;
    std::map<std::string, std::string> refused;
    for (std::size_t index = 0; index < items->size(); ++index) {
        const sync::BatchItem& item = (*items)[index];
        Result<Submission>& submission = (*prepared)[index];
        if (!submission) {
            refused.emplace(item.id, submission.error().detail);
        } else if (survey::ResponseId::parse(item.id) != submission->response.id) {
            refused.emplace(item.id, "/id: differs from the id beside the response");
        } else if (!(*units)->contains(submission->response.unit)) {
            refused.emplace(item.id, "/unit: " + unit_missing(submission->response.unit));
        } else if (accepted.insert(item.id).second) {
            submissions.push_back(*std::move(submission));
            separate_contact(submissions.back());
            submissions.back().device_id = sender.device->id;
            judge_time(submissions.back(), clock);
        }
    }
    if (!items->empty()) {
        const Result<std::vector<Stored>> outcomes =
            commits_.put(submissions, mark_of(request, sender));
        if (!outcomes) {
            return store_trouble(outcomes.error());
        }
        count(submissions, *outcomes);
    }
    sync::Receipt receipt;
    receipt.accepted.assign(accepted.begin(), accepted.end());
    for (const auto& [id, reason] : refused) {
        if (!accepted.contains(id)) {
            receipt.refused.push_back({id, reason});
            metrics_.count_refused();
        }
    }
    return signed_reply(sender, sync::SignedType::receipt, sync::encode_receipt(receipt));
}

Reply Service::responses(const Request& request) {
    const Caller caller = authenticate(request, SecretKind::token);
    if (!caller.secret) {
        return caller.refusal;
    }
    if (auto refusal = refuse_body(request, survey::kMaxResponseBytes)) {
        return *std::move(refusal);
    }
    Result<survey::Response> response = survey::decode_response(request.body);
    if (!response) {
        return problem_of(response.error());
    }
    const Result<bool> known = remembered_.has_unit(response->unit);
    if (!known) {
        return store_trouble(known.error());
    }
    if (!*known) {
        return problem(422, "Invalid content", unit_missing(response->unit), "/unit");
    }
    std::vector<Submission> submissions{prepare(*std::move(response))};
    separate_contact(submissions.front());
    const Result<std::vector<Stored>> outcomes = commits_.put(submissions);
    if (!outcomes) {
        return store_trouble(outcomes.error());
    }
    count(submissions, *outcomes);
    return stored_reply(submissions.front().response.id, outcomes->front());
}

Reply Service::stored_reply(const survey::ResponseId& id, Stored outcome) {
    const bool is_new = outcome == Stored::now;
    const nlohmann::json body{{"id", id.text()}, {"status", is_new ? "stored" : "known"}};
    return json_reply(is_new ? 201 : 200, body.dump());
}

bool Service::answer_quickly(const Request& request, const Answer& answer) noexcept {
    try {
        const Route* route = find_route(request.path);
        if (route == nullptr || route->path != "/v1/responses" || request.method != route->method ||
            !has_remembered_token(request) || refuse_body(request, survey::kMaxResponseBytes)) {
            return false;
        }
        Result<survey::Response> response = survey::decode_response(request.body);
        if (!response || !remembered_.remembers_unit(response->unit)) return false;
        Submission submission = prepare(*std::move(response));
        separate_contact(submission);
        auto then = [this, answer, channel = submission.response.channel, path = route->path,
                     id = submission.response.id,
                     request_id = ops::request_in_scope()](const Result<Stored>& outcome) {
            const ops::RequestScope scope(request_id);
            if (outcome) count(channel, *outcome);
            Reply reply = outcome ? stored_reply(id, *outcome) : store_trouble(outcome.error());
            reply.route = path;
            answer(std::move(reply));
        };
        commits_.put_later(std::move(submission), std::move(then));
        return true;
    } catch (const std::exception&) {
        return false;  // nothing was begun: handle() finds the same trouble, and tells it
    }
}

}  // namespace kaiku::central
