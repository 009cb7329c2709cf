#include "tests/sim/line.hpp"

#include <utility>

#include "sync/protocol.hpp"

namespace kaiku::sim {
namespace {

tl::unexpected<Error> no_reply(const char* why) {
    return tl::make_unexpected(Error{Errc::network, why});
}

}  // namespace

Line::Line(World& world, Endpoint& central, int device, std::function<bool()> is_alive)
    : world_(world),
      central_(central),
      random_(world.random.fork()),
      device_(device),
      is_alive_(std::move(is_alive)) {}

void Line::wait() { world_.wait(random_.below(world_.plan.delay_ms + 1)); }

/// Some box on the way kept a copy, for seconds or for days.
void Line::deliver_later(const sync::UplinkRequest& request) {
    const auto delay = random_.chance(500) ? random_.below(kMinuteMs) : random_.below(3 * kDayMs);
    world_.at(world_.now() + delay, [this, request] {
        if (!central_.is_up()) return;
        world_.tally.add(Trouble::request_late);
        world_.note(device_, "a request of before reaches central");
        (void)central_.handle(request);
    });
}

Result<sync::UplinkReply> Line::post(const sync::UplinkRequest& request) {
    ++world_.tally.posts;
    if (!world_.healed && world_.now() < cut_until_) {
        world_.tally.add(Trouble::partition);
        return no_reply("no way to central");
    }
    if (chance(world_.plan.foreign)) {
        world_.tally.add(Trouble::foreign_reply);
        const bool json = random_.chance(500);
        return sync::UplinkReply{
            random_.chance(500) ? 200 : 400, json ? "application/json" : "text/html",
            json ? R"({"accepted":[],"refused":[]})" : "<html>Log in</html>", 0};
    }
    wait();
    if (!is_alive_()) return no_reply("the device is off");
    if (chance(world_.plan.request_lost)) {
        world_.tally.add(Trouble::request_lost);
        if (random_.chance(world_.plan.late)) deliver_later(request);
        return no_reply("time-out");
    }
    auto reply = central_.handle(request);
    if (chance(world_.plan.twice)) {
        world_.tally.add(Trouble::request_twice);
        auto second = central_.handle(request);
        if (random_.chance(500)) reply = std::move(second);
    }
    if (chance(world_.plan.twice) && random_.chance(world_.plan.late)) deliver_later(request);
    wait();
    if (!is_alive_()) return no_reply("the device is off");
    if (!reply) return no_reply("connection closed");
    if (chance(world_.plan.reply_lost)) {
        world_.tally.add(Trouble::reply_lost);
        return no_reply("connection reset");
    }
    if (reply->status == 200 && request.path == "/v1/batches") {
        if (const auto receipt = sync::decode_receipt(reply->body)) {
            for (const auto& id : receipt->accepted) world_.ledger.receipted(id);
        }
    }
    return *std::move(reply);
}

}  // namespace kaiku::sim
