#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace kaiku {

/// The closed set of ways in which something outside the program can fail.
enum class Errc {
    invalid,      ///< input that breaks a rule; detail names place and cure
    malformed,    ///< input that cannot be parsed at all
    too_large,    ///< a stated limit is passed
    unsupported,  ///< a format version from the future
    not_found,    ///< a named thing does not exist
    io,           ///< reading or writing failed (disk, permissions)
    full,         ///< no room left: disk or a configured limit
    busy,         ///< somebody else holds it; trying again may help
    corrupt,      ///< stored data does not pass its own checks
    network,      ///< no usable answer came over the network
    refused,      ///< the other side understood and said no
    unauthorized  ///< the credential or code was not accepted
};

/// Name of a code for logs and tests, for example "too_large".
std::string_view to_string(Errc code) noexcept;

/// A failure: `detail` is one English line for operators that names the place and the cure.
/// It never holds answers, texts or secrets.
struct Error {
    Errc code = Errc::invalid;
    std::string detail;

    friend bool operator==(const Error&, const Error&) = default;
};

/// A value or an Error; ignoring it is a compile warning.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
    Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}
};

using Status = Result<void>;

/// The text as one line that a terminal can show: what would steer it (control characters, bytes
/// that are no UTF-8) or turn its reading direction is written as \u001b.
std::string one_line(std::string_view text);

/// Shorthand for returning a failure; `detail` is made one line.
tl::unexpected<Error> fail(Errc code, std::string detail);

namespace detail {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}

}  // namespace kaiku

/// Our own mistakes: checked in release too; prints place and expression, then aborts.
#define KAIKU_ASSERT(expression)   \
    (static_cast<bool>(expression) \
         ? static_cast<void>(0)    \
         : ::kaiku::detail::assertion_failed(#expression, __FILE__, __LINE__))
