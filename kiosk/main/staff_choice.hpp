#pragma once

#include <filesystem>

#include "kiosk/flow/staff.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// What a staff device was handed over for: `<data_dir>/handover.json`. Holds units and a kind of
/// respondent, and nothing of any answer.
std::filesystem::path choice_file(const std::filesystem::path& data_dir);

/// Nothing chosen when there is no file. Errors: others may read or change it; damaged.
Result<flow::StaffChoice> load_choice(const std::filesystem::path& data_dir);
/// Whole or not at all, also after a power cut.
Status keep_choice(const std::filesystem::path& data_dir, const flow::StaffChoice& choice);

}  // namespace kaiku::kiosk
