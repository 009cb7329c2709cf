#include "sync/attendance.hpp"

#include <utility>

namespace kaiku::sync {
namespace {

constexpr int kMaxSkips = 3;
constexpr std::chrono::hours kOlderCentral{1};

/// Of one exchange: its types, and the status that means success beside 200.
struct Exchange {
    SignedType asked;
    SignedType answered;
    const char* path;
    std::string body;
    bool get = false;
    std::string held{};  ///< version for If-None-Match; empty: none
};

/// A genuine reply of central's with status 200 or 304.
Result<UplinkReply> ask(Uplink& uplink, DeviceSession& session, const Exchange& exchange) {
    for (int attempt = 0; attempt <= kMaxSkips; ++attempt) {
        auto letter = session.letter(exchange.asked, exchange.path, exchange.body);
        letter.request.get = exchange.get;
        if (!exchange.held.empty()) {
            letter.request.headers.emplace_back("If-None-Match", '"' + exchange.held + '"');
        }
        auto reply = uplink.post(letter.request);
        if (!reply) return tl::make_unexpected(reply.error());
        if (reply->status == 409 && session.skip_to(letter, *reply)) continue;
        if (reply->status == 404) {
            return fail(Errc::unsupported, "central is older than this program");
        }
        if (reply->status != 200 && reply->status != 304) {
            return fail(Errc::refused,
                        "central answered with status " + std::to_string(reply->status));
        }
        if (!session.is_genuine(exchange.answered, letter, *reply)) {
            return fail(Errc::refused, "central's answer is not signed with its key");
        }
        return reply;
    }
    return fail(Errc::refused, "central knows every number already");
}

Attended trouble(const Error& error, Attended attended = {}) {
    attended.trouble = "heartbeat: " + error.detail;
    if (error.code == Errc::unsupported) attended.again = kOlderCentral;
    return attended;
}

}  // namespace

Attended attend(Uplink& uplink, DeviceSession& session, const Heartbeat& heartbeat) {
    if (session.key() == nullptr || !session.central()) return {};
    const auto heard = ask(
        uplink, session,
        {SignedType::heartbeat, SignedType::heard, "/v1/heartbeat", encode_heartbeat(heartbeat)});
    if (!heard) return trouble(heard.error());
    const auto wanted = decode_heard(heard->body);
    if (!wanted) return trouble(wanted.error());
    Attended attended{.done = true, .wanted = *wanted};
    const std::string held = heartbeat.config.empty() ? config_version({}) : heartbeat.config;
    if (*wanted == held || *wanted == heartbeat.config_refused) return attended;
    const auto reply =
        ask(uplink, session,
            {SignedType::config_request, SignedType::config, "/v1/config", "", true, held});
    if (!reply) return trouble(reply.error(), attended);
    if (reply->status == 304) return attended;
    auto config = decode_config(reply->body);
    if (!config) return trouble(config.error(), attended);
    if (config->version != heartbeat.config_refused) attended.config = std::move(*config);
    return attended;
}

}  // namespace kaiku::sync
