#include "survey/result.hpp"

#include <cstdio>
#include <cstdlib>

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

namespace detail {
void assertion_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, expression);
    std::abort();
}
}  // namespace detail

}  // namespace kaiku
