#include "kiosk/main/log_ring.hpp"

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kLines = 40;

std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt>& ring() {
    static std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> kept;
    return kept;
}

}  // namespace

void start_logging() {
    ring() = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(kLines);
    auto logger = std::make_shared<spdlog::logger>(
        "kaiku-kiosk",
        spdlog::sinks_init_list{std::make_shared<spdlog::sinks::stderr_sink_mt>(), ring()});
    spdlog::set_default_logger(std::move(logger));
    ring()->set_pattern("%d.%m. %H:%M %l: %v");
}

std::vector<std::string> recent_log_lines() {
    if (!ring()) return {};
    auto lines = ring()->last_formatted();
    for (std::string& line : lines) {
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

}  // namespace kaiku::kiosk
