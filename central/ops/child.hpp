#pragma once

#include <string>
#include <utility>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::central::ops {

/// Another program, found on the PATH.
struct Child {
    std::vector<std::string> arguments;  ///< the program first; no secrets
    std::vector<std::pair<std::string, std::string>> environment;  ///< over ours
};

/// Runs it to its end; its standard output goes nowhere. Errc::not_found when there is no such
/// program, Errc::io with the last line it wrote to standard error when it fails.
Status run_child(const Child& child);

}  // namespace kaiku::central::ops
