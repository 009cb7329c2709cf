#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "central/service/problem.hpp"
#include "central/service/service.hpp"

namespace kaiku::central {

using nlohmann::ordered_json;

/// Every check is told by name, so that whoever is called at night knows where to look.
Reply Service::ready() {
    std::vector<ops::Check> checks = environment_.checks;
    if (environment_.key != nullptr) {
        checks.push_back({"keys", [this] { return environment_.key->check(); }});
    }
    checks.push_back({"store", [this] { return store_.check_writable(); }});
    const std::vector<ops::Finding> findings = ops::run_checks(checks);
    ordered_json told = ordered_json::object();
    std::string first;
    for (const ops::Finding& finding : findings) {
        told[finding.name] = {{"ok", finding.status.has_value()}};
        if (finding.status) continue;
        const std::string why = ops::why(finding);
        told[finding.name]["why"] = why;
        if (first.empty()) first = why;
        if (finding.name == "store") metrics_.count_store_error();
        spdlog::error("not ready: {}: {}", finding.name, finding.status.error().detail);
    }
    if (ops::all_good(findings)) {
        return json_reply(200, ordered_json{{"status", "ready"}, {"checks", told}}.dump());
    }
    Reply reply = problem(503, "Not ready", first);
    ordered_json document = ordered_json::parse(reply.body);
    document["checks"] = told;
    reply.body = document.dump();
    reply.headers.emplace_back("Retry-After", "10");
    return reply;
}

}  // namespace kaiku::central
