#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::central::ops {

/// One thing without which the endpoint cannot take answers in.
struct Check {
    std::string name;             ///< "disk", "schema", "keys", "store": for whoever watches
    std::function<Status()> run;  ///< from any thread; what it does ends by itself
};

/// What a check found; the detail of an error belongs into the log, `why` to whoever watches.
struct Finding {
    std::string name;
    Status status;
};

/// Runs every check, also after one that failed.
std::vector<Finding> run_checks(std::span<const Check> checks);

/// Whether all of them passed.
bool all_good(std::span<const Finding> findings);

/// What is wrong and what helps, without paths, figures or names of hosts.
std::string why(const Finding& finding);

}  // namespace kaiku::central::ops
