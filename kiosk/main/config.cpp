#include <algorithm>
#include <array>

#include "kiosk/main/config_reader.hpp"
#include "sync/checked_toml.hpp"

namespace kaiku::kiosk {

namespace {

Status apply_panel(const std::string& file, const toml::table& table, ui::Panel& panel,
                   int& rotation) {
    Reader reader(file, table, "panel.");
    reader.text("name", panel.name);
    reader.number("width_px", 320, 7680, [&](double v) { panel.width_px = static_cast<int>(v); });
    reader.number("height_px", 320, 7680, [&](double v) { panel.height_px = static_cast<int>(v); });
    // Pixels alone are another panel; the millimetres of the default one are not its own.
    const ui::Panel guess = panel_for_pixels(panel.width_px, panel.height_px);
    panel.width_mm = guess.width_mm;
    panel.height_mm = guess.height_mm;
    if (table.contains("width_mm") != table.contains("height_mm")) {
        return fail(Errc::invalid, file + ":" + std::to_string(table.source().begin.line) +
                                       ": panel has one side in mm; give width_mm and height_mm");
    }
    reader.number("width_mm", 50, 3000, [&](double v) { panel.width_mm = v; });
    reader.number("height_mm", 50, 3000, [&](double v) { panel.height_mm = v; });
    double degrees = rotation;
    reader.number("rotation", 0, 270, [&](double v) { degrees = v; });
    rotation = static_cast<int>(degrees) / 90 * 90;
    if (static_cast<double>(rotation) != degrees) {
        return fail(Errc::invalid, file + ":" + std::to_string(table.source().begin.line) +
                                       ": panel.rotation must be 0, 90, 180 or 270");
    }
    return reader.finish();
}

Status apply_instruments(const std::string& file, const toml::table& table, Options& options) {
    Reader reader(file, table, "instruments.");
    for (const survey::RespondentKind kind : survey::kRespondentKinds) {
        std::string name;
        reader.text(std::string(survey::to_string(kind)).c_str(), name);
        if (!name.empty()) options.instruments[kind] = name;
    }
    return reader.finish();
}

/// "08:00" to minutes of the day; 24:00 is the day's end.
std::optional<int> minutes_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    }
    const int minutes =
        ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
    return text[3] <= '5' && minutes <= 24 * 60 ? std::optional(minutes) : std::nullopt;
}

/// "08:00-16:00".
std::optional<survey::OpenHours> hours_from(std::string_view text) {
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto from = minutes_of(text.substr(0, 5));
    const auto to = minutes_of(text.substr(6));
    if (!from || !to || *from >= *to) return std::nullopt;
    return survey::OpenHours{*from, *to};
}

/// A day that is not named is closed.
Status apply_opening(const std::string& file, const toml::table& table, Options& options) {
    Reader reader(file, table, "opening_hours.");
    survey::OpeningWeek week;
    constexpr std::array kDays{"monday", "tuesday",  "wednesday", "thursday",
                               "friday", "saturday", "sunday"};
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        if (!table.contains(kDays[day])) continue;
        survey::OpenHours hours;
        reader.name(kDays[day], hours, hours_from, "hours as \"08:00-16:00\"");
        week[day] = hours;
    }
    options.opening = week;
    return reader.finish();
}

Status apply_night(const std::string& file, const toml::table& table, Options& options) {
    Reader reader(file, table, "night.");
    flow::NightHours night{.from = 20 * 60, .to = 6 * 60};
    reader.name("from", night.from, minutes_of, "times as \"20:00\"");
    reader.name("to", night.to, minutes_of, "times as \"06:00\"");
    options.night = night;
    return reader.finish();
}

Status apply_timeouts(const std::string& file, const toml::table& table, flow::Timeouts& timeouts) {
    Reader reader(file, table, "timeouts.");
    const auto seconds = [&reader](const char* key, double low, double high,
                                   std::chrono::milliseconds& target) {
        reader.number(key, low, high, [&target](double v) {
            target = std::chrono::milliseconds(static_cast<std::int64_t>(v * 1000));
        });
    };
    seconds("question_s", 20, 3600, timeouts.question);
    seconds("text_s", 20, 3600, timeouts.text);
    seconds("warning_s", 20, 600, timeouts.warning);
    seconds("thanks_s", 2, 60, timeouts.thanks);
    seconds("phone_s", 30, 600, timeouts.phone);
    seconds("speech_s", 60, 3600, timeouts.speech);
    seconds("speech_warning_s", 20, 600, timeouts.speech_warning);
    seconds("speech_thanks_s", 2, 120, timeouts.speech_thanks);
    return reader.finish();
}

Status apply_speech(const std::string& file, const toml::table& table, SpeechOptions& speech) {
    Reader reader(file, table, "speech.");
    reader.text("key", speech.key);
    reader.text("repeat_key", speech.repeat_key);
    reader.text("pause_key", speech.pause_key);
    reader.text("slower_key", speech.slower_key);
    reader.text("faster_key", speech.faster_key);
    reader.text("quieter_key", speech.quieter_key);
    reader.text("louder_key", speech.louder_key);
    reader.text("device", speech.device);
    reader.text("headphone_device", speech.headphone_device);
    reader.flag("sound", speech.sound);
    reader.flag("chime", speech.chime);
    reader.number("chime_volume", 1, flow::Hearing::kVolumes,
                  [&](double v) { speech.chime_volume = static_cast<int>(v); });
    return reader.finish();
}

Status apply_keys(const std::string& file, const toml::table& table, Options& options) {
    Reader reader(file, table, "keys.");
    const auto milliseconds = [&reader](const char* key, double low, double high,
                                        std::chrono::milliseconds& target) {
        reader.number(key, low, high, [&target](double v) {
            target = std::chrono::milliseconds(static_cast<std::int64_t>(v));
        });
    };
    milliseconds("debounce_ms", 100, 2000, options.keys.debounce);
    milliseconds("scan_interval_ms", 0, 20'000, options.keys.scan_interval);
    milliseconds("dwell_ms", 0, 3000, options.keys.dwell);
    using flow::KeyAction;
    reader.keys("previous", KeyAction::previous, options);
    reader.keys("next", KeyAction::next, options);
    reader.keys("select", KeyAction::select, options);
    reader.keys("switch_1", KeyAction::switch_1, options);
    reader.keys("switch_2", KeyAction::switch_2, options);
    return reader.finish();
}

/// The channels that this program can be; the others reach central in other ways.
std::optional<survey::Channel> own_channel(std::string_view name) {
    const auto channel = survey::channel_from(name);
    const bool own = channel == survey::Channel::kiosk || channel == survey::Channel::staff_device;
    return own ? channel : std::nullopt;
}

std::optional<flow::Theme> theme_from(std::string_view name) {
    if (name == "default") return flow::Theme::standard;
    if (name == "contrast-dark") return flow::Theme::contrast_dark;
    if (name == "contrast-light") return flow::Theme::contrast_light;
    return std::nullopt;
}

Status apply_staff(const std::string& file, const toml::table& table, Options& options) {
    Reader reader(file, table, "staff.");
    flow::StaffSetup& staff = options.staff;
    reader.text("camera", options.camera);
    const auto seconds = [&reader](const char* key, double low, double high,
                                   std::chrono::milliseconds& target) {
        reader.number(key, low, high, [&target](double v) {
            target = std::chrono::milliseconds(static_cast<std::int64_t>(v * 1000));
        });
    };
    seconds("idle_s", 20, 3600, staff.idle);
    seconds("cleaning_s", 10, 600, staff.cleaning);
    seconds("change_s", 0, 12.0 * 3600, staff.change);
    seconds("waiting_s", 30, 24.0 * 3600, staff.waiting);
    return reader.finish();
}

/// [[units]]: code, name, link, instrument.
Status apply_units(const std::string& file, const std::vector<const toml::table*>& tables,
                   Options& options) {
    auto& units = options.staff.units;
    if (!tables.empty()) units.clear();
    for (const toml::table* table : tables) {
        Reader reader(file, *table, "units.");
        flow::StaffUnit unit;
        reader.text("code", unit.code);
        reader.text("name", unit.name);
        reader.text("link", unit.link);
        std::string instrument;
        reader.text("instrument", instrument);
        if (auto read = reader.finish(); !read) return read;
        if (unit.code.empty()) return fail(Errc::invalid, file + ": units: each needs a code");
        if (!instrument.empty()) options.unit_instruments[unit.code] = instrument;
        units.push_back(std::move(unit));
    }
    return {};
}

void apply_mode(Reader& reader, Options& options) {
    const auto mode = [](std::string_view name) -> std::optional<bool> {
        if (name == "kiosk") return false;
        if (name == "staff") return true;
        return std::nullopt;
    };
    reader.name("mode", options.staff.device, mode, "kiosk, staff");
    if (options.staff.device) options.channel = survey::Channel::staff_device;
}

Status apply_tables(const std::string& file, const toml::table& root, Options& options) {
    Reader reader(file, root, "");
    reader.text("data_dir", options.data_dir);
    reader.text("central", options.central_url);
    reader.text("ca_file", options.ca_file);
    reader.text("unit", options.unit);
    reader.text("time_zone", options.time_zone);
    reader.text("instrument", options.instrument);
    reader.text("share_dir", options.share_dir);
    reader.flag("headless", options.headless);
    reader.assisted(options);
    reader.kinds("respondents", options.respondents);
    reader.flag("plain_language", options.plain_language);
    reader.name("first_language", options.first_language, survey::language_from, "fi, sv, en");
    reader.name("theme", options.first_theme, theme_from, "default, contrast-dark, contrast-light");
    reader.name("channel", options.channel, own_channel, "kiosk, staff-device");
    reader.name("respondent", options.respondent, survey::respondent_kind_from,
                "adult, youth, child, relative");
    reader.number("max_waiting", 100, 10'000'000,
                  [&options](double v) { options.max_waiting = static_cast<std::int64_t>(v); });
    apply_mode(reader, options);
    reader.texts("instrument_choices", options.staff.instruments);
    if (auto applied = apply_units(file, reader.tables("units"), options); !applied) {
        return applied;
    }
    if (const auto* staff = reader.table("staff")) {
        if (auto applied = apply_staff(file, *staff, options); !applied) return applied;
    }
    if (const auto* panel = reader.table("panel")) {
        if (auto applied = apply_panel(file, *panel, options.panel, options.panel_rotation);
            !applied)
            return applied;
    }
    if (const auto* instruments = reader.table("instruments")) {
        if (auto applied = apply_instruments(file, *instruments, options); !applied) return applied;
    }
    if (const auto* speech = reader.table("speech")) {
        if (auto applied = apply_speech(file, *speech, options.speech); !applied) return applied;
    }
    if (const auto* keys = reader.table("keys")) {
        if (auto applied = apply_keys(file, *keys, options); !applied) return applied;
    }
    if (const auto* opening = reader.table("opening_hours")) {
        if (auto applied = apply_opening(file, *opening, options); !applied) return applied;
    }
    if (const auto* night = reader.table("night")) {
        if (auto applied = apply_night(file, *night, options); !applied) return applied;
    }
    if (const auto* timeouts = reader.table("timeouts")) {
        if (auto applied = apply_timeouts(file, *timeouts, options.timeouts); !applied) {
            return applied;
        }
    }
    return reader.finish();
}

/// Applies what `parse` reads; its exceptions become errors that name file and line.
template <class Parse>
Status apply_parsed(const std::string& file, Options& options, Parse parse) {
    try {
        const toml::table root = parse();
        return apply_tables(file, root, options);
    } catch (const toml::parse_error& error) {
        const auto line = error.source().begin.line;
        const std::string place = line > 0 ? ":" + std::to_string(line) : std::string();
        return fail(Errc::malformed, file + place + ": " + std::string(error.description()) +
                                         "; the configuration is a TOML file");
    } catch (const std::invalid_argument& error) {
        return fail(Errc::malformed,
                    file + ": " + error.what() + "; the configuration is a TOML file");
    }
}

}  // namespace

Status apply_config_text(std::string_view text, const std::string& name, Options& options) {
    return apply_parsed(name, options, [&] { return toml::parse(text, name); });
}

Status apply_config(const std::filesystem::path& file, Options& options) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) &&
        !std::filesystem::is_regular_file(file, ignored)) {
        return fail(Errc::invalid,
                    file.string() + ": is no file; the configuration is a TOML file");
    }
    return apply_parsed(file.string(), options, [&] { return toml::parse_file(file.string()); });
}

}  // namespace kaiku::kiosk
