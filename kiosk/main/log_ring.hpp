#pragma once

#include <string>
#include <vector>

namespace kaiku::kiosk {

/// Makes the program's logger: standard error, and the newest lines kept for the staff view. Lines
/// never hold answers, texts, PINs or credentials.
void start_logging();
/// The newest lines, newest first; empty before start_logging().
std::vector<std::string> recent_log_lines();

}  // namespace kaiku::kiosk
