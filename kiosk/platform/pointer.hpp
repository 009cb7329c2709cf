#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

namespace kaiku::platform {

/// What the pointer looks like during one frame. Pixels.
struct PointerFrame {
    float x = 0;
    float y = 0;
    bool present = false;  ///< false: nowhere, nothing is under it
    bool down = false;     ///< held in this frame
    bool changed = false;  ///< went down or up in this frame
};

/// One finger out of many. Fingers and the mouse feed it, frames drain it: at most one press or
/// release a frame, so that a tap that began and ended within one slow frame is still seen. The
/// first finger wins; others (a palm, a second hand) are ignored until it lifts. Pure.
class PointerLayer {
  public:
    using Finger = std::int64_t;
    static constexpr Finger kMouse = std::numeric_limits<Finger>::min();
    /// Transitions kept while frames are late; presses beyond this are dropped whole.
    static constexpr std::size_t kMaxQueued = 64;

    /// A finger counts only if it rests at least this long between press and release; a shorter
    /// touch lets go outside everything. Zero: every touch counts.
    void set_dwell(std::chrono::milliseconds dwell) { dwell_ = dwell; }

    /// `at` is any steady time.
    void press(Finger finger, float x, float y, std::chrono::milliseconds at = {});
    void move(Finger finger, float x, float y);
    void release(Finger finger, float x, float y,
                 std::chrono::milliseconds at = std::chrono::milliseconds::max());
    /// The finger can no longer be trusted (focus lost, panel unplugged): lets go far outside, so
    /// that nothing is activated.
    void cancel();

    /// Takes the next frame's state.
    PointerFrame next();
    /// True while further frames are needed to play out what is queued.
    bool wants_frame() const noexcept;

  private:
    struct Transition {
        bool down = false;
        bool outside = false;
        float x = 0;
        float y = 0;
    };

    void push(const Transition& transition);

    std::deque<Transition> queue_;
    std::optional<Finger> active_;
    PointerFrame now_;
    std::chrono::milliseconds dwell_{0};
    std::chrono::milliseconds pressed_at_{0};
    int frames_until_gone_ = 0;
};

}  // namespace kaiku::platform
