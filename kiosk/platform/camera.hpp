#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "survey/result.hpp"

/// Reading codes with a camera: pictures from V4L2, codes by zbar. Both only while staff asks for
/// it: zbar is loaded on demand, so that other terminals carry nothing of it.
namespace kaiku::platform {

/// A picture in shades of grey, row by row.
struct GreyFrame {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> grey;
};

/// Where pictures come from.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    /// The next picture; nothing if none came in time. Errors: the camera is gone.
    virtual Result<std::optional<GreyFrame>> next(std::chrono::milliseconds patience) = 0;
};

/// The first camera of this device, "/dev/video0" and up; nothing if there is none.
std::optional<std::filesystem::path> find_camera();

/// Opens a V4L2 camera that gives YUYV or grey pictures, at about 640 × 480. A path that ends in
/// ".png" is a still picture instead. Errors: no camera, busy, no such pictures; no permission.
Result<std::unique_ptr<FrameSource>> open_frames(const std::filesystem::path& path);

/// Finds codes in pictures. Errors on opening: zbar is not installed.
class CodeFinder {
  public:
    virtual ~CodeFinder() = default;
    /// The first QR code in the picture.
    virtual std::optional<std::string> find(const GreyFrame& frame) = 0;
};
Result<std::unique_ptr<CodeFinder>> open_code_finder();

}  // namespace kaiku::platform
