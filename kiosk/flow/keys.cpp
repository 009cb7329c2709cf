#include "kiosk/flow/keys.hpp"

#include <algorithm>

namespace kaiku::flow {

bool Debounce::accepts(std::uint32_t key, Instant now) {
    const auto found = counted_.find(key);
    if (found != counted_.end() && now - found->second < quiet_) return false;
    counted_[key] = now;
    return true;
}

bool holds(const FocusList& list, const std::string& focus) {
    return std::find(list.ids.begin(), list.ids.end(), focus) != list.ids.end();
}

std::string moved_focus(const FocusList& list, const std::string& focus, int steps) {
    if (list.ids.empty()) return {};
    const auto found = std::find(list.ids.begin(), list.ids.end(), focus);
    if (found == list.ids.end()) return list.ids[std::min(list.start, list.ids.size() - 1)];
    const auto count = static_cast<std::ptrdiff_t>(list.ids.size());
    const std::ptrdiff_t to = ((found - list.ids.begin() + steps) % count + count) % count;
    return list.ids[static_cast<std::size_t>(to)];
}

void Scanner::restart(Instant now) {
    if (interval_ > std::chrono::milliseconds{0}) next_ = now + interval_;
}

}  // namespace kaiku::flow
