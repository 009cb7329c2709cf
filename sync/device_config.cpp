#include "sync/device_config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "sync/envelope.hpp"

namespace kaiku::sync {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<std::size_t> day_of(std::string_view text) {
    const auto* found = std::find(kDays.begin(), kDays.end(), text);
    if (found == kDays.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kDays.begin());
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "08:00"; 24:00 is the day's end.
std::optional<int> minutes_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hours = number_of(text.substr(0, 2));
    const auto minutes = number_of(text.substr(3));
    if (!hours || !minutes || *hours < 0 || *minutes < 0 || *minutes > 59) return std::nullopt;
    const std::int64_t all = *hours * 60 + *minutes;
    return all <= std::int64_t{24} * 60 ? std::optional(static_cast<int>(all)) : std::nullopt;
}

/// Puts "mon-fri 08:00-16:00" into the week; false if it is not that.
bool add_days(std::string_view text, survey::OpeningWeek& week) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return false;
    const std::string_view days = text.substr(0, space);
    const std::string_view hours = text.substr(space + 1);
    const std::size_t dash = days.find('-');
    const auto first = day_of(days.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(days.substr(dash + 1));
    if (!first || !last || *first > *last || hours.size() != 11 || hours[5] != '-') return false;
    const auto from = minutes_of(hours.substr(0, 5));
    const auto to = minutes_of(hours.substr(6));
    if (!from || !to || *from >= *to) return false;
    for (std::size_t day = *first; day <= *last; ++day) {
        week.at(day) = survey::OpenHours{*from, *to};
    }
    return true;
}

std::optional<StartTheme> theme_from(std::string_view text) {
    if (text == "default") return StartTheme::standard;
    if (text == "contrast-dark") return StartTheme::contrast_dark;
    if (text == "contrast-light") return StartTheme::contrast_light;
    return std::nullopt;
}

/// Instruments by their ids alone: a file's path would be a way to read a device's disk.
std::optional<std::string> instrument_from(std::string_view text) {
    const bool fits =
        !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    return fits ? std::optional(std::string(text)) : std::nullopt;
}

struct Limit {
    const char* key;
    std::int64_t low;
    std::int64_t high;
    std::optional<std::int64_t> DeviceConfig::*field;
};
constexpr std::array<Limit, 4> kLimits{
    {{"question_s", 20, 3600, &DeviceConfig::question_s},
     {"text_s", 20, 3600, &DeviceConfig::text_s},
     {"thanks_s", 2, 60, &DeviceConfig::thanks_s},
     {"max_waiting", 100, 10'000'000, &DeviceConfig::max_waiting}}};

tl::unexpected<Error> wrong(const std::string& key, const std::string& what) {
    return fail(Errc::invalid, key + ": must be " + what);
}

Status read_value(const std::string& key, const std::string& value, DeviceConfig& config) {
    if (key == "instrument") {
        config.instrument = instrument_from(value);
        if (!config.instrument) return wrong(key, "an instrument's id, such as quick-nps");
        return {};
    }
    if (key == "first_language") {
        config.first_language = survey::language_from(value);
        if (!config.first_language) return wrong(key, "fi, sv or en");
        return {};
    }
    if (key == "opening_hours") {
        config.opening = opening_week_from(value);
        if (config.opening) return {};
        return wrong(key, "\"always\" or hours as \"mon-fri 08:00-16:00, sat 10:00-14:00\"");
    }
    if (key == "theme") {
        config.theme = theme_from(value);
        if (!config.theme) return wrong(key, "default, contrast-dark or contrast-light");
        return {};
    }
    for (const Limit& limit : kLimits) {
        if (key != limit.key) continue;
        const auto number = number_of(value);
        if (!number || *number < limit.low || *number > limit.high) {
            return wrong(key, "a whole number from " + std::to_string(limit.low) + " to " +
                                  std::to_string(limit.high));
        }
        config.*limit.field = *number;
        return {};
    }
    return fail(Errc::invalid, key.substr(0, 64) +
                                   ": is no setting of a device's; there are first_language, "
                                   "instrument, max_waiting, opening_hours, question_s, text_s, "
                                   "thanks_s and theme");
}

}  // namespace

std::optional<survey::OpeningWeek> opening_week_from(std::string_view text) {
    survey::OpeningWeek week;
    if (text == "always") {
        week.fill(survey::OpenHours{});
        return week;
    }
    for (;;) {
        const std::size_t comma = text.find(',');
        if (!add_days(text.substr(0, comma), week)) return std::nullopt;
        if (comma == std::string_view::npos) return week;
        text.remove_prefix(comma + 1);
        while (text.starts_with(' ')) text.remove_prefix(1);
    }
}

Result<DeviceConfig> read_config(const ConfigValues& values) {
    DeviceConfig config;
    for (const auto& [key, value] : values) {
        if (Status read = read_value(key, value, config); !read) {
            return tl::make_unexpected(read.error());
        }
    }
    return config;
}

std::string config_version(const ConfigValues& values) {
    // FNV-1a, 64 bits; a byte that no UTF-8 has ends each part.
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    const auto add = [&hash](std::string_view part) {
        for (const char c : part) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
        }
        hash = (hash ^ 0xFFU) * 1'099'511'628'211U;
    };
    for (const auto& [key, value] : values) {
        add(key);
        add(value);
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4U) {
        *digit = kDigits[hash & 0xFU];
    }
    return text;
}

std::string encode_config(const ConfigValues& values) {
    return seal_envelope("config", {{"version", config_version(values)}, {"values", values}});
}

Result<VersionedConfig> decode_config(std::string_view json_text) {
    const auto body = open_envelope(json_text, kMaxConfigBytes, "config");
    if (!body) return tl::make_unexpected(body.error());
    const bool fits = body->is_object() && body->size() == 2 && body->contains("version") &&
                      body->contains("values") && (*body)["version"].is_string() &&
                      (*body)["values"].is_object();
    if (!fits) return fail(Errc::invalid, "/config: must hold exactly version and values");
    VersionedConfig config{(*body)["version"].get<std::string>(), {}};
    for (const auto& item : (*body)["values"].items()) {
        if (!item.value().is_string() ||
            item.value().get_ref<const std::string&>().size() > kMaxConfigValueBytes) {
            return fail(Errc::invalid, "/config/values: each must be a text of at most " +
                                           std::to_string(kMaxConfigValueBytes) + " bytes");
        }
        config.values[item.key()] = item.value().get<std::string>();
    }
    if (config.version != config_version(config.values)) {
        return fail(Errc::invalid, "/config/version: is not that of the values");
    }
    return config;
}

}  // namespace kaiku::sync
