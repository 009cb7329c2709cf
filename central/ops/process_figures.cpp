#include "central/ops/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace kaiku::central::ops {
namespace {

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// When this machine started, in seconds since 1970. /proc/stat says so too, but may be hidden.
double boot_time() {
    timespec since_boot{};
    timespec now{};
    if (::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0 ||
        ::clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return static_cast<double>(now.tv_sec - since_boot.tv_sec) +
           static_cast<double>(now.tv_nsec - since_boot.tv_nsec) / 1e9;
}

/// Field 22 of /proc/self/stat, counted behind the name, which may hold anything.
double ticks_after_boot() {
    std::ifstream in("/proc/self/stat");
    std::string line;
    std::getline(in, line);
    const auto behind = line.rfind(')');
    if (behind == std::string::npos) return 0;
    std::istringstream fields(line.substr(behind + 1));
    std::string skipped;
    for (int field = 3; field < 22; ++field) fields >> skipped;
    double ticks = 0;
    fields >> ticks;
    return ticks;
}

}  // namespace

ProcessFigures process_figures() {
    ProcessFigures figures;
    const auto page = static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
    std::ifstream statm("/proc/self/statm");
    std::int64_t size = 0;
    std::int64_t resident = 0;
    if (statm >> size >> resident) {
        figures.virtual_bytes = size * page;
        figures.resident_bytes = resident * page;
    }
    std::error_code ignored;
    for (auto it = std::filesystem::directory_iterator("/proc/self/fd", ignored);
         it != std::filesystem::directory_iterator(); it.increment(ignored)) {
        ++figures.open_fds;
    }
    for (auto it = std::filesystem::directory_iterator("/proc/self/task", ignored);
         it != std::filesystem::directory_iterator(); it.increment(ignored)) {
        ++figures.threads;
    }
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0) {
        figures.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    }
    figures.start_time_seconds =
        boot_time() + ticks_after_boot() / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return figures;
}

}  // namespace kaiku::central::ops
