#include <spdlog/spdlog.h>

#include "central/http/server.hpp"
#include "central/main/commands.hpp"
#include "central/main/figures.hpp"
#include "central/main/fleet_watch.hpp"
#include "central/main/retention.hpp"
#include "central/main/rooms.hpp"
#include "central/ops/service_manager.hpp"
#include "central/service/watched.hpp"

namespace kaiku::central {

Status run_serve(const Settings& given) {
    Settings settings = given;
    const auto inherited = ops::inherited_socket();
    if (!inherited) return tl::make_unexpected(inherited.error());
    settings.server.inherited = *inherited;
    settings.server.stopping = [] { ops::tell_manager("STOPPING=1"); };
    if (Status good = apply_listen(settings); !good) {
        return good;
    }
    ops::open_log(settings.log);
    const std::string address = store_address(settings);
    std::error_code ignored;
    const bool is_new = !is_postgres(address) &&
                        !std::filesystem::exists(store_path(address).value_or(""), ignored);
    const auto stores = open_stores(settings, true, true);
    if (!stores) {
        return tl::make_unexpected(stores.error());
    }
    Metrics metrics;
    watch_store(**stores, settings, metrics);
    const auto rooms = Rooms::open(settings, **stores, metrics);
    if (!rooms) {
        return tl::make_unexpected(rooms.error());
    }
    const auto server = Server::open(
        settings.server,
        watched({[&rooms](const Request& request) { return (*rooms)->handle(request); },
                 [&rooms](const Request& request, const Answer& answer) {
                     return (*rooms)->answer_quickly(request, answer);
                 }},
                metrics));
    if (!server) {
        return tl::make_unexpected(server.error());
    }
    watch_process(**server, metrics);
    if (is_new) {
        spdlog::warn("{} was not there: a new, empty store was made", address);
    }
    (*rooms)->tell_new_keys();
    const bool tls = !settings.server.tls_certificate.empty();
    if (Status told =
            print("kaiku-central listens on " + std::string(tls ? "https" : "http") + "://" +
                  (*server)->address() + ":" + std::to_string((*server)->port()) + "\n");
        !told) {
        return told;
    }
    const DailyRetention retention(settings, **stores);
    const auto fleet_watch = FleetWatch::start(settings, **stores);
    if (!fleet_watch) return tl::make_unexpected(fleet_watch.error());
    ops::tell_manager("READY=1");
    (*server)->run();
    spdlog::info("stopped");
    return {};
}

}  // namespace kaiku::central
