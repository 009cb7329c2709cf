#include "central/ops/log.hpp"

#include <sodium.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace kaiku::central::ops {
namespace {

/// Lines of this logger are pieces of JSON objects when the log is JSON.
constexpr const char* kRequests = "requests";

thread_local std::string current_request;  // NOLINT: the thread's own
LogOptions chosen;                         // NOLINT: written once, before any thread

class JsonFormatter final : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) override {
        const auto level = spdlog::level::to_string_view(line.level);
        const std::string_view payload(line.payload.data(), line.payload.size());
        const bool request =
            std::string_view(line.logger_name.data(), line.logger_name.size()) == kRequests;
        const std::string text =
            json_line(line.time, {level.data(), level.size()}, request ? "request" : payload,
                      request ? payload : "", current_request);
        out.append(text.data(), text.data() + text.size());
        out.push_back('\n');
    }
    std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonFormatter>();
    }
};

/// " (request 1f…)" in the scope of one.
class RequestFlag final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& /*line*/, const std::tm& /*time*/,
                spdlog::memory_buf_t& out) override {
        if (current_request.empty()) return;
        const std::string text = " (request " + current_request + ")";
        out.append(text.data(), text.data() + text.size());
    }
    std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
        return std::make_unique<RequestFlag>();
    }
};

std::unique_ptr<spdlog::formatter> formatter_of(const LogOptions& options) {
    switch (options.format) {
        case LogFormat::json:
            return std::make_unique<JsonFormatter>();
        case LogFormat::text:
            break;
    }
    auto pattern = std::make_unique<spdlog::pattern_formatter>();
    pattern->add_flag<RequestFlag>('*');
    pattern->set_pattern("[%Y-%m-%d %H:%M:%S.%e] [" + options.program + "] [%^%l%$] %v%*");
    return pattern;
}

}  // namespace

Result<LogFormat> log_format_from(std::string_view text) {
    if (text == "text") return LogFormat::text;
    if (text == "json") return LogFormat::json;
    return fail(Errc::invalid, "log_format: must be \"text\" or \"json\"");
}

Status check_log_level(const std::string& level) {
    for (const char* known : {"trace", "debug", "info", "warn", "error", "off"}) {
        if (level == known) return {};
    }
    return fail(Errc::invalid, "log_level: must be trace, debug, info, warn, error or off");
}

void open_log(const LogOptions& options) {
    chosen = options;
    spdlog::drop_all();
    const auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    const auto level =
        options.level == "warn" ? spdlog::level::warn : spdlog::level::from_str(options.level);
    for (const char* name : {kRequests, options.program.c_str()}) {
        auto logger = std::make_shared<spdlog::logger>(name, sink);
        logger->set_level(level);
        logger->set_formatter(formatter_of(options));
        // The default one before it would be dropped by the next.
        if (name == kRequests) {
            spdlog::register_logger(std::move(logger));
        } else {
            spdlog::set_default_logger(std::move(logger));
        }
    }
}

std::string new_request_id() {
    std::array<unsigned char, 8> bytes{};
    std::array<char, 2 * bytes.size() + 1> hex{};
    ::randombytes_buf(bytes.data(), bytes.size());
    ::sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    return hex.data();
}

RequestScope::RequestScope(std::string id)
    : before_(std::exchange(current_request, std::move(id))) {}
RequestScope::~RequestScope() { current_request = std::move(before_); }

const std::string& request_in_scope() { return current_request; }

void log_request(const RequestLine& line) {
    const bool failed = line.status >= 500;
    if (!failed && !chosen.every_request) return;
    const auto requests = spdlog::get(kRequests);
    if (!requests) return;
    const auto level = failed ? spdlog::level::warn : spdlog::level::info;
    const double milliseconds = static_cast<double>(line.took.count()) / 1000;
    switch (chosen.format) {
        case LogFormat::json:
            requests->log(level, R"("method":"{}","route":"{}","status":{},"ms":{:.3f})",
                          line.method, line.route, line.status, milliseconds);
            return;
        case LogFormat::text:
            break;
    }
    requests->log(level, "{} {} {} in {:.3f} ms", line.method, line.route, line.status,
                  milliseconds);
}

std::string json_line(std::chrono::system_clock::time_point time, std::string_view level,
                      std::string_view message, std::string_view fields, std::string_view request) {
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(whole).count();
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::string text = fmt::format(
        R"({{"time":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z","level":"{}","message":)",
        utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
        whole.count() % 1000, level);
    text += nlohmann::json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (!request.empty()) text += R"(,"request":")" + std::string(request) + '"';
    if (!fields.empty()) text += "," + std::string(fields);
    return text + "}";
}

}  // namespace kaiku::central::ops
