// --set-pin: the staff PIN from standard input.
#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>

#include "kiosk/main/commands.hpp"
#include "kiosk/main/pin.hpp"

namespace kaiku::kiosk {

namespace {

/// The terminal shows nothing of what is typed while this lives.
class Silence {
  public:
    Silence() : applies_(isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!applies_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Silence() {
        if (applies_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    bool applies() const noexcept { return applies_; }

  private:
    termios before_{};
    bool applies_;
};

/// One line without its end. Unbuffered, so that no copy stays in a stream's buffer.
std::string read_line() {
    std::string line;
    line.reserve(64);
    char sign = 0;
    while (line.size() < 63 && ::read(STDIN_FILENO, &sign, 1) == 1 && sign != '\n') {
        if (sign != '\r') line.push_back(sign);
    }
    sign = 0;
    return line;
}

void forget(std::string& text) { sodium_memzero(text.data(), text.size()); }

}  // namespace

int run_set_pin(const Options& options) {
    std::string pin;
    std::string again;
    {
        const Silence silence;
        if (silence.applies()) std::fputs("New staff PIN, 4 to 12 digits: ", stderr);
        pin = read_line();
        if (silence.applies()) {
            std::fputs("\nThe same again: ", stderr);
            again = read_line();
            std::fputs("\n", stderr);
        } else {
            again = pin;
        }
    }
    const bool same = pin == again;
    forget(again);
    PinBook book(options.data_dir, [] {
        return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    });
    const Status set =
        same ? book.set(pin) : fail(Errc::invalid, "the two PINs differ; nothing was changed");
    forget(pin);
    if (!set) return report(set.error());
    std::printf("the staff PIN is set in %s\n", (options.data_dir / "staff.json").c_str());
    return 0;
}

}  // namespace kaiku::kiosk
