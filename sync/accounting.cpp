#include "sync/accounting.hpp"

#include <utility>

#include "sync/ledger.hpp"
#include "sync/local_day.hpp"

namespace kaiku::sync {
namespace {

constexpr std::int64_t kPauseMs = 60'000;
constexpr int kMaxSkips = 3;

Told trouble(std::string text) {
    Told told;
    told.trouble = "ledger: " + std::move(text);
    return told;
}

std::string today(std::int64_t now_ms) {
    return local_day(survey::UtcSeconds{std::chrono::seconds{now_ms / 1000}});
}

}  // namespace

Told Accounting::tell(Outbox& outbox, Uplink& uplink, DeviceSession& session, std::int64_t now_ms) {
    if (session.key() == nullptr || !session.central() || unknown_to_central_) return {};
    auto report = outbox.ledger();
    if (!report) return trouble(report.error().detail);
    if (report->days.empty() || report == told_) return {};
    const std::int64_t passed = asked_at_ms_ ? now_ms - *asked_at_ms_ : kPauseMs;
    if (passed >= 0 && passed < kPauseMs) {
        Told later;
        later.again = std::chrono::milliseconds{kPauseMs - passed};
        return later;
    }
    asked_at_ms_ = now_ms;
    Told told = ask(outbox, uplink, session, *report, now_ms);
    if (told.done) told_ = std::move(*report);
    return told;
}

Told Accounting::ask(Outbox& outbox, Uplink& uplink, DeviceSession& session,
                     const LedgerReport& report, std::int64_t now_ms) {
    const std::string body = encode_ledger(report);
    for (int attempt = 0; attempt <= kMaxSkips; ++attempt) {
        const auto letter = session.letter(SignedType::ledger, "/v1/ledger", body);
        const auto reply = uplink.post(letter.request);
        if (!reply) return trouble(reply.error().detail);
        if (reply->status == 409 && session.skip_to(letter, *reply)) continue;
        if (reply->status == 404) {
            unknown_to_central_ = true;
            return trouble("central is older than this program and keeps none");
        }
        if (reply->status != 200) {
            Told told = trouble("central answered with status " + std::to_string(reply->status));
            told.refused = reply->status == 401 || reply->status == 403;
            return told;
        }
        if (!session.is_genuine(SignedType::received, letter, *reply)) {
            return trouble("central's answer is not signed with its key; nothing was forgotten");
        }
        const auto received = decode_received(reply->body);
        if (!received) return trouble(received.error().detail);
        const Comparison comparison = compare(report, *received, today(now_ms));
        if (comparison.agrees || !comparison.settled.empty()) {
            const auto settled =
                outbox.settle(comparison.settled, comparison.agrees ? letter.number : 0);
            if (!settled) return trouble(settled.error().detail);
        }
        Told told;
        told.done = true;
        told.agrees = comparison.agrees;
        told.difference = comparison.difference;
        return told;
    }
    return trouble("central knows every number already");
}

}  // namespace kaiku::sync
