#include <linux/close_range.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "kiosk/main/app.hpp"
#include "kiosk/main/clock.hpp"
#include "kiosk/main/commands.hpp"
#include "kiosk/main/log_ring.hpp"
#include "kiosk/main/pin.hpp"
#include "kiosk/main/script.hpp"
#include "kiosk/platform/camera.hpp"
#include "sync/device_identity.hpp"
#include "sync/local_day.hpp"

namespace kaiku::kiosk {

namespace {

/// The program is to begin anew, and in a script or where it cannot by itself, whatever supervises
/// it starts it again.
constexpr int kRestartExitCode = 75;

/// Turns SIGINT and SIGTERM into a request to stop. Made before any other thread, so that all
/// threads inherit the blocked signals.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    void watch(App& app) {
        thread_ = std::thread([this, &app] {
            int received = 0;
            sigwait(&signals_, &received);
            if (!done_) app.request_stop();
        });
    }
    /// Has to be called before the App dies.
    void unwatch() {
        if (!thread_.joinable()) return;
        done_ = true;
        // The thread waits for this signal, which is blocked: nobody dies of it.
        // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }
    ~StopSignals() { unwatch(); }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

  private:
    sigset_t signals_{};
    std::thread thread_;
    std::atomic<bool> done_{false};
};

/// Answers live in this process: no core dump may carry them to the disk.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

/// What a visitor types passes through more memory than its one buffer: fonts' glyph runs, widget
/// lists, JSON. So nothing of the process goes to swap. With a limit the lock would make later
/// allocations fail, so then nothing is locked, and the log says so.
void lock_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    rlimit limit{};
    const bool unlimited = getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
                           (limit.rlim_cur == RLIM_INFINITY || geteuid() == 0);
    if (unlimited && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return;
    spdlog::warn(
        "memory is not locked: without LimitMEMLOCK=infinity in the service, or without "
        "swap turned off, a typed text could be written to the swap disk");
#endif
}

void print_measurements(const App& app, const std::vector<double>& saves) {
    const Measurements measured = app.measurements();
    const nlohmann::json json{{"first_frame_ms", measured.first_frame_ms},
                              {"frames", measured.frames},
                              {"tap_to_present_ms", measured.tap_to_present_ms},
                              {"save_ms", saves}};
    std::fprintf(stderr, "%s\n", json.dump().c_str());
}

/// Completes the options by what enrolment left: the unit unless one was told, and the web survey.
Status apply_identity(Options& options) {
    auto identity = sync::load_identity(options.data_dir);
    if (identity && identity->has_value()) {
        options.web_url = (*identity)->enrolment.web_url;
        options.sealing_key = (*identity)->enrolment.sealing_key;
    }
    if (!options.unit.empty()) return {};
    if (!identity) return tl::make_unexpected(identity.error());
    if (!identity->has_value()) {
        return fail(Errc::invalid,
                    "no unit: give --unit CODE, set unit in the configuration, or enrol the "
                    "device (--enroll CODE --central URL)");
    }
    options.unit = (*identity)->enrolment.unit;
    return {};
}

/// Offers the staff's screens where a PIN is set. A book of PINs that cannot be read closes the
/// staff's way in; visitors still find their terminal.
Status settle_staff(Options& options) {
    PinBook book(options.data_dir, {});
    const auto set = book.is_set();
    options.staff.offered = set && *set;
    if (!set) {
        const bool aside = set.error().code == Errc::malformed && book.set_aside();
        spdlog::error("staff: {}{}; nobody can open the staff's screens until then",
                      set.error().detail, aside ? " (it was set aside)" : "");
        options.staff.device = false;
    }
    if (options.camera.empty()) options.camera = platform::find_camera().value_or("none");
    options.staff.camera = options.staff.device && options.camera != "none";
    if (options.staff.device && !options.staff.offered) {
        return fail(Errc::invalid, "a staff device needs a PIN: kaiku-kiosk --set-pin --data-dir " +
                                       options.data_dir.string());
    }
    if (options.staff.device && options.respondents.empty()) {
        options.respondents = {survey::kRespondentKinds.begin(), survey::kRespondentKinds.end()};
    }
    return {};
}

/// Everything that the terminal reads before it can start with these options; they are completed.
Status ready(Options& options) {
    if (auto applied = apply_identity(options); !applied) return applied;
    return settle_staff(options);
}

/// What central set, if the terminal can start with it; else the options are its own.
std::shared_ptr<FleetConfig> apply_central(Options& options, int argc, const char* const* argv) {
    const auto prepare = [argc, argv](const sync::DeviceConfig& central) -> Result<Options> {
        auto parsed = parse_options(argc, argv, central);
        if (!parsed) return tl::make_unexpected(parsed.error());
        if (auto good = ready(parsed->options); !good) return tl::make_unexpected(good.error());
        if (auto loaded = load_instruments(parsed->options); !loaded) {
            return tl::make_unexpected(loaded.error());
        }
        return std::move(parsed->options);
    };
    std::shared_ptr<FleetConfig> config =
        FleetConfig::open(options.data_dir, KAIKU_VERSION, prepare);
    if (config->options()) options = *config->options();
    return config;
}

/// The same for who only looks: nothing is counted, nor refused.
Options with_central(const Options& options, int argc, const char* const* argv) {
    const auto config = next_config(options.data_dir);
    if (!config || !config->has_value()) return options;
    const auto read = sync::read_config((*config)->values);
    if (!read) return options;
    auto parsed = parse_options(argc, argv, *read);
    return parsed ? std::move(parsed->options) : options;
}

/// Plays the script, or runs until somebody ends it; the exit code.
int turn_terminal(App& app, const Options& options, const std::vector<ScriptLine>& lines) {
    if (options.script.empty()) {
        app.run();
        return 0;
    }
    const auto played = play(app, lines, options.script.string(), options.pictures_dir);
    return played ? 0 : report(played.error());
}

int run_terminal(Options options, int argc, const char* const* argv,
                 App::SteadyClock::time_point started) {
    std::vector<ScriptLine> lines;
    if (!options.script.empty()) {
        auto loaded = load_script(options.script);
        if (!loaded) return report(loaded.error());
        lines = std::move(*loaded);
    }
    if (auto good = ready(options); !good) return report(good.error());
    const auto config = apply_central(options, argc, argv);
    if (const Status clock = check_clock(); !clock) spdlog::warn("{}", clock.error().detail);
    lock_memory();
    StopSignals signals;
    auto opened = App::open(options, started, config);
    if (!opened) {
        const int exit_code = report(opened.error());
        return config->is_on_trial() ? kRestartExitCode : exit_code;
    }
    const std::unique_ptr<App> app = std::move(*opened);
    signals.watch(*app);
    const int exit_code = turn_terminal(*app, options, lines);
    signals.unwatch();
    if (std::getenv("KAIKU_BENCH") != nullptr) {
        print_measurements(*app, app->keeper().save_times_ms());
    }
    if (exit_code == 0 && app->restart_requested()) return kRestartExitCode;
    return exit_code;
}

/// The program begins anew in this process, so that a terminal without a supervisor comes back too;
/// returns if it cannot. Nothing that is open goes along.
void begin_anew(const char* const* argv) {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return;
    std::fflush(nullptr);
    if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return;
    execv(program.c_str(), const_cast<char* const*>(argv));  // NOLINT: as POSIX declares it
}

int run(int argc, const char* const* argv) {
    const auto started = App::SteadyClock::now();
    forbid_core_dumps();
    start_logging();
    auto parsed = parse_options(argc, argv);
    if (!parsed) return report(parsed.error());
    if (parsed->exit_code) return *parsed->exit_code;
    const Options& options = parsed->options;
    if (auto zone = sync::set_time_zone(options.time_zone); !zone) return report(zone.error());
    switch (options.task) {
        case Task::run: {
            const int exit_code = run_terminal(options, argc, argv, started);
            if (exit_code == kRestartExitCode && options.script.empty()) begin_anew(argv);
            return exit_code;
        }
        case Task::enrol:
            return run_enrol(options);
        case Task::set_pin:
            return run_set_pin(options);
        case Task::sync:
            return run_sync(options);
        case Task::requeue:
            return run_requeue(options);
        case Task::salvage:
            return run_salvage(options);
        case Task::self_check:
            return run_self_check(with_central(options, argc, argv));
        case Task::dump_widgets:
            return run_dump_widgets(options);
        case Task::list_speech:
            return run_list_speech(options);
        case Task::pictures:
            return run_pictures(options);
    }
    return 2;
}

}  // namespace

}  // namespace kaiku::kiosk

int main(int argc, char** argv) {
    try {
        const int exit_code = kaiku::kiosk::run(argc, argv);
        // Whoever reads the output must be able to rely on it: a full disk cuts it short.
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.flush().good()) {
            return exit_code;
        }
        std::fprintf(stderr, "kaiku-kiosk: the output could not be written in full\n");
        return exit_code == 0 ? 1 : exit_code;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "kaiku-kiosk: stopped by an unexpected error: %s\n", error.what());
        return 70;
    }
}
