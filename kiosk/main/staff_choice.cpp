#include "kiosk/main/staff_choice.hpp"

#include <nlohmann/json.hpp>

#include "survey/wire.hpp"
#include "survey/words.hpp"
#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr std::size_t kMostBytes = 65'536;

/// Nothing for whatever keep_choice() does not write.
std::optional<flow::StaffChoice> read(const std::string& bytes) {
    const Json root = survey::is_safe_json(bytes) ? Json::parse(bytes, nullptr, false) : Json();
    if (!root.is_object() || root.value("format", Json()) != kFormat) return std::nullopt;
    const auto units = root.find("units");
    if (units == root.end() || !units->is_array()) return std::nullopt;
    flow::StaffChoice choice;
    for (const Json& unit : *units) {
        if (!unit.is_string()) return std::nullopt;
        choice.units.push_back(unit.get<std::string>());
    }
    const auto kind = root.find("respondent");
    if (kind == root.end()) return choice;
    if (!kind->is_string()) return std::nullopt;
    choice.respondent = survey::respondent_kind_from(kind->get<std::string>());
    return choice.respondent ? std::optional(std::move(choice)) : std::nullopt;
}

}  // namespace

std::filesystem::path choice_file(const std::filesystem::path& data_dir) {
    return data_dir / "handover.json";
}

Result<flow::StaffChoice> load_choice(const std::filesystem::path& data_dir) {
    const auto file = choice_file(data_dir);
    const auto bytes = sync::read_private_file(file, kMostBytes);
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (!*bytes) return flow::StaffChoice{};
    auto choice = bytes->value().size() <= kMostBytes ? read(**bytes) : std::nullopt;
    if (choice) return std::move(*choice);
    return fail(Errc::corrupt,
                file.string() + ": is damaged and passed over; the next hand-over writes it anew");
}

Status keep_choice(const std::filesystem::path& data_dir, const flow::StaffChoice& choice) {
    if (auto made = sync::make_private_directory(data_dir); !made) return made;
    Json root{{"format", kFormat}, {"units", choice.units}};
    if (choice.respondent) root["respondent"] = survey::to_string(*choice.respondent);
    return sync::write_private_file(
        choice_file(data_dir), root.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace kaiku::kiosk
