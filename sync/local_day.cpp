#include "sync/local_day.hpp"

#include <time.h>  // NOLINT(modernize-deprecated-headers): localtime_r is no std function

#include <array>
#include <cstdlib>
#include <filesystem>

namespace kaiku::sync {

Status set_time_zone(const std::string& name) {
    const bool plain = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos;
    std::error_code failed;
    if (!plain || !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + name, failed)) {
        return fail(Errc::invalid, "time_zone: this system knows no zone '" + name +
                                       "'; use a name such as Europe/Helsinki (package tzdata)");
    }
    if (setenv("TZ", name.c_str(), 1) != 0) {  // NOLINT(concurrency-mt-unsafe): before any thread
        return fail(Errc::io, "time_zone: the environment cannot be changed");
    }
    tzset();
    return {};
}

std::string local_day(survey::UtcSeconds time) {
    const time_t moment = time.time_since_epoch().count();
    tm local{};
    if (localtime_r(&moment, &local) == nullptr) return "1970-01-01";
    std::array<char, 16> text{};
    const std::size_t length = strftime(text.data(), text.size(), "%Y-%m-%d", &local);
    return {text.data(), length};
}

}  // namespace kaiku::sync
