#include "kiosk/platform/camera.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include "kiosk/platform/picture.hpp"

namespace kaiku::platform {

namespace {

constexpr unsigned kWidth = 640;
constexpr unsigned kHeight = 480;
constexpr unsigned kBuffers = 2;
constexpr int kMostCameras = 16;

int ask(int device, unsigned long request, void* argument) {
    int result = 0;
    do {
        result = ioctl(device, request, argument);
    } while (result < 0 && errno == EINTR);
    return result;
}

GreyFrame grey_of(const Picture& picture) {
    GreyFrame frame{picture.width, picture.height, {}};
    frame.grey.reserve(picture.rgba.size() / 4);
    for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4) {
        const int sum = picture.rgba[i] + 2 * picture.rgba[i + 1] + picture.rgba[i + 2];
        frame.grey.push_back(static_cast<std::uint8_t>(sum / 4));
    }
    return frame;
}

/// A picture that does not move.
class Still final : public FrameSource {
  public:
    explicit Still(GreyFrame frame) : frame_(std::move(frame)) {}
    Result<std::optional<GreyFrame>> next(std::chrono::milliseconds /*patience*/) override {
        return std::optional(frame_);
    }

  private:
    GreyFrame frame_;
};

/// Memory-mapped streaming, as every UVC camera offers it.
class Camera final : public FrameSource {
  public:
    explicit Camera(int device) : device_(device) {}
    Camera(const Camera&) = delete;
    Camera& operator=(const Camera&) = delete;
    ~Camera() override {
        int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (streams_) ask(device_, VIDIOC_STREAMOFF, &type);
        for (const auto& buffer : buffers_) munmap(buffer.data(), buffer.size());
        close(device_);
    }

    Status start() {
        v4l2_capability can{};
        if (ask(device_, VIDIOC_QUERYCAP, &can) < 0) return wrong("is no camera");
        const auto caps =
            (can.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? can.device_caps : can.capabilities;
        constexpr std::uint32_t kNeeded = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        if ((caps & kNeeded) != kNeeded) return wrong("takes no pictures");
        if (Status agreed = agree(); !agreed) return agreed;
        v4l2_requestbuffers wanted{};
        wanted.count = kBuffers;
        wanted.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        wanted.memory = V4L2_MEMORY_MMAP;
        if (ask(device_, VIDIOC_REQBUFS, &wanted) < 0) return wrong("is in use by another program");
        for (unsigned i = 0; i < wanted.count; ++i) {
            if (Status mapped = map(i); !mapped) return mapped;
        }
        int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (ask(device_, VIDIOC_STREAMON, &type) < 0) return wrong("does not start");
        streams_ = true;
        return {};
    }

    Result<std::optional<GreyFrame>> next(std::chrono::milliseconds patience) override {
        pollfd ready{device_, POLLIN, 0};
        const int got = ::poll(&ready, 1, static_cast<int>(patience.count()));
        if (got == 0 || (got < 0 && errno == EINTR)) return std::optional<GreyFrame>();
        if (got < 0 || (ready.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
            return fail(Errc::io, "the camera is gone");
        }
        v4l2_buffer filled{};
        filled.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        filled.memory = V4L2_MEMORY_MMAP;
        if (ask(device_, VIDIOC_DQBUF, &filled) < 0) return fail(Errc::io, "the camera is gone");
        std::optional<GreyFrame> frame;
        if (filled.index < buffers_.size()) frame = grey(buffers_[filled.index]);
        if (ask(device_, VIDIOC_QBUF, &filled) < 0) return fail(Errc::io, "the camera is gone");
        return frame;
    }

  private:
    static Status wrong(const char* what) {
        return fail(Errc::unsupported, std::string("the camera ") + what);
    }

    /// Size and kind of the pictures; the camera may choose another size.
    Status agree() {
        for (const std::uint32_t kind : {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_GREY}) {
            v4l2_format format{};
            format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
            format.fmt.pix.width = kWidth;
            format.fmt.pix.height = kHeight;
            format.fmt.pix.pixelformat = kind;
            format.fmt.pix.field = V4L2_FIELD_ANY;
            if (ask(device_, VIDIOC_S_FMT, &format) < 0) continue;
            if (format.fmt.pix.pixelformat != kind) continue;
            width_ = format.fmt.pix.width;
            height_ = format.fmt.pix.height;
            stride_ = format.fmt.pix.bytesperline;
            step_ = kind == V4L2_PIX_FMT_YUYV ? 2 : 1;
            if (width_ == 0 || height_ == 0 || width_ > 8192 || height_ > 8192) continue;
            if (stride_ >= width_ * step_) return {};
        }
        return wrong("gives neither YUYV nor grey pictures");
    }

    Status map(unsigned index) {
        v4l2_buffer buffer{};
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        buffer.memory = V4L2_MEMORY_MMAP;
        buffer.index = index;
        if (ask(device_, VIDIOC_QUERYBUF, &buffer) < 0) return wrong("gives no memory");
        void* place = mmap(nullptr, buffer.length, PROT_READ, MAP_SHARED, device_, buffer.m.offset);
        if (place == MAP_FAILED) return wrong("gives no memory");
        buffers_.emplace_back(static_cast<std::uint8_t*>(place), buffer.length);
        if (ask(device_, VIDIOC_QBUF, &buffer) < 0) return wrong("takes no memory back");
        return {};
    }

    /// The brightness of every pixel; nothing if the picture is cut short.
    std::optional<GreyFrame> grey(std::span<const std::uint8_t> bytes) const {
        if (bytes.size() < std::size_t{stride_} * height_) return std::nullopt;
        GreyFrame frame{static_cast<int>(width_), static_cast<int>(height_), {}};
        frame.grey.reserve(std::size_t{width_} * height_);
        for (std::size_t y = 0; y < height_; ++y) {
            for (std::size_t x = 0; x < width_; ++x) {
                frame.grey.push_back(bytes[y * stride_ + x * step_]);
            }
        }
        return frame;
    }

    int device_;
    std::vector<std::span<std::uint8_t>> buffers_;
    unsigned width_ = 0;
    unsigned height_ = 0;
    unsigned stride_ = 0;
    unsigned step_ = 1;
    bool streams_ = false;
};

}  // namespace

std::optional<std::filesystem::path> find_camera() {
    std::error_code ignored;
    for (int i = 0; i < kMostCameras; ++i) {
        const std::filesystem::path path = "/dev/video" + std::to_string(i);
        if (std::filesystem::exists(path, ignored)) return path;
    }
    return std::nullopt;
}

Result<std::unique_ptr<FrameSource>> open_frames(const std::filesystem::path& path) {
    if (path.extension() == ".png") {
        auto picture = read_png(path);
        if (!picture) return tl::make_unexpected(picture.error());
        return std::unique_ptr<FrameSource>(std::make_unique<Still>(grey_of(*picture)));
    }
    const int device = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);  // NOLINT: C's open
    if (device < 0) {
        return fail(Errc::io, path.string() + ": " + std::strerror(errno) +
                                  "; the terminal's user must be in the group video");
    }
    auto camera = std::make_unique<Camera>(device);
    if (Status started = camera->start(); !started) return tl::make_unexpected(started.error());
    return std::unique_ptr<FrameSource>(std::move(camera));
}

}  // namespace kaiku::platform
