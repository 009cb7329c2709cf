#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "survey/response.hpp"

/// When a sign-in ends, and whom a request comes from. Pure.
namespace kaiku::central::people {

/// One sign-in of one person. The cookie itself is not kept, only its hash.
struct Session {
    std::string hash;
    std::string person;
    survey::UtcSeconds begun{};
    survey::UtcSeconds seen{};   ///< the last request
    bool second_factor = false;  ///< whether a one-time code was given too
    friend bool operator==(const Session&, const Session&) = default;
};

/// OWASP's session guide: minutes without a request, and a working day in any case.
struct SessionRules {
    std::chrono::seconds idle = std::chrono::minutes(30);
    std::chrono::seconds absolute = std::chrono::hours(10);
};

/// `ended_before`: all sessions of the person that began then or earlier are ended. A clock that
/// was set back ends a session rather than making it longer.
bool is_alive(const Session& session, const SessionRules& rules, survey::UtcSeconds ended_before,
              survey::UtcSeconds now) noexcept;

/// Set-Cookie's value for a new session: sent back to this host over TLS alone, out of scripts'
/// reach, and not with other sites' forms.
std::string session_cookie(std::string_view secret);
/// The same, gone at once.
std::string ended_cookie();
/// The session's secret in a Cookie header; empty if there is none, or two that differ.
std::string_view session_in(std::string_view cookie_header) noexcept;

/// Whether a browser's request that changes something comes from a page of our own: `origin` is the
/// header's text, or empty where the browser sent none; `own` is "https://host[:port]".
bool is_own_origin(std::string_view origin, std::string_view own) noexcept;

}  // namespace kaiku::central::people
