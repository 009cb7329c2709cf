#include "kiosk/flow/scanning.hpp"

#include <algorithm>
#include <utility>

namespace kaiku::flow {

namespace {

constexpr std::string_view kPath = "/s/";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// Takes `part` off the front, whatever its letters' case; false if the text begins otherwise.
bool take_off(std::string_view& text, std::string_view part) {
    if (text.size() < part.size() || !same_letters(text.substr(0, part.size()), part)) return false;
    text.remove_prefix(part.size());
    return true;
}

std::string_view without_scheme(std::string_view url) {
    const auto scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

bool is_code(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const char small = lower(c);
        return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    });
}

/// The unit that this code or link names; ambiguous or unknown: nothing.
std::optional<std::string> unit_of(const Setup& setup, std::string_view named, bool by_link) {
    std::vector<StaffUnit> units = setup.staff.units;
    const bool listed = std::any_of(units.begin(), units.end(),
                                    [&](const auto& unit) { return unit.code == setup.unit; });
    if (!listed) units.push_back({setup.unit, {}, {}});
    std::optional<std::string> close;
    int found = 0;
    for (const StaffUnit& unit : units) {
        const std::string& name = by_link ? unit.linked() : unit.code;
        if (name == named) return unit.code;
        if (!same_letters(name, named)) continue;
        close = unit.code;
        ++found;
    }
    return found == 1 ? close : std::nullopt;
}

}  // namespace

Wedge::Taken Wedge::take(char character, Instant at) {
    const bool fast = last_ && at - *last_ <= kMostBetween;
    last_ = at;
    if (!fast || character == 0) {
        text_.clear();
        too_long_ = false;
    }
    if (character == 0) return {};
    if (character != '\r') {
        if (text_.size() < kMostScanned) {
            text_.push_back(character);
        } else {
            too_long_ = true;
        }
        return {.swallowed = text_.size() > 1, .code = std::nullopt};
    }
    std::string code = std::exchange(text_, {});
    last_.reset();
    if (code.size() < kLeast) return {};
    if (std::exchange(too_long_, false)) code.clear();
    return {.swallowed = true, .code = std::move(code)};
}

ScannedCode read_code(const Setup& setup, std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    std::string_view rest = without_scheme(text);
    const bool link = !setup.web_url.empty() && take_off(rest, without_scheme(setup.web_url)) &&
                      take_off(rest, kPath);
    if (link) {
        const auto query = rest.find('?');
        const std::string_view arguments =
            query == std::string_view::npos ? std::string_view() : rest.substr(query + 1);
        rest = rest.substr(0, query);
        const bool carries =
            arguments.starts_with("t=") || arguments.find("&t=") < arguments.size();
        if (carries || !is_code(rest)) return {ScannedCode::Kind::foreign, {}};
    } else {
        rest = text;
        if (!is_code(rest)) return {ScannedCode::Kind::foreign, {}};
    }
    const auto unit = unit_of(setup, rest, link);
    if (unit) return {ScannedCode::Kind::unit, *unit};
    return {link ? ScannedCode::Kind::unknown_unit : ScannedCode::Kind::foreign, {}};
}

}  // namespace kaiku::flow
