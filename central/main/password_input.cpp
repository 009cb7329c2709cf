#include "central/main/password_input.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

namespace kaiku::central {
namespace {

constexpr std::size_t kLongest = 2000;  ///< no password is so long; check_new_password() says so

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

/// One line without its end; unbuffered and never reallocated, so that no copy stays anywhere.
std::string read_line(int file) {
    std::string line;
    line.reserve(kLongest);
    char sign = 0;
    while (line.size() < kLongest && ::read(file, &sign, 1) == 1 && sign != '\n') {
        if (sign != '\r') line.push_back(sign);
    }
    sign = 0;
    return line;
}

Result<std::string> ask_terminal() {
    const Silence silence;
    if (!silence.applies()) {
        return fail(Errc::invalid,
                    "password: there is no terminal to ask at; use --password-file FILE, or - for "
                    "standard input");
    }
    std::fputs("New password, 15 characters or more: ", stderr);
    std::string typed = read_line(STDIN_FILENO);
    std::fputs("\nThe same again: ", stderr);
    std::string again = read_line(STDIN_FILENO);
    std::fputs("\n", stderr);
    const bool same = typed == again;
    forget(again);
    if (same) return typed;
    forget(typed);
    return fail(Errc::invalid, "password: the two differ; nothing was changed");
}

}  // namespace

void forget(std::string& text) { sodium_memzero(text.data(), text.size()); }

Result<std::string> ask_password(const std::string& name) {
    if (name.empty()) return ask_terminal();
    if (name == "-") return read_line(STDIN_FILENO);
    const int file = open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail(Errc::io, "--password-file: " + name + " cannot be read");
    std::string line = read_line(file);
    close(file);
    return line;
}

}  // namespace kaiku::central
