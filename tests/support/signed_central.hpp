#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "central/fleet/fleet.hpp"
#include "central/service/service.hpp"
#include "central/store/memory_store.hpp"
#include "sync/keyring.hpp"
#include "sync/sender.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::test {

/// Central's real service over a store in memory, with a clock that the test turns, and an uplink
/// that reaches it without a network.
class SignedCentral {
  public:
    SignedCentral() : service(store, environment()) {
        REQUIRE(store.add_unit({"a", "A", "A", "", ""}));
    }

    central::ServiceEnvironment environment() {
        central::ServiceEnvironment out;
        out.now = [this] { return now; };
        out.day_of = [](survey::UtcSeconds) { return std::string("2026-11-22"); };
        out.entropy = central::system_entropy();
        out.key = &sealing;
        out.signing = &signing;
        out.fleet = &fleet;
        return out;
    }

    /// A code that enrols one device of unit a; `replaces` may name another device.
    std::string code(const std::string& replaces = {}) {
        auto text = central::make_enrolment_code(central::system_entropy());
        central::Secret secret;
        secret.hash = central::hash_secret(text);
        secret.kind = central::SecretKind::enrolment;
        secret.unit = "a";
        secret.device_id = replaces;
        secret.created_at = now;
        secret.expires_at = now + std::chrono::hours(1);
        REQUIRE(store.add_secret(secret));
        return text;
    }

    central::Reply handle(const sync::UplinkRequest& request) {
        return service.handle({request.get ? "GET" : "POST", request.path, "application/json",
                               request.bearer.empty() ? "" : "Bearer " + request.bearer,
                               request.body, "", "", request.headers});
    }

    std::int64_t stored() {
        std::int64_t count = 0;
        const auto tallies = store.tally({}).value();
        for (const auto& [key, tally] : tallies) count += tally.responses;
        return count;
    }

    central::Device device(const std::string& id) {
        const auto found = store.find_device(id);
        REQUIRE(found);
        REQUIRE(found->has_value());
        return **found;
    }

    survey::UtcSeconds now = survey::parse_rfc3339("2026-11-22T10:30:00Z").value();
    sync::Keyring sealing{sync::KeyPair::make().value()};
    sync::SigningKey signing = sync::SigningKey::make().value();
    central::MemoryStore store;
    std::unique_ptr<central::fleet::ConfigStore> configs =
        central::fleet::make_memory_config_store();
    std::unique_ptr<central::fleet::WatchStore> watch = central::fleet::make_memory_watch_store();
    central::fleet::Fleet fleet{store, *configs, *watch};
    central::Service service;
};

/// The way to central, which may lose and remember what goes along it.
class DirectUplink final : public sync::Uplink {
  public:
    explicit DirectUplink(SignedCentral& central) : central_(central) {}

    Result<sync::UplinkReply> post(const sync::UplinkRequest& request) override {
        requests.push_back(request);
        auto reply = central_.handle(request);
        statuses.push_back(reply.status);
        if (lose_replies > 0) {
            --lose_replies;
            return fail(Errc::network, "the connection broke");
        }
        sync::UplinkReply out{reply.status, reply.content_type, reply.body, 0};
        for (const auto& field : reply.headers) {
            if (sync::is_kaiku_header(field.first)) out.headers.push_back(field);
        }
        if (tamper) tamper(out);
        return out;
    }

    std::vector<sync::UplinkRequest> requests;
    std::vector<int> statuses;
    int lose_replies = 0;
    std::function<void(sync::UplinkReply&)> tamper;

  private:
    SignedCentral& central_;
};

/// An enrolled device that keeps its identity in memory.
struct SignedDevice {
    explicit SignedDevice(SignedCentral& central, const std::string& replaces = {})
        : uplink(central),
          key(std::make_shared<const sync::SigningKey>(sync::SigningKey::make().value())) {
        const auto reply =
            uplink.post({"/v1/enroll", "",
                         sync::encode_enrolment({central.code(replaces), key->public_key()})});
        REQUIRE(reply);
        enrolment = sync::decode_enrolled(reply->body).value();
        forget();
    }

    /// What a restart leaves: identity and key.
    sync::Sender sender() {
        return {enrolment, key, [this] { return clock_ms; },
                [this](const sync::Enrolment& renewed) -> Status {
                    if (!disk_works) return fail(Errc::full, "no room");
                    enrolment = renewed;
                    return {};
                }};
    }
    void forget() {
        uplink.requests.clear();
        uplink.statuses.clear();
    }

    DirectUplink uplink;
    std::shared_ptr<const sync::SigningKey> key;
    sync::Enrolment enrolment;
    std::int64_t clock_ms = 1'700'000'000'000;
    bool disk_works = true;
};

}  // namespace kaiku::test
