#include "central/main/fleet_watch.hpp"

#include <spdlog/spdlog.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): localtime_r is no std function

#include "central/main/commands.hpp"
#include "sync/local_day.hpp"

namespace kaiku::central {
namespace {

int minute_of_week(survey::UtcSeconds time) {
    const time_t moment = time.time_since_epoch().count();
    tm local{};
    if (localtime_r(&moment, &local) == nullptr) return 0;
    return ((local.tm_wday + 6) % 7 * 24 + local.tm_hour) * 60 + local.tm_min;
}

}  // namespace

Result<std::vector<locales::Catalogue>> alert_words() {
    std::vector<locales::Catalogue> all;
    for (const auto language : {survey::Language::fi, survey::Language::sv}) {
        auto words = locales::Catalogue::load(share_folder() / "locales", language);
        if (!words) return tl::make_unexpected(words.error());
        all.push_back(std::move(*words));
    }
    return all;
}

Result<std::unique_ptr<FleetWatch>> FleetWatch::start(const Settings& settings, Stores& stores) {
    FleetSettings own = settings.fleet;
    const std::stop_source stop;
    own.mail.stop = own.webhook.stop = stop.get_token();
    std::unique_ptr<FleetWatch> watch(new FleetWatch(std::move(own), stores, stop));
    if (!watch->settings_.mail.server.empty()) {
        auto made = fleet::make_curl_mailer(watch->settings_.mail);
        if (!made) return tl::make_unexpected(made.error());
        watch->mailer_ = std::move(*made);
        auto words = alert_words();
        if (!words) return tl::make_unexpected(words.error());
        watch->words_ = std::move(*words);
    }
    if (!watch->settings_.webhook.url.empty()) {
        auto made = fleet::make_curl_webhook(watch->settings_.webhook);
        if (!made) return tl::make_unexpected(made.error());
        watch->webhook_ = std::move(*made);
    }
    watch->thread_ =
        std::jthread([self = watch.get()](const std::stop_token& ending) { self->run(ending); });
    return watch;
}

FleetWatch::FleetWatch(FleetSettings settings, Stores& stores, std::stop_source stop)
    : settings_(std::move(settings)), stores_(stores), stop_(std::move(stop)) {}

FleetWatch::~FleetWatch() { stop_.request_stop(); }

void FleetWatch::run(const std::stop_token& ending) {
    std::unique_lock lock(mutex_);
    while (!ending.stop_requested()) {
        wake_.wait_for(lock, ending, settings_.look, [] { return false; });
        if (ending.stop_requested()) return;
        std::string trouble;
        try {
            if (const Status looked = look_around(); !looked) trouble = looked.error().detail;
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        if (trouble != said_ && !trouble.empty()) spdlog::error("fleet: {}", trouble);
        said_ = trouble;
    }
}

Status FleetWatch::look_around() {
    const auto organisers = stores_.organisers();
    if (!organisers) return tl::make_unexpected(organisers.error());
    for (const Organiser& organiser : *organisers) {
        const auto store = stores_.of(organiser.code);
        if (!store) return tl::make_unexpected(store.error());
        const auto configs = fleet::make_sql_config_store(stores_.database(), organiser.code);
        const auto watch = fleet::make_sql_watch_store(stores_.database(), organiser.code);
        fleet::CaretakerOptions options = settings_.caretaker;
        options.organiser = organiser.code;
        const Status looked =
            look_after({.store = **store,
                        .configs = *configs,
                        .watch = *watch,
                        .mailer = mailer_.get(),
                        .webhook = webhook_.get(),
                        .minute_of = minute_of_week,
                        .day_of = [](survey::UtcSeconds time) { return sync::local_day(time); },
                        .words = words_},
                       options, wall_now());
        if (!looked) return looked;
    }
    return {};
}

}  // namespace kaiku::central
