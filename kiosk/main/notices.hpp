#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

/// Limits of notices.json.
inline constexpr std::size_t kMaxNotices = 12;
inline constexpr std::size_t kMaxNoticeCharacters = 200;
inline constexpr std::size_t kMaxNoticesBytes = std::size_t{64} * 1024;

/// `{"format":1,"notices":[{"fi":"…","sv":"…","en":"…"}…]}` (docs/FORMATS.md). Errors read
/// "<name>: <JSON pointer>: <what is wrong>; <cure>".
Result<std::vector<flow::Notice>> parse_notices(std::string_view json_text, std::string_view name);

/// `<data_dir>/notices.json`; without the file there are none.
Result<std::vector<flow::Notice>> load_notices(const std::filesystem::path& data_dir);

/// Every character of them, for the fonts.
std::string glyphs_of(const std::vector<flow::Notice>& notices);

}  // namespace kaiku::kiosk
