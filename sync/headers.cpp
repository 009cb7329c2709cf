#include "sync/headers.hpp"

#include <algorithm>
#include <charconv>

namespace kaiku::sync {

bool same_name(std::string_view left, std::string_view right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

bool is_kaiku_header(std::string_view name) {
    constexpr std::string_view kPrefix = "Kaiku-";
    return name.size() > kPrefix.size() && same_name(name.substr(0, kPrefix.size()), kPrefix);
}

std::string_view header_of(const Headers& headers, std::string_view name) {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& field) {
        return same_name(field.first, name);
    });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, number);
    if (wrong != std::errc() || stop != end || text.empty() || text.front() == '-' || number < 1 ||
        number > kMaxNumber) {
        return std::nullopt;
    }
    return number;
}

}  // namespace kaiku::sync
