#include <nlohmann/json.hpp>

#include "central/ops/log.hpp"
#include "central/ops/process_figures.hpp"
#include "central/ops/readiness.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {
namespace {

using nlohmann::json;

TEST_CASE("a line of a json log is an object whatever is said") {
    const auto moment = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'007));
    for (const std::string said : {"plain", "\"quoted\"\n\tand \\ more", "\xff not UTF-8", ""}) {
        const std::string line = ops::json_line(moment, "info", said, "", "");
        CHECK(line.find('\n') == std::string::npos);
        const json object = json::parse(line);
        CHECK(object["time"] == "1970-01-01T00:00:01.007Z");
        CHECK(object["level"] == "info");
        CHECK(object["message"].is_string());
        CHECK_FALSE(object.contains("request"));
    }
    const json told = json::parse(ops::json_line(moment, "warning", "request",
                                                 R"("status":503,"ms":0.125)", "0123456789abcdef"));
    CHECK(told["request"] == "0123456789abcdef");
    CHECK(told["status"] == 503);
    CHECK(told["ms"] == 0.125);
}

TEST_CASE("request ids are never the same") {
    CHECK(ops::new_request_id().size() == 16);
    CHECK(ops::new_request_id() != ops::new_request_id());
}

TEST_CASE("only known levels and formats are accepted") {
    CHECK(ops::check_log_level("debug"));
    CHECK_FALSE(ops::check_log_level("loud"));
    CHECK_FALSE(ops::check_log_level(""));
    CHECK(ops::log_format_from("json") == ops::LogFormat::json);
    CHECK_FALSE(ops::log_format_from("JSON"));
}

TEST_CASE("every check runs, and what it found is told without its detail") {
    int ran = 0;
    const auto failing = [&ran](Errc code) {
        return [&ran, code]() -> Status {
            ++ran;
            return fail(code, "secret.example.fi refused /var/lib/x");
        };
    };
    const std::vector<ops::Check> checks{{"disk", failing(Errc::full)},
                                         {"schema", failing(Errc::unsupported)},
                                         {"keys", failing(Errc::network)},
                                         {"store", [&ran]() -> Status {
                                              ++ran;
                                              return {};
                                          }}};
    const auto findings = ops::run_checks(checks);
    REQUIRE(findings.size() == 4);
    CHECK(ran == 4);
    CHECK_FALSE(ops::all_good(findings));
    CHECK(ops::why(findings[0]).find("room") != std::string::npos);
    CHECK(ops::why(findings[1]).find("newer program") != std::string::npos);
    CHECK(ops::why(findings[2]).find("keyholder") != std::string::npos);
    CHECK(ops::why(findings[3]).empty());
    for (const ops::Finding& finding : findings) {
        CHECK(ops::why(finding).find("example.fi") == std::string::npos);
        CHECK(ops::why(finding).find("/var") == std::string::npos);
    }
    CHECK(ops::all_good(std::vector<ops::Finding>{findings[3]}));
}

TEST_CASE("a process knows its own size and age") {
    const ops::ProcessFigures figures = ops::process_figures();
    CHECK(figures.resident_bytes > 1 << 20);
    CHECK(figures.virtual_bytes >= figures.resident_bytes);
    CHECK(figures.open_fds >= 3);
    CHECK(figures.threads >= 1);
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
    CHECK(figures.start_time_seconds < now.count() + 1);
    CHECK(figures.start_time_seconds > now.count() - 3600);
}

}  // namespace
}  // namespace kaiku::central
