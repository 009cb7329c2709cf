#include "kiosk/platform/pointer.hpp"

namespace kaiku::platform {

namespace {
/// The position stays this many frames after a release, so that widgets can judge where it was.
constexpr int kLingerFrames = 2;
}  // namespace

void PointerLayer::push(const Transition& transition) { queue_.push_back(transition); }

void PointerLayer::press(Finger finger, float x, float y, std::chrono::milliseconds at) {
    // A press needs room for its own release too.
    if (active_ || queue_.size() + 2 > kMaxQueued) return;
    active_ = finger;
    pressed_at_ = at;
    push({.down = true, .outside = false, .x = x, .y = y});
}

void PointerLayer::move(Finger finger, float x, float y) {
    if (active_ != finger || !queue_.empty()) return;  // a waiting press keeps its own place
    now_.x = x;
    now_.y = y;
}

void PointerLayer::release(Finger finger, float x, float y, std::chrono::milliseconds at) {
    if (active_ != finger) return;
    if (at - pressed_at_ < dwell_) return cancel();
    active_.reset();
    push({.down = false, .outside = false, .x = x, .y = y});
}

void PointerLayer::cancel() {
    if (!active_) return;
    active_.reset();
    push({.down = false, .outside = true, .x = 0, .y = 0});
}

PointerFrame PointerLayer::next() {
    now_.changed = false;
    if (!queue_.empty()) {
        const Transition transition = queue_.front();
        queue_.pop_front();
        now_ = {.x = transition.x,
                .y = transition.y,
                .present = !transition.outside,
                .down = transition.down,
                .changed = true};
        frames_until_gone_ = transition.down ? 0 : kLingerFrames;
    } else if (!now_.down && now_.present) {
        if (frames_until_gone_ == 0) now_.present = false;
        if (frames_until_gone_ > 0) --frames_until_gone_;
    }
    return now_;
}

bool PointerLayer::wants_frame() const noexcept {
    return !queue_.empty() || (!now_.down && now_.present);
}

}  // namespace kaiku::platform
