#include "central/keys/keyholder.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "central/keys/remote_keys.hpp"
#include "central/main/commands.hpp"
#include "central/main/web_room.hpp"
#include "central/ops/service_manager.hpp"

namespace kaiku::central {

Result<OpenedKey> open_key(const Settings& settings) {
    if (settings.key_socket.empty()) return open_key_file(settings);
    auto remote =
        RemoteKeys::connect(settings.key_socket, settings.keyholder_uid.value_or(::geteuid()));
    if (!remote) {
        return fail(remote.error().code,
                    remote.error().detail + "; start kaiku-central keyholder first");
    }
    return OpenedKey{std::move(*remote), {}};
}

Status run_keyholder(const Settings& settings) {
    if (settings.key_socket.empty()) {
        return fail(Errc::invalid, "keyholder: give --key-socket PATH, or keyholder.socket");
    }
    lock_memory_up();
    ops::LogOptions log = settings.log;
    log.program = "kaiku-keyholder";
    ops::open_log(log);
    const auto opened = open_key_file(settings);
    if (!opened) return tl::make_unexpected(opened.error());
    // Before there are threads, so that all of them leave the signals to this one.
    sigset_t ends;
    ::sigemptyset(&ends);
    ::sigaddset(&ends, SIGTERM);
    ::sigaddset(&ends, SIGINT);
    if (::pthread_sigmask(SIG_BLOCK, &ends, nullptr) != 0) {
        return fail(Errc::io, "keyholder: signals cannot be waited for");
    }
    const auto holder = Keyholder::open(settings.key_socket,
                                        settings.serve_uid.value_or(::geteuid()), *opened->opener);
    if (!holder) return tl::make_unexpected(holder.error());
    if (!opened->made.empty()) {
        spdlog::warn("{}: a new key was made; back it up, only it opens what terminals send",
                     opened->made.string());
    }
    if (Status told =
            print("kaiku-central keyholder listens at " + settings.key_socket.string() + "\n");
        !told) {
        return told;
    }
    ops::tell_manager("READY=1");
    std::jthread answering([&holder] { (*holder)->run(); });
    int signal = 0;
    ::sigwait(&ends, &signal);
    (*holder)->stop();
    answering.join();
    spdlog::info("stopped");
    return {};
}

}  // namespace kaiku::central
