#include "central/fleet/fleet.hpp"
#include "central/service/problem.hpp"
#include "central/service/service.hpp"
#include "central/service/service_replies.hpp"
#include "sync/device_config.hpp"
#include "sync/heartbeat.hpp"

namespace kaiku::central {
namespace {

Reply no_fleet() { return problem(404, "Not found", "there is nothing at this address"); }

}  // namespace

Reply Service::heartbeat(const Request& request) {
    if (environment_.fleet == nullptr) return no_fleet();
    const Sender sender = admit(request, sync::SignedType::heartbeat, sync::kMaxHeartbeatBytes);
    if (!sender.device) return sender.refusal;
    auto told = sync::decode_heartbeat(request.body);
    if (!told) return problem_of(told.error());
    const MessageMark mark = mark_of(request, sender);
    if (const auto kept = commits_.put({}, mark); !kept) return store_trouble(kept.error());
    const auto version =
        environment_.fleet->hear(*sender.device, std::move(*told), environment_.now());
    if (!version) return store_trouble(version.error());
    return signed_reply(sender, sync::SignedType::heard, sync::encode_heard(*version));
}

Reply Service::config(const Request& request) {
    if (environment_.fleet == nullptr) return no_fleet();
    const Sender sender = admit(request, sync::SignedType::config_request, 0);
    if (!sender.device) return sender.refusal;
    const MessageMark mark = mark_of(request, sender);
    if (const auto kept = commits_.put({}, mark); !kept) return store_trouble(kept.error());
    const auto config = environment_.fleet->config_of(*sender.device, environment_.now());
    if (!config) return store_trouble(config.error());
    const std::string tag = '"' + sync::config_version(config->values) + '"';
    const bool same = sync::header_of(request.headers, "If-None-Match") == tag;
    Reply reply = signed_reply(sender, sync::SignedType::config,
                               same ? std::string() : sync::encode_config(config->values));
    if (same) reply.status = 304;
    reply.headers.emplace_back("ETag", tag);
    return reply;
}

}  // namespace kaiku::central
