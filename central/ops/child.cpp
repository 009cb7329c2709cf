#include "central/ops/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <map>

namespace kaiku::central::ops {
namespace {

/// Ours with the child's over it, as the system wants it.
std::vector<std::string> environment_of(const Child& child) {
    std::map<std::string, std::string> all;
    for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {  // NOLINT
        const std::string entry(*each);
        const auto equals = entry.find('=');
        if (equals != std::string::npos) all[entry.substr(0, equals)] = entry.substr(equals + 1);
    }
    for (const auto& [name, value] : child.environment) all[name] = value;
    std::vector<std::string> entries;
    for (const auto& [name, value] : all) entries.push_back(name + "=" + value);
    return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// All that comes through a pipe, of which the last line is kept.
std::string last_line(int descriptor) {
    constexpr std::size_t kMost = 4096;
    std::string text;
    std::array<char, 1024> piece{};
    for (;;) {
        const ssize_t got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > kMost) text.erase(0, text.size() - kMost);
    }
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const auto line = text.rfind('\n');
    return line == std::string::npos ? text : text.substr(line + 1);
}

/// Starts it with standard error into `errors`; an errno, 0 for success.
int start(const Child& child, int errors, pid_t& pid) {
    std::vector<std::string> arguments = child.arguments;
    std::vector<std::string> environment = environment_of(child);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    ::sigaddset(&usual, SIGXFSZ);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int failed =
        ::posix_spawnp(&pid, arguments.front().c_str(), &files, &attributes,
                       pointers_to(arguments).data(), pointers_to(environment).data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return failed;
}

}  // namespace

Status run_child(const Child& child) {
    const std::string& program = child.arguments.front();
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail(Errc::io, program + ": no pipe is left");
    pid_t pid = 0;
    const int failed = start(child, pipe[1], pid);
    ::close(pipe[1]);
    if (failed != 0) {
        ::close(pipe[0]);
        return fail(Errc::not_found,
                    program + ": cannot be run; install Debian's postgresql-client");
    }
    const std::string said = last_line(pipe[0]);
    ::close(pipe[0]);
    int ended = 0;
    while (::waitpid(pid, &ended, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0) return {};
    return fail(Errc::io, program + " failed: " + (said.empty() ? "it said nothing" : said));
}

}  // namespace kaiku::central::ops
