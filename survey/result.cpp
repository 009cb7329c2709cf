#include "survey/result.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "survey/utf8.hpp"

namespace kaiku {

std::string_view to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid:
            return "invalid";
        case Errc::malformed:
            return "malformed";
        case Errc::too_large:
            return "too_large";
        case Errc::unsupported:
            return "unsupported";
        case Errc::not_found:
            return "not_found";
        case Errc::io:
            return "io";
        case Errc::full:
            return "full";
        case Errc::busy:
            return "busy";
        case Errc::corrupt:
            return "corrupt";
        case Errc::network:
            return "network";
        case Errc::refused:
            return "refused";
        case Errc::unauthorized:
            return "unauthorized";
    }
    return "unknown";
}

std::string one_line(std::string_view text) {
    const bool utf8 = survey::is_valid_utf8(text);
    const auto shown = [utf8](char32_t c) {
        return utf8 ? !survey::is_control(c) : c >= 0x20 && c < 0x7F;
    };
    std::u32string points;
    if (utf8) {
        points = survey::decode_utf8(text);
    } else {
        for (const char c : text) points.push_back(static_cast<unsigned char>(c));
    }
    std::string line;
    for (const char32_t point : points) {
        if (shown(point)) {
            survey::append_utf8(line, point);
        } else {
            std::array<char, 16> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(point));
            line += code.data();
        }
    }
    return line;
}

tl::unexpected<Error> fail(Errc code, std::string detail) {
    return tl::make_unexpected(Error{code, one_line(detail)});
}

namespace detail {
void assertion_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, expression);
    std::abort();
}
}  // namespace detail

}  // namespace kaiku
