#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/ui/panel.hpp"
#include "kiosk/ui/screens.hpp"
#include "survey/result.hpp"

/// The only room with SDL: window, touch, fonts, pictures.
namespace kaiku::platform {

/// SDL's code of a key by its name ("F1", "Space"); 0 for none.
std::uint32_t key_code(const std::string& name);

struct DisplayOptions {
    bool headless = false;  ///< draws into memory; needs no display at all
    bool windowed = false;  ///< a window of the panel's pixel size instead of full screen
    ui::Panel panel;        ///< full screen: pixel size is replaced by the display's
    std::filesystem::path font_dir = "/usr/share/fonts/opentype/inter";
    int turned = 0;                      ///< degrees clockwise: 0, 90, 180, 270; not headless
    std::chrono::milliseconds dwell{0};  ///< a finger counts once it has rested this long
    std::string glyphs;                  ///< UTF-8 text holding every character that may be shown
};

/// A key that went down; a key that is held counts once.
struct KeyPress {
    std::uint32_t code = 0;  ///< SDL's key code
    char character = 0;      ///< what a US keyboard types with it, '\r' for Enter, 0 for none
    std::chrono::milliseconds at{0};  ///< when it arrived, since some start
};

/// What a wait brought.
struct Woken {
    bool quit = false;   ///< the window was closed or a termination signal came
    bool input = false;  ///< something was pressed, moved, exposed: draw again
    bool woken = false;  ///< Display::wake was called
    std::vector<KeyPress> key_presses;
};

/// Owns SDL and the ImGui context. One thread, except wake().
class Display {
  public:
    virtual ~Display() = default;

    /// Opens the screen. Errors: no video device, fonts missing (names the package), bad size.
    static Result<std::unique_ptr<Display>> open(const DisplayOptions& options);

    /// Sleeps until an event, a wake(), or the deadline (nothing: for ever); then drains all events
    /// into the pointer layer. Headless there is nothing to drain: only wake() and the deadline end
    /// it.
    virtual Woken wait(std::optional<std::chrono::milliseconds> timeout) = 0;
    /// From any thread: makes wait() return.
    virtual void wake() noexcept = 0;

    /// Runs one frame: ImGui new frame, one pointer transition, `draw`, render, present. When
    /// `draw` returns false its picture is already out of date and is not shown. Headless frames
    /// are painted only when a screenshot asks for them.
    virtual void frame(const std::function<bool()>& draw) = 0;
    /// True while the pointer layer holds transitions that need further frames.
    virtual bool wants_frame() const noexcept = 0;
    /// True if the last frame's pointer went down on nothing (for flow::event::Touched).
    virtual bool touched() noexcept = 0;

    /// Fonts of a text size, made on first use.
    virtual const ui::Fonts& fonts(flow::TextSize size) = 0;
    virtual const ui::Panel& panel() const noexcept = 0;
    /// Another panel size without opening anew; headless only (used by --dump-widgets).
    virtual Status set_panel(const ui::Panel& panel) = 0;

    /// Queues a press / a release at a pixel, as a finger would.
    virtual void inject_press(float x, float y) = 0;
    virtual void inject_release(float x, float y) = 0;

    /// Writes what was last presented as PNG.
    virtual Status screenshot(const std::filesystem::path& file) = 0;
    /// Frames presented since opening.
    virtual std::uint64_t frames() const noexcept = 0;
};

}  // namespace kaiku::platform
