#include "central/main/rooms.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "central/main/commands.hpp"
#include "central/ops/database_checks.hpp"
#include "central/results/period.hpp"

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

void tell_of_keys(const OpenedKey& sealing, const OpenedSigningKey& signing) {
    if (!sealing.made.empty()) {
        spdlog::warn("{}: a new key was made; back it up, only it opens what terminals send",
                     sealing.made.string());
    }
    if (!signing.made.empty()) {
        spdlog::warn("{}: a new key was made; back it up, terminals believe only what it signs",
                     signing.made.string());
    }
}

/// What concerns the whole process, not one organiser.
std::vector<ops::Check> checks_of(const Stores& stores) {
    return {{"disk", [&stores] { return stores.check_room(); }},
            {"schema", [&stores] { return ops::check_schema(*stores.database()); }}};
}

ServiceEnvironment environment_of(const Settings& settings, const Room& room) {
    ServiceEnvironment environment;
    environment.now = wall_now;
    environment.day_of = [](survey::UtcSeconds time) { return format_day(day_of(time)); };
    environment.entropy = system_entropy();
    environment.enrolment_failures_per_minute = settings.enrolment_failures_per_minute;
    environment.device_requests_per_minute = settings.device_requests_per_minute;
    environment.key = room.sealing.opener.get();
    environment.signing = &room.signing->key;
    environment.credential_life = settings.credential_life;
    environment.web_url = settings.web_url;
    return environment;
}

Result<std::shared_ptr<Room>> open_room(const Settings& settings, Stores& stores,
                                        Metrics& metrics) {
    auto room = std::make_shared<Room>();
    auto store = stores.of(settings.organiser);
    if (!store) return tl::make_unexpected(store.error());
    room->store = std::move(*store);
    if (Status good = check_web_url(settings); !good) return tl::make_unexpected(good.error());
    auto sealing = open_key(settings);
    if (!sealing) return tl::make_unexpected(sealing.error());
    room->sealing = std::move(*sealing);
    auto signing = open_signing_key(settings);
    if (!signing) return tl::make_unexpected(signing.error());
    room->signing = std::make_unique<OpenedSigningKey>(std::move(*signing));
    if (Status ended = end_old_credentials(*room->store, settings); !ended) {
        return tl::make_unexpected(ended.error());
    }
    ServiceEnvironment environment = environment_of(settings, *room);
    environment.metrics = &metrics;
    environment.checks = checks_of(stores);
    room->configs = fleet::make_sql_config_store(stores.database(), settings.organiser);
    room->watch = fleet::make_sql_watch_store(stores.database(), settings.organiser);
    room->fleet = std::make_unique<fleet::Fleet>(*room->store, *room->configs, *room->watch);
    environment.fleet = room->fleet.get();
    room->service = std::make_unique<Service>(*room->store, std::move(environment));
    auto web = open_web(settings, *room->service, *room->sealing.opener);
    if (!web) return tl::make_unexpected(web.error());
    room->web = std::move(*web);
    return room;
}

}  // namespace

Result<std::unique_ptr<Rooms>> Rooms::open(const Settings& settings, Stores& stores,
                                           Metrics& metrics) {
    const auto organisers = stores.organisers();
    if (!organisers) return tl::make_unexpected(organisers.error());
    auto rooms = std::make_unique<Rooms>();
    for (const Organiser& organiser : *organisers) {
        const bool first = organiser.code == kDefaultOrganiser;
        auto room =
            open_room(first ? settings : settings_for(settings, organiser.code, organiser.host),
                      stores, metrics);
        if (!room) return tl::make_unexpected(room.error());
        if (first) rooms->first_ = *room;
        if (!organiser.host.empty()) rooms->by_host_[organiser.host] = *room;
    }
    if (!rooms->first_) {
        return fail(Errc::corrupt, "store: organiser 'main' is gone; restore it from a backup");
    }
    return rooms;
}

void Rooms::tell_new_keys() const {
    tell_of_keys(first_->sealing, *first_->signing);
    for (const auto& [host, room] : by_host_) {
        if (room != first_) tell_of_keys(room->sealing, *room->signing);
    }
}

const Room& Rooms::room_of(const Request& request) const {
    const auto found = by_host_.find(request.host);
    return found == by_host_.end() ? *first_ : *found->second;
}

bool Rooms::answer_quickly(const Request& request, const Answer& answer) const {
    return room_of(request).service->answer_quickly(request, answer);
}

Reply Rooms::handle(const Request& request) const {
    const Room& room = room_of(request);
    const bool for_web = room.web != nullptr && Web::is_path(request.path);
    return for_web ? room.web->handle(request) : room.service->handle(request);
}

}  // namespace kaiku::central
