#pragma once

#include <string>

#include "survey/result.hpp"

namespace kaiku::central {

/// A password: the first line of a file, of standard input ("-"), or, for an empty name, typed
/// twice at the terminal that shows nothing of it. Errc::invalid when the two differ or nobody is
/// at a terminal; Errc::io for a file that cannot be read. To be wiped with forget().
Result<std::string> ask_password(const std::string& file);

/// Overwrites a text.
void forget(std::string& text);

}  // namespace kaiku::central
