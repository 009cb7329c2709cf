#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "survey/result.hpp"

/// Looking after the endpoint: its log, its readiness, its backups, what it may forget.
namespace kaiku::central::ops {

enum class LogFormat { text, json };

/// What the process writes to standard error.
struct LogOptions {
    std::string program = "kaiku-central";
    LogFormat format = LogFormat::text;  ///< json: one object a line
    std::string level = "info";          ///< trace, debug, info, warn, error, off
    bool every_request = false;          ///< false: only those answered 500 or more
};

/// "text" or "json". Errc::invalid for anything else.
Result<LogFormat> log_format_from(std::string_view text);
/// Errc::invalid for a word that is no level.
Status check_log_level(const std::string& level);

/// Makes the log of this process. Call once, before any thread.
void open_log(const LogOptions& options);

/// 16 hex digits, new for each request; tells nothing about who asked.
std::string new_request_id();

/// While it lives, every line that this thread logs names the request; then the one before it.
class RequestScope {
  public:
    explicit RequestScope(std::string id);
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;
    ~RequestScope();

  private:
    std::string before_;
};

/// The request that this thread's lines name, to be named by another thread; may be empty.
const std::string& request_in_scope();

/// One answered request: constants of the program and numbers, nothing that anyone sent.
struct RequestLine {
    std::string_view method;  ///< "GET", "POST" or "other"
    std::string_view route;   ///< a constant of the program
    int status = 0;
    std::chrono::microseconds took{0};
};

/// Logs it in the scope of its request: from 500 on as a warning, else only with `every_request`.
void log_request(const RequestLine& line);

/// One line of the log as JSON, without the line's end: `fields` is a piece of a JSON object or
/// empty, `request` an id or empty.
std::string json_line(std::chrono::system_clock::time_point time, std::string_view level,
                      std::string_view message, std::string_view fields, std::string_view request);

}  // namespace kaiku::central::ops
