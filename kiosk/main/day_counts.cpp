#include "kiosk/main/day_counts.hpp"

#include <time.h>  // NOLINT(modernize-deprecated-headers): localtime_r is no std function

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "survey/wire.hpp"
#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr int kMostCount = 1'000'000;

std::filesystem::path file_in(const std::filesystem::path& data_dir) {
    return data_dir / "counts.json";
}

int number(const nlohmann::json& root, const char* name) {
    const auto found = root.find(name);
    if (found == root.end() || !found->is_number_integer()) return 0;
    return static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, kMostCount));
}

}  // namespace

void count(DayCounts& counts, Tally what, const std::string& day) {
    if (counts.day != day) counts = {.day = day};
    const auto one_more = [](int& number) { number = std::min(number + 1, kMostCount); };
    switch (what) {
        case Tally::shown:
            return one_more(counts.shown);
        case Tally::started:
            return one_more(counts.started);
        case Tally::stored:
            return one_more(counts.stored);
    }
}

DayCounts counts_on(const DayCounts& counts, const std::string& day) {
    return counts.day == day ? counts : DayCounts{.day = day};
}

std::string local_day() {
    const time_t now = ::time(nullptr);
    tm local{};
    localtime_r(&now, &local);
    std::array<char, 16> text{};
    const std::size_t length = strftime(text.data(), text.size(), "%Y-%m-%d", &local);
    return {text.data(), length};
}

DayCounts load_counts(const std::filesystem::path& data_dir) {
    const auto bytes = sync::read_private_file(file_in(data_dir), kMostBytes);
    if (!bytes || !*bytes || !survey::is_safe_json(**bytes)) return {};
    const auto root = nlohmann::json::parse(**bytes, nullptr, false);
    if (!root.is_object()) return {};
    const auto day = root.find("day");
    if (day == root.end() || !day->is_string()) return {};
    return {.day = day->get<std::string>(),
            .shown = number(root, "shown"),
            .started = number(root, "started"),
            .stored = number(root, "stored")};
}

Status save_counts(const std::filesystem::path& data_dir, const DayCounts& counts) {
    const nlohmann::json root{{"day", counts.day},
                              {"shown", counts.shown},
                              {"started", counts.started},
                              {"stored", counts.stored}};
    return sync::write_private_file(file_in(data_dir), root.dump() + "\n");
}

}  // namespace kaiku::kiosk
