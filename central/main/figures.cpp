#include "central/main/figures.hpp"

#include <mutex>

#include "central/main/commands.hpp"
#include "central/ops/database_checks.hpp"
#include "central/ops/process_figures.hpp"

namespace kaiku::central {
namespace {

using Access = sql::Database::Access;

std::string_view name_of(Access access) {
    switch (access) {
        case Access::read:
            return "read";
        case Access::snapshot:
            return "snapshot";
        case Access::write:
            return "write";
        case Access::rewrite:
            return "rewrite";
    }
    return "other";
}

/// Counted at most once a minute, whoever asks: that reads every device.
class DeviceCount {
  public:
    explicit DeviceCount(std::shared_ptr<sql::Database> database)
        : database_(std::move(database)) {}

    ops::DeviceFigures now() {
        const std::lock_guard lock(mutex_);
        const auto moment = std::chrono::steady_clock::now();
        if (!counted_ || moment - *counted_ > std::chrono::minutes(1)) {
            const auto since = wall_now() - std::chrono::hours(24);
            const auto found = ops::count_devices(*database_, since.time_since_epoch().count());
            if (found) figures_ = *found;
            counted_ = moment;
        }
        return figures_;
    }

  private:
    std::shared_ptr<sql::Database> database_;
    std::mutex mutex_;
    std::optional<std::chrono::steady_clock::time_point> counted_;
    ops::DeviceFigures figures_;
};

void watch_devices(const std::shared_ptr<sql::Database>& database, Metrics& metrics) {
    const auto count = std::make_shared<DeviceCount>(database);
    const auto add = [&](const char* state, std::int64_t ops::DeviceFigures::*figure) {
        metrics.add_gauge(
            "kaiku_devices", "Terminals: enrolled, of these seen in the last 24 hours, revoked.",
            "state", state, [count, figure] { return static_cast<double>(count->now().*figure); });
    };
    add("enrolled", &ops::DeviceFigures::enrolled);
    add("seen", &ops::DeviceFigures::seen);
    add("revoked", &ops::DeviceFigures::revoked);
}

}  // namespace

void watch_store(Stores& stores, const Settings& settings, Metrics& metrics) {
    stores.wrap_database([&metrics](std::shared_ptr<sql::Database> database) {
        return ops::timed(std::move(database), [&metrics](Access access, auto took) {
            metrics.count_store_work(name_of(access), took.count());
        });
    });
    watch_devices(stores.database(), metrics);
    const auto path = store_path(store_address(settings));
    if (!path) return;  // another machine's disk
    metrics.add_gauge("kaiku_store_free_bytes", "Room on the disk of the SQLite store.",
                      [folder = std::filesystem::absolute(*path).parent_path()] {
                          std::error_code failed;
                          const auto space = std::filesystem::space(folder, failed);
                          return failed ? 0.0 : static_cast<double>(space.available);
                      });
    metrics.add_gauge(
        "kaiku_store_bytes", "Size of the SQLite store, its log included.", [path = *path] {
            double bytes = 0;
            for (const char* ending : {"", "-wal"}) {
                std::error_code failed;
                const auto size = std::filesystem::file_size(path.string() + ending, failed);
                if (!failed) bytes += static_cast<double>(size);
            }
            return bytes;
        });
}

void watch_process(const Server& server, Metrics& metrics) {
    const auto load = [&server](auto figure) {
        return [&server, figure] { return static_cast<double>(server.load().*figure); };
    };
    metrics.add_gauge("kaiku_http_connections", "Open connections.",
                      load(&ServerLoad::connections));
    metrics.add_gauge("kaiku_http_requests_waiting", "Requests that no worker has begun.",
                      load(&ServerLoad::waiting));
    metrics.add_counter("kaiku_http_requests_limited_total",
                        "Requests answered 429 because of their address.",
                        load(&ServerLoad::limited_requests));
    metrics.add_counter("kaiku_http_requests_put_off_total",
                        "Requests answered 503 because too much was unanswered.",
                        load(&ServerLoad::put_off_requests));
    metrics.add_counter("kaiku_http_connections_refused_total",
                        "Connections closed at once: too many, of an address or of all.",
                        load(&ServerLoad::refused_connections));
    const auto process = [](auto figure) {
        return [figure] { return static_cast<double>(ops::process_figures().*figure); };
    };
    using ops::ProcessFigures;
    metrics.add_gauge("process_resident_memory_bytes", "Resident memory.",
                      process(&ProcessFigures::resident_bytes));
    metrics.add_gauge("process_virtual_memory_bytes", "Virtual memory.",
                      process(&ProcessFigures::virtual_bytes));
    metrics.add_gauge("process_open_fds", "Open file descriptors.",
                      process(&ProcessFigures::open_fds));
    metrics.add_gauge("process_threads", "Threads.", process(&ProcessFigures::threads));
    metrics.add_gauge("process_start_time_seconds", "Start of the process, since 1970.",
                      process(&ProcessFigures::start_time_seconds));
    metrics.add_counter("process_cpu_seconds_total", "Processor time, user and system.",
                        process(&ProcessFigures::cpu_seconds));
    metrics.add_gauge("kaiku_build_info", "Always 1; the version stands beside it.", "version",
                      KAIKU_VERSION, [] { return 1.0; });
}

}  // namespace kaiku::central
