// Watches an X display from outside, so that any two programs are measured the same way.
//
//   kaiku-x-probe first-frame      says "watching", and then the CLOCK_MONOTONIC nanosecond at
//   which
//                                  the middle of the screen shows at least three colours
//   kaiku-x-probe damage SECONDS   number of drawing operations that reach the screen
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <string_view>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC
constexpr std::chrono::seconds kPatience{30};
/// A blank window has one colour, a window with a frame two.
constexpr std::size_t kColoursOfContent = 3;
constexpr unsigned kStripPixels = 4;

/// True once a strip down the middle of the screen holds content.
bool shows_content(Display& display) {
    const int screen = DefaultScreen(&display);
    const int height = DisplayHeight(&display, screen);
    const int left = DisplayWidth(&display, screen) / 2;
    XImage* const image = XGetImage(&display, RootWindow(&display, screen), left, 0, kStripPixels,
                                    static_cast<unsigned>(height), AllPlanes, ZPixmap);
    if (image == nullptr) return false;
    std::set<unsigned long> colours;
    for (int y = 0; y < height && colours.size() < kColoursOfContent; ++y) {
        for (int x = 0; x < static_cast<int>(kStripPixels); ++x) {
            colours.insert(XGetPixel(image, x, y));
        }
    }
    XDestroyImage(image);
    return colours.size() >= kColoursOfContent;
}

int first_frame(Display& display) {
    // Ready: whoever started this may now start the program.
    std::puts("watching");
    std::fflush(stdout);
    const auto until = Clock::now() + kPatience;
    while (Clock::now() < until) {
        if (shows_content(display)) {
            const std::chrono::nanoseconds now = Clock::now().time_since_epoch();
            std::printf("%lld\n", static_cast<long long>(now.count()));
            return 0;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    std::fputs("x-probe: no content appeared in 30 s\n", stderr);
    return 1;
}

int damage(Display& display, long seconds) {
    int event_base = 0;
    int error_base = 0;
    if (XDamageQueryExtension(&display, &event_base, &error_base) == 0) {
        std::fputs("x-probe: the display has no DAMAGE extension\n", stderr);
        return 1;
    }
    const Damage watch =
        XDamageCreate(&display, DefaultRootWindow(&display), XDamageReportRawRectangles);
    // The extension reports what is on the screen already as one drawing: pass over it.
    XSync(&display, True);
    const auto until = Clock::now() + std::chrono::seconds(seconds);
    long count = 0;
    for (;;) {
        while (XPending(&display) > 0) {
            XEvent event;
            XNextEvent(&display, &event);
            if (event.type == event_base + XDamageNotify) ++count;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) break;
        pollfd wire{ConnectionNumber(&display), POLLIN, 0};
        poll(&wire, 1, static_cast<int>(left.count()));
    }
    XDamageDestroy(&display, watch);
    std::printf("%ld\n", count);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view task = argc > 1 ? argv[1] : "";
    const bool counts = task == "damage" && argc == 3;
    if (!counts && !(task == "first-frame" && argc == 2)) {
        std::fputs("usage: kaiku-x-probe first-frame | damage SECONDS\n", stderr);
        return 2;
    }
    const std::unique_ptr<Display, int (*)(Display*)> display(XOpenDisplay(nullptr), XCloseDisplay);
    if (!display) {
        std::fputs("x-probe: cannot open the display\n", stderr);
        return 1;
    }
    return counts ? damage(*display, std::strtol(argv[2], nullptr, 10)) : first_frame(*display);
}
