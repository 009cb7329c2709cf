#include "central/people/session.hpp"

namespace kaiku::central::people {
namespace {

constexpr std::string_view kName = "__Host-kaiku=";
constexpr std::string_view kRules = "; Path=/; Secure; HttpOnly; SameSite=Lax";

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

bool is_alive(const Session& session, const SessionRules& rules, survey::UtcSeconds ended_before,
              survey::UtcSeconds now) noexcept {
    return session.begun > ended_before && now >= session.seen && session.seen >= session.begun &&
           now - session.seen < rules.idle && now - session.begun < rules.absolute;
}

std::string session_cookie(std::string_view secret) {
    return std::string(kName) + std::string(secret) + std::string(kRules);
}

std::string ended_cookie() { return std::string(kName) + std::string(kRules) + "; Max-Age=0"; }

std::string_view session_in(std::string_view header) noexcept {
    std::string_view found;
    while (!header.empty()) {
        const auto end = header.find(';');
        const std::string_view part = trimmed(header.substr(0, end));
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        if (!part.starts_with(kName)) continue;
        const std::string_view secret = part.substr(kName.size());
        if (!found.empty() && found != secret) return {};
        found = secret;
    }
    return found;
}

bool is_own_origin(std::string_view origin, std::string_view own) noexcept {
    return !own.empty() && origin == own;
}

}  // namespace kaiku::central::people
