#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "kiosk/flow/staff.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// What staff chose on the device: `<data_dir>/device.toml`, read after the configuration file and
/// before the command line. Its keys are the configuration's own.
std::filesystem::path device_settings_file(const std::filesystem::path& data_dir);

/// Each replaces its keys and keeps the others. The file is unchanged on error.
Status keep_unit(const std::filesystem::path& data_dir, const std::string& code);
Status keep_instrument(const std::filesystem::path& data_dir, const std::string& id);
Status keep_first_language(const std::filesystem::path& data_dir, survey::Language first);
Status keep_opening(const std::filesystem::path& data_dir, const survey::OpeningWeek& week);
Status keep_panel(const std::filesystem::path& data_dir, const flow::PanelTrial& panel);

}  // namespace kaiku::kiosk
