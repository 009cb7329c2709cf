#pragma once

#include <string>
#include <vector>

#include "sync/outbox.hpp"

/// What an operator is told about answers that central refused.
namespace kaiku::kiosk {

/// "3 × /unit: there is no unit 'KESKUSTAA'", the most frequent reasons first; beyond the first few
/// one line says how many more there are.
std::vector<std::string> quarantine_lines(const std::vector<sync::QuarantineGroup>& groups);

/// What to do about it; empty when nothing is quarantined.
std::string quarantine_cure(const std::vector<sync::QuarantineGroup>& groups);

}  // namespace kaiku::kiosk
