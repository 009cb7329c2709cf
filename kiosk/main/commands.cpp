#include "kiosk/main/commands.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <random>
#include <thread>

#include "kiosk/main/app.hpp"
#include "kiosk/main/quarantine.hpp"
#include "sync/clock_reading.hpp"
#include "sync/curl_uplink.hpp"
#include "sync/device_identity.hpp"
#include "sync/sender.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

namespace {

Result<std::unique_ptr<sync::Uplink>> uplink_to(const Options& options, const std::string& url) {
    return sync::make_curl_uplink({.central_url = url,
                                   .ca_file = options.ca_file,
                                   .user_agent = "kaiku-kiosk/" KAIKU_VERSION});
}

/// Attempts of --sync that may fail in a row before it gives up.
constexpr unsigned kMaxSyncFailures = 5;

/// Sends until nothing waits. Prints progress for long queues.
Status send_all(sync::Outbox& outbox, sync::Uplink& uplink, sync::Sender& sender) {
    std::random_device random;
    unsigned failures = 0;
    std::size_t sent = 0;
    for (;;) {
        auto outcome = sender.send(outbox, uplink);
        if (!outcome) return tl::make_unexpected(outcome.error());
        if (!outcome->renewal_trouble.empty()) {
            std::fprintf(stderr, "kaiku-kiosk: %s\n", outcome->renewal_trouble.c_str());
        }
        switch (outcome->kind) {
            case sync::SendOutcome::Kind::idle:
                return {};
            case sync::SendOutcome::Kind::sent:
                failures = 0;
                sent += outcome->accepted;
                if (isatty(STDERR_FILENO) == 1) std::fprintf(stderr, "\rsent %zu", sent);
                break;
            case sync::SendOutcome::Kind::unauthorized:
                return fail(Errc::unauthorized, outcome->detail);
            case sync::SendOutcome::Kind::retry_later:
                if (++failures >= kMaxSyncFailures) return fail(Errc::network, outcome->detail);
                const std::uint64_t bits = (static_cast<std::uint64_t>(random()) << 32U) | random();
                const sync::BackoffPolicy patient{std::chrono::milliseconds{200},
                                                  std::chrono::seconds{2}};
                std::this_thread::sleep_for(sync::backoff_delay(patient, failures, bits));
                break;
        }
    }
}

}  // namespace

int report(const Error& error) {
    std::fprintf(stderr, "kaiku-kiosk: %s\n", error.detail.c_str());
    return 1;
}

int run_enrol(const Options& options) {
    if (options.central_url.empty()) {
        return report({Errc::invalid, "--enroll needs --central URL: where is central?"});
    }
    auto uplink = uplink_to(options, options.central_url);
    if (!uplink) return report(uplink.error());
    auto present = sync::load_identity(options.data_dir);
    if (!present) return report(present.error());
    if (present->has_value()) {
        return report({Errc::invalid,
                       options.data_dir.string() +
                           ": this device is enrolled already; give another --data-dir, or move "
                           "device.json away to enrol it anew"});
    }
    const auto key = sync::device_key(options.data_dir);
    if (!key) return report(key.error());
    auto enrolled = sync::enrol(**uplink, options.enrol_code, (*key)->public_key());
    if (!enrolled) return report(enrolled.error());
    const auto saved = sync::save_identity(
        options.data_dir, {.central_url = options.central_url, .enrolment = *enrolled});
    if (!saved) return report(saved.error());
    std::printf("enrolled: device %s, unit %s (%s / %s)\n", enrolled->device_id.c_str(),
                enrolled->unit.c_str(), enrolled->unit_name_fi.c_str(),
                enrolled->unit_name_sv.c_str());
    return 0;
}

int run_sync(const Options& options) {
    auto identity = sync::load_identity(options.data_dir);
    if (!identity) return report(identity.error());
    if (!identity->has_value()) {
        return report({Errc::not_found, options.data_dir.string() +
                                            ": this device is not enrolled; run kaiku-kiosk "
                                            "--enroll CODE --central URL first"});
    }
    const std::string& url =
        options.central_url.empty() ? (*identity)->central_url : options.central_url;
    auto uplink = uplink_to(options, url);
    if (!uplink) return report(uplink.error());
    auto opened = sync::open_trailing_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) return report(opened.error());
    if (!opened->set_aside.empty()) {
        std::fprintf(stderr, "kaiku-kiosk: the outbox was damaged; it is kept as %s\n",
                     opened->set_aside.c_str());
    }
    auto sender = sync::make_sender(options.data_dir, **identity);
    if (!sender) return report(sender.error());
    sender->tell_clock(sync::read_clock);
    const auto sent = send_all(*opened->outbox, **uplink, *sender);
    const auto counts = opened->outbox->counts();
    if (!counts) return report(counts.error());
    const auto refused = opened->outbox->quarantined();
    if (!refused) return report(refused.error());
    std::printf("waiting %lld, sent %lld, quarantined %lld\n",
                static_cast<long long>(counts->waiting), static_cast<long long>(counts->sent),
                static_cast<long long>(counts->quarantined));
    for (const auto& line : quarantine_lines(*refused)) {
        std::fprintf(stderr, "kaiku-kiosk: refused by central: %s\n", line.c_str());
    }
    if (!refused->empty()) {
        std::fprintf(stderr, "kaiku-kiosk: %s\n", quarantine_cure(*refused).c_str());
    }
    if (!sent) return report(sent.error());
    return counts->waiting == 0 ? 0 : 1;
}

int run_requeue(const Options& options) {
    auto opened = sync::open_sqlite_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) return report(opened.error());
    const auto requeued = opened->outbox->requeue();
    if (!requeued) return report(requeued.error());
    const auto counts = opened->outbox->counts();
    if (!counts) return report(counts.error());
    std::printf("requeued %lld, waiting %lld\n", static_cast<long long>(*requeued),
                static_cast<long long>(counts->waiting));
    return 0;
}

}  // namespace kaiku::kiosk
