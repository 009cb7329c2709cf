#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "central/http/server.hpp"
#include "central/main/commands.hpp"
#include "central/main/web_room.hpp"
#include "central/results/period.hpp"
#include "central/service/service.hpp"

namespace kaiku::central {

namespace {

/// Credentials of before had no end; and devices of before have no key until their program is a
/// newer one: the operator is told.
Status end_old_credentials(Store& store, const Settings& settings) {
    const auto end = wall_now() + settings.credential_life;
    const auto ended = store.end_credentials(end);
    if (!ended) return tl::make_unexpected(ended.error());
    const auto devices = store.devices();
    if (!devices) return tl::make_unexpected(devices.error());
    const auto keyless = std::count_if(devices->begin(), devices->end(), [](const Device& device) {
        return device.public_key.empty() && !device.revoked_at;
    });
    if (*ended > 0) {
        spdlog::warn("{} credentials of devices had no end; they end on {}", *ended,
                     format_day(day_of(end)));
    }
    if (keyless > 0) {
        spdlog::warn(
            "{} devices have no key of their own: update their program before their "
            "credential ends",
            keyless);
    }
    return {};
}

void tell_new_keys(const OpenedKey& sealing, const OpenedSigningKey& signing) {
    if (!sealing.made.empty()) {
        spdlog::warn("{}: a new key was made; back it up, only it opens what terminals send",
                     sealing.made.string());
    }
    if (!signing.made.empty()) {
        spdlog::warn("{}: a new key was made; back it up, terminals believe only what it signs",
                     signing.made.string());
    }
}

}  // namespace

Status run_serve(const Settings& given) {
    Settings settings = given;
    if (Status good = apply_listen(settings); !good) {
        return good;
    }
    spdlog::set_default_logger(spdlog::stderr_color_mt("kaiku-central"));
    const std::string address = store_address(settings);
    std::error_code ignored;
    const auto file = store_path(address);
    const bool is_new = file && !std::filesystem::exists(*file, ignored);
    const auto store = open_store(settings, true, true);
    if (!store) {
        return tl::make_unexpected(store.error());
    }
    ServiceEnvironment environment;
    environment.now = wall_now;
    environment.day_of = [](survey::UtcSeconds time) { return format_day(day_of(time)); };
    environment.entropy = system_entropy();
    environment.enrolment_failures_per_minute = settings.enrolment_failures_per_minute;
    environment.device_requests_per_minute = settings.device_requests_per_minute;
    if (Status good = check_web_url(settings); !good) {
        return good;
    }
    const Result<OpenedKey> key = open_key(settings);
    if (!key) {
        return tl::make_unexpected(key.error());
    }
    const Result<OpenedSigningKey> signing = open_signing_key(settings);
    if (!signing) {
        return tl::make_unexpected(signing.error());
    }
    environment.key = key->opener.get();
    environment.signing = &signing->key;
    environment.credential_life = settings.credential_life;
    environment.web_url = settings.web_url;
    if (Status ended = end_old_credentials(**store, settings); !ended) {
        return ended;
    }
    Service service(**store, std::move(environment));
    const Result<std::unique_ptr<Web>> web = open_web(settings, service, *key->opener);
    if (!web) {
        return tl::make_unexpected(web.error());
    }
    const auto server = Server::open(settings.server, [&service, &web](const Request& request) {
        const bool for_web = *web != nullptr && Web::is_path(request.path);
        return for_web ? (*web)->handle(request) : service.handle(request);
    });
    if (!server) {
        return tl::make_unexpected(server.error());
    }
    if (is_new) {
        spdlog::warn("{} was not there: a new, empty store was made", address);
    }
    tell_new_keys(*key, *signing);
    const bool tls = !settings.server.tls_certificate.empty();
    const bool v6 = settings.server.address.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + settings.server.address + "]" : settings.server.address;
    if (Status told = print("kaiku-central listens on " + std::string(tls ? "https" : "http") +
                            "://" + host + ":" + std::to_string((*server)->port()) + "\n");
        !told) {
        return told;
    }
    (*server)->run();
    spdlog::info("stopped");
    return {};
}

}  // namespace kaiku::central
