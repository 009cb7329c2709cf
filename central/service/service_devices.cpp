#include <spdlog/spdlog.h>

#include <algorithm>

#include "central/service/problem.hpp"
#include "central/service/service.hpp"
#include "central/service/service_replies.hpp"

namespace kaiku::central {
namespace {

constexpr std::string_view kScope = "responses:write";
constexpr std::size_t kMaxEnrolBytes = 4096;

Reply refused_enrolment() {
    Reply reply = problem(401, "Code not accepted", "the code is unknown, used or expired");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

/// Turns a device away with a word that its program knows.
Reply turned_away(int status, std::string_view reason, std::string_view title,
                  std::string_view detail) {
    Reply reply = problem(status, title, detail);
    if (status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    reply.headers.emplace_back(sync::kReasonHeader, reason);
    return reply;
}

Reply expired() {
    return turned_away(401, sync::kReasonExpired, "Credential expired",
                       "the device's credential has expired; renew it");
}

Reply revoked() {
    return turned_away(403, sync::kReasonRevoked, "Device revoked",
                       "this device was revoked; nothing of it is taken in");
}

Reply wrong_signature(std::string_view detail) {
    return turned_away(401, sync::kReasonSignature, "Signature not accepted", detail);
}

/// Two thirds of its life are over.
bool is_due(const Secret& credential, survey::UtcSeconds now) {
    if (!credential.expires_at) return false;
    const auto life = *credential.expires_at - credential.created_at;
    return now >= credential.created_at + life * 2 / 3;
}

std::string_view signature_of(const Request& request) {
    return sync::header_of(request.headers, sync::kSignatureHeader);
}

std::int64_t number_of(const Request& request) {
    return sync::parse_number(sync::header_of(request.headers, sync::kNumberHeader)).value_or(0);
}

}  // namespace

Service::Caller Service::authenticate(const Request& request, SecretKind wanted) {
    const std::string_view bearer = bearer_of(request.authorization);
    if (bearer.empty()) {
        return {std::nullopt, unauthorized()};
    }
    Result<std::optional<Secret>> found = remembered_.find_credential(hash_secret(bearer));
    if (!found) {
        return {std::nullopt, store_trouble(found.error())};
    }
    if (!found->has_value()) {
        return {std::nullopt, unauthorized()};
    }
    if (auto refusal = refuse_secret(**found, wanted)) return {std::nullopt, *std::move(refusal)};
    return {**std::move(found), {}};
}

std::optional<Reply> Service::refuse_secret(const Secret& secret, SecretKind wanted) const {
    // A device whose credential has expired is told so, by admit(): it can renew it.
    if (secret.kind == SecretKind::token && secret.expires_at &&
        *secret.expires_at <= environment_.now()) {
        return unauthorized();
    }
    if (secret.kind != wanted || (wanted == SecretKind::token && secret.scope != kScope)) {
        return problem(403, "Not allowed", "this credential is for something else");
    }
    return std::nullopt;
}

bool Service::has_remembered_token(const Request& request) {
    const std::string_view bearer = bearer_of(request.authorization);
    if (bearer.empty()) return false;
    const auto secret = remembered_.remembered_token(hash_secret(bearer));
    return secret && !refuse_secret(*secret, SecretKind::token);
}

Secret Service::new_credential(const std::string& device_id, const std::string& bearer) const {
    Secret device;
    device.hash = hash_secret(bearer);
    device.kind = SecretKind::device;
    device.device_id = device_id;
    device.created_at = environment_.now();
    device.expires_at = device.created_at + environment_.credential_life;
    return device;
}

sync::Enrolment Service::enrolment_of(const std::string& device_id, const std::string& bearer,
                                      const Unit& unit, bool has_key) const {
    sync::Enrolment enrolment{device_id,    bearer,        unit.code,           unit.name_fi,
                              unit.name_sv, sealing_key(), environment_.web_url};
    // A program that has no key of its own does not know this field either, and refuses it.
    if (has_key && environment_.signing != nullptr) {
        enrolment.signing_key = sync::encode_signer(environment_.signing->public_key());
    }
    return enrolment;
}

Reply Service::enroll(const Request& request) {
    const auto now = environment_.now();
    if (const auto wait = enrolment_failures_.wait(now); wait.count() > 0) {
        Reply reply = problem(429, "Too many failures", "too many codes were wrong; wait a little");
        reply.headers.emplace_back("Retry-After", std::to_string(wait.count()));
        return reply;
    }
    if (auto refusal = refuse_body(request, kMaxEnrolBytes)) return *std::move(refusal);
    const auto enrolling = sync::decode_enrolment(request.body);
    if (!enrolling) return problem_of(enrolling.error());
    const std::string code = normalise_code(enrolling->code);
    if (code.empty()) {
        enrolment_failures_.add_failure(now);
        return refused_enrolment();
    }
    const std::string bearer = make_bearer("kaiku_d_", environment_.entropy);
    const Secret device = new_credential(make_uuid(environment_.entropy), bearer);
    const bool has_key = enrolling->key.has_value();
    const Result<Unit> unit = store_.redeem(hash_secret(code), device,
                                            has_key ? sync::encode_signer(*enrolling->key) : "");
    if (!unit && unit.error().code == Errc::unauthorized) {
        enrolment_failures_.add_failure(now);
        return refused_enrolment();
    }
    if (!unit) return store_trouble(unit.error());
    spdlog::info("device {} enrolled for unit {}{}", device.device_id, unit->code,
                 has_key ? "" : "; it has no key of its own: update its program");
    return json_reply(
        200, sync::encode_enrolled(enrolment_of(device.device_id, bearer, *unit, has_key)));
}

Service::Sender Service::admit(const Request& request, sync::SignedType type,
                               std::size_t max_bytes) {
    Caller caller = authenticate(request, SecretKind::device);
    if (!caller.secret) return {{}, 0, false, std::move(caller.refusal)};
    const Secret& secret = *caller.secret;
    const auto now = environment_.now();
    auto device = store_.find_device(secret.device_id);
    if (!device) return {{}, 0, false, store_trouble(device.error())};
    if (!*device) return {{}, 0, false, unauthorized()};
    if ((*device)->revoked_at) return {{}, 0, false, revoked()};
    if (const auto wait = device_requests_.take(secret.device_id, now.time_since_epoch());
        wait.count() > 0) {
        return {{}, 0, false, too_many(wait)};
    }
    if (secret.expires_at && *secret.expires_at <= now) return {{}, 0, false, expired()};
    const bool has_body = request.method != "GET";
    if (auto refusal = has_body ? refuse_body(request, max_bytes) : std::nullopt) {
        return {{}, 0, false, *std::move(refusal)};
    }
    Sender sender{std::move(*device), 0, is_due(secret, now), {}};
    const auto key = sync::decode_signer(sender.device->public_key);
    if (!key) {
        sender.renew = true;
        return sender;
    }
    if (auto refusal = check_signature(request, type, *sender.device, *key)) {
        return {{}, 0, false, *std::move(refusal)};
    }
    sender.number = number_of(request);
    return sender;
}

std::optional<Reply> Service::check_signature(const Request& request, sync::SignedType type,
                                              const Device& device,
                                              const sync::SignerKey& key) const {
    const std::int64_t number = number_of(request);
    if (number == 0) return wrong_signature("this device signs and numbers what it sends");
    const std::string_view signature = signature_of(request);
    if (!sync::verify(key, {type, device.id, number, request.body}, signature)) {
        return wrong_signature("the signature is not by the key that this device made known");
    }
    // The very message that came last may come again: whoever sends it learns what he was told.
    const bool again = number == device.number && signature == device.number_signature &&
                       type == sync::SignedType::batch;
    if (number <= device.number && !again) return stale(device, number);
    return std::nullopt;
}

Reply Service::stale(const Device& device, std::int64_t number) const {
    Reply reply = problem(409, "Number used before",
                          "send it again under the number in Kaiku-Number, or a larger one");
    const std::string next = std::to_string(device.number + 1);
    reply.headers.emplace_back(sync::kNumberHeader, next);
    if (environment_.signing != nullptr) {
        reply.headers.emplace_back(
            sync::kSignatureHeader,
            environment_.signing->sign({sync::SignedType::stale, device.id, number, next}));
    }
    return reply;
}

MessageMark Service::mark_of(const Request& request, const Sender& sender) const {
    const std::string_view signature = sender.number == 0 ? "" : signature_of(request);
    return {sender.device->id, sender.number, std::string(signature),
            survey::floor_to_hour(environment_.now())};
}

Reply Service::signed_reply(const Sender& sender, sync::SignedType type, std::string body) const {
    return signed_reply(sender, type, json_reply(200, std::move(body)));
}

Reply Service::signed_reply(const Sender& sender, sync::SignedType type, Reply reply) const {
    if (sender.number != 0 && environment_.signing != nullptr) {
        const sync::SignedText text{type, sender.device->id, sender.number, reply.body};
        reply.headers.emplace_back(sync::kSignatureHeader, environment_.signing->sign(text));
    }
    if (sender.renew) reply.headers.emplace_back(sync::kRenewHeader, "yes");
    return reply;
}

/// A device with a key proves itself by it, whatever became of its credential. One of before makes
/// its key known with the credential; the first key wins.
std::optional<Reply> Service::check_renewal(const Request& request, const Device& device,
                                            const sync::Renewal& renewal) {
    if (device.revoked_at) return revoked();
    if (device.public_key.empty()) {
        const Caller caller = authenticate(request, SecretKind::device);
        if (!caller.secret) return caller.refusal;
        if (caller.secret->device_id != device.id) return unauthorized();
        if (caller.secret->expires_at && *caller.secret->expires_at <= environment_.now()) {
            return expired();
        }
    } else if (device.public_key != sync::encode_signer(renewal.key)) {
        return wrong_signature("this device made another key known before");
    }
    return check_signature(request, sync::SignedType::renewal, device, renewal.key);
}

Reply Service::renew(const Request& request) {
    if (auto refusal = refuse_body(request, kMaxEnrolBytes)) return *std::move(refusal);
    const auto renewal = sync::decode_renewal(request.body);
    if (!renewal) return problem_of(renewal.error());
    const auto device = store_.find_device(renewal->device_id);
    if (!device) return store_trouble(device.error());
    if (!*device) return unauthorized();
    if (auto refusal = check_renewal(request, **device, *renewal)) return *std::move(refusal);
    const auto units = store_.units();
    if (!units) return store_trouble(units.error());
    const auto unit = std::find_if(units->begin(), units->end(),
                                   [&](const Unit& each) { return each.code == (*device)->unit; });
    if (unit == units->end()) return unauthorized();
    const std::string bearer = make_bearer("kaiku_d_", environment_.entropy);
    Secret credential = new_credential((*device)->id, bearer);
    credential.unit = unit->code;
    const std::int64_t number = number_of(request);
    const Status kept =
        store_.renew(credential, sync::encode_signer(renewal->key),
                     {credential.device_id, number, std::string(signature_of(request)),
                      survey::floor_to_hour(credential.created_at)});
    // Somebody was quicker, with another key or a larger number.
    if (!kept && kept.error().code == Errc::refused) {
        const auto now = store_.find_device(credential.device_id);
        if (!now || !*now) return unavailable();
        return (*now)->public_key == sync::encode_signer(renewal->key)
                   ? stale(**now, number)
                   : wrong_signature("this device made another key known before");
    }
    if (!kept) return store_trouble(kept.error());
    spdlog::info("device {} {}", credential.device_id,
                 (*device)->public_key.empty() ? "made its key known" : "renewed its credential");
    Reply reply = json_reply(
        200, sync::encode_enrolled(enrolment_of(credential.device_id, bearer, *unit, true)));
    if (environment_.signing != nullptr) {
        reply.headers.emplace_back(
            sync::kSignatureHeader,
            environment_.signing->sign(
                {sync::SignedType::credential, credential.device_id, number, reply.body}));
    }
    return reply;
}

std::string Service::sealing_key() const {
    return environment_.key == nullptr ? std::string()
                                       : sync::encode_key(environment_.key->public_key());
}

}  // namespace kaiku::central
