#include "kiosk/main/quarantine.hpp"

#include <algorithm>

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kMaxLines = 8;

}  // namespace

std::vector<std::string> quarantine_lines(const std::vector<sync::QuarantineGroup>& groups) {
    std::vector<std::string> lines;
    std::int64_t left_out = 0;
    for (const auto& group : groups) {
        if (lines.size() < kMaxLines) {
            lines.push_back(std::to_string(group.count) + " × " + group.reason);
        } else {
            left_out += group.count;
        }
    }
    if (left_out > 0) lines.push_back(std::to_string(left_out) + " × other reasons");
    return lines;
}

std::string quarantine_cure(const std::vector<sync::QuarantineGroup>& groups) {
    if (groups.empty()) return {};
    const bool is_unit = std::ranges::any_of(
        groups, [](const auto& group) { return group.reason.starts_with("/unit:"); });
    const std::string first =
        is_unit
            ? "add the unit that is named at central (kaiku-central unit add) and check this "
              "device's own"
            : "put right at central what the reason names (an older central may need an update)";
    return first + ", then kaiku-kiosk --requeue and --sync; nothing is lost meanwhile";
}

}  // namespace kaiku::kiosk
