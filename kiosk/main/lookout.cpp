#include "kiosk/main/lookout.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <utility>

#include "kiosk/platform/camera.hpp"

namespace kaiku::kiosk {

namespace {

/// How long a picture may take before the thread asks whether it should stop.
constexpr std::chrono::milliseconds kPatience{200};
/// Five looks a second are enough for a hand, and spare a small processor.
constexpr std::chrono::milliseconds kBetweenLooks{200};

}  // namespace

Lookout::Lookout(std::filesystem::path camera, std::function<void()> on_event)
    : camera_(std::move(camera)), on_event_(std::move(on_event)), thread_([this] { run(); }) {}

Lookout::~Lookout() {
    stopping_ = true;
    thread_.join();
}

std::vector<Lookout::Seen> Lookout::take_seen() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seen_, {});
}

void Lookout::post(Seen seen) {
    {
        const std::lock_guard lock(mutex_);
        seen_.push_back(std::move(seen));
    }
    on_event_();
}

void Lookout::run() {
    const auto give_up = [this](const std::string& why) {
        spdlog::warn("camera: {}", why);
        post({});
    };
    try {
        auto finder = platform::open_code_finder();
        if (!finder) return give_up(finder.error().detail);
        auto frames = platform::open_frames(camera_);
        if (!frames) return give_up(frames.error().detail);
        std::optional<std::string> last;
        auto looked_at = std::chrono::steady_clock::now() - kBetweenLooks;
        while (!stopping_) {
            const auto frame = (*frames)->next(kPatience);
            if (!frame) return give_up(frame.error().detail);
            const auto now = std::chrono::steady_clock::now();
            if (!*frame || now < looked_at + kBetweenLooks) {
                std::this_thread::sleep_for(std::chrono::milliseconds{10});
                continue;
            }
            looked_at = now;
            auto code = (*finder)->find(**frame);
            if (!code || code == last) continue;
            last = code;
            post({std::move(code)});
        }
    } catch (const std::exception& error) {
        give_up(error.what());
    }
}

}  // namespace kaiku::kiosk
