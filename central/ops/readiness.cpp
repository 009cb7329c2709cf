#include "central/ops/readiness.hpp"

#include <algorithm>

namespace kaiku::central::ops {

std::vector<Finding> run_checks(std::span<const Check> checks) {
    std::vector<Finding> findings;
    findings.reserve(checks.size());
    for (const Check& check : checks) findings.push_back({check.name, check.run()});
    return findings;
}

bool all_good(std::span<const Finding> findings) {
    return std::all_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.status.has_value(); });
}

std::string why(const Finding& finding) {
    if (finding.status) return {};
    if (finding.name == "keys") return "the keyholder does not answer; start it";
    switch (finding.status.error().code) {
        case Errc::full:
            return "the store's disk has too little room for answers; free some space on it";
        case Errc::busy:
            return "another program holds the store; see which, and end it";
        case Errc::corrupt:
            return "the store is damaged; restore it from a backup";
        case Errc::unsupported:
            return "a newer program upgraded the store; update this one";
        case Errc::io:
        case Errc::invalid:
        case Errc::malformed:
        case Errc::too_large:
        case Errc::not_found:
        case Errc::network:
        case Errc::refused:
        case Errc::unauthorized:
            break;
    }
    return "the store cannot be written; see the log, the disk and its permissions";
}

}  // namespace kaiku::central::ops
