#include "kiosk/main/kept_config.hpp"

#include <nlohmann/json.hpp>

#include "survey/wire.hpp"
#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr std::size_t kMostBytes = 4 * sync::kMaxConfigBytes;

Json written(const std::optional<sync::VersionedConfig>& config) {
    if (!config) return nullptr;
    return {{"version", config->version}, {"values", config->values}};
}

/// False for what written() does not write, and for values that are not of their version.
bool read_one(const Json& json, std::optional<sync::VersionedConfig>& config) {
    if (json.is_null()) return true;
    if (!json.is_object() || !json.contains("version") || !json.contains("values")) return false;
    if (!json["version"].is_string() || !json["values"].is_object()) return false;
    sync::VersionedConfig read{json["version"].get<std::string>(), {}};
    for (const auto& [key, value] : json["values"].items()) {
        if (!value.is_string()) return false;
        read.values[key] = value.get<std::string>();
    }
    if (read.version != sync::config_version(read.values)) return false;
    config = std::move(read);
    return true;
}

/// Nothing for whatever keep_config() does not write.
std::optional<KeptConfig> read(const std::string& bytes) {
    const Json root = survey::is_safe_json(bytes) ? Json::parse(bytes, nullptr, false) : Json();
    if (!root.is_object() || root.value("format", Json()) != kFormat) return std::nullopt;
    for (const char* text : {"failed", "failed_program"}) {
        if (!root.value(text, Json()).is_string()) return std::nullopt;
    }
    KeptConfig kept;
    const Json tries = root.value("tries", Json());
    const bool whole = tries.is_number_unsigned() && tries <= kMostTries &&
                       read_one(root.value("good", Json()), kept.good) &&
                       read_one(root.value("fresh", Json()), kept.fresh);
    if (!whole) return std::nullopt;
    kept.tries = tries.get<int>();
    kept.failed = root["failed"].get<std::string>();
    kept.failed_program = root["failed_program"].get<std::string>();
    return kept;
}

}  // namespace

std::filesystem::path kept_config_file(const std::filesystem::path& data_dir) {
    return data_dir / "fleet.json";
}

Result<KeptConfig> load_config(const std::filesystem::path& data_dir) {
    const auto file = kept_config_file(data_dir);
    const auto bytes = sync::read_private_file(file, kMostBytes);
    if (!bytes) return tl::make_unexpected(bytes.error());
    if (!*bytes) return KeptConfig{};
    auto kept = bytes->value().size() <= kMostBytes ? read(**bytes) : std::nullopt;
    if (kept) return std::move(*kept);
    return fail(Errc::corrupt,
                file.string() + ": is damaged and passed over; central gives its settings anew");
}

Status keep_config(const std::filesystem::path& data_dir, const KeptConfig& kept) {
    if (auto made = sync::make_private_directory(data_dir); !made) return made;
    const Json root{{"format", kFormat},
                    {"good", written(kept.good)},
                    {"fresh", written(kept.fresh)},
                    {"tries", kept.tries},
                    {"failed", kept.failed},
                    {"failed_program", kept.failed_program}};
    return sync::write_private_file(
        kept_config_file(data_dir),
        root.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace kaiku::kiosk
