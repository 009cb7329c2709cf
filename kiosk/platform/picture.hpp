#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::platform {

/// RGBA pixels, rows from the top, no padding.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;
};

/// Writes a PNG, without an alpha channel. Error: the folder is missing or not writable.
Status write_png(const Picture& picture, const std::filesystem::path& file);
/// Reads a PNG written by write_png (or any other that stb_image reads).
Result<Picture> read_png(const std::filesystem::path& file);

}  // namespace kaiku::platform
