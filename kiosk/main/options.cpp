#include "kiosk/main/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "kiosk/main/device_settings.hpp"
#include "kiosk/ui/dump.hpp"
#include "sync/curl_uplink.hpp"

namespace kaiku::kiosk {

namespace {

std::filesystem::path default_data_dir() {
    if (const char* named = std::getenv("KAIKU_DATA_DIR"); named != nullptr && *named != '\0') {
        return named;
    }
    if (const char* home = std::getenv("XDG_DATA_HOME"); home != nullptr && *home != '\0') {
        return std::filesystem::path(home) / "kaiku-kiosk";
    }
    if (geteuid() != 0) {
        if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
            return std::filesystem::path(home) / ".local/share/kaiku-kiosk";
        }
    }
    return "/var/lib/kaiku-kiosk";
}

/// `<prefix>/bin/kaiku-kiosk` finds its words and instruments in `<prefix>/share/kaiku`.
std::filesystem::path default_share_dir() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return "/usr/share/kaiku";
    return program.parent_path().parent_path() / "share/kaiku";
}

constexpr std::size_t kMaxUnitCharacters = 64;

/// What the command line gave, before it is laid over the configuration file.
struct Arguments {
    std::string config, data_dir, central, unit, instrument, window, panel_mm;
    std::string script, screenshots, dump, enrol_code, speech_log;
    bool headless = false, self_check = false, sync = false, list_speech = false, set_pin = false;
    bool requeue = false;
    std::string salvage;
};

void declare(CLI::App& app, Arguments& given) {
    app.set_version_flag("--version", "kaiku-kiosk " KAIKU_VERSION);
    app.add_option("--config", given.config, "TOML configuration file");
    app.add_option("--data-dir", given.data_dir, "folder of the outbox and the device's identity");
    app.add_option("--central", given.central, "address of central, https://…");
    app.add_option("--unit", given.unit, "code of the service unit");
    app.add_option("--instrument", given.instrument, "instrument id, or a .json file");
    app.add_option("--window", given.window, "draw in a window of this size, e.g. 1280x800");
    app.add_option("--panel-mm", given.panel_mm, "size of the panel's glass in mm, e.g. 217x136");
    app.add_flag("--headless", given.headless, "draw into memory; needs no display");
    app.add_option("--script", given.script, "play a file of JSON lines, then exit");
    app.add_option("--screenshots", given.screenshots,
                   "folder for pictures; without --script: picture every screen and exit");
    app.add_option("--dump-widgets", given.dump, "write every widget of every screen and exit");
    app.add_option("--speech-log", given.speech_log, "for tests: write what is said to a file");
    app.add_flag("--list-speech", given.list_speech,
                 "list every sentence that can be said, with its clip, and exit");
    app.add_flag("--self-check", given.self_check, "check that the terminal can work and exit");
    app.add_option("--enroll", given.enrol_code, "enrol this device with a one-time code and exit");
    app.add_flag("--set-pin", given.set_pin,
                 "read a new staff PIN from standard input, keep its hash and exit");
    app.add_flag("--sync", given.sync, "send what waits, print the counts and exit");
    app.add_flag("--requeue", given.requeue,
                 "put answers that central refused back into the queue and exit");
    app.add_option("--salvage", given.salvage,
                   "read what damaged outboxes in this folder still hold, put it into the queue "
                   "and exit");
}

/// "1280x800": two numbers from `low` to `high` and nothing else.
template <class Number>
std::optional<std::pair<Number, Number>> parse_pair(std::string_view text, Number low,
                                                    Number high) {
    const auto cross = text.find('x');
    if (cross == std::string_view::npos) return std::nullopt;
    const auto number = [low, high](std::string_view digits) -> std::optional<Number> {
        Number value{};
        const char* last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, value);
        const bool whole = error == std::errc{} && end == last;
        if (!whole || !(value >= low && value <= high)) return std::nullopt;
        return value;
    };
    const auto width = number(text.substr(0, cross));
    const auto height = number(text.substr(cross + 1));
    if (!width || !height) return std::nullopt;
    return std::pair{*width, *height};
}

Status apply_sizes(const Arguments& given, Options& options) {
    if (!given.window.empty()) {
        const auto size = parse_size(given.window);
        if (!size) {
            return fail(Errc::invalid, "--window " + given.window +
                                           ": not a size; write width x height as 1280x800");
        }
        const auto [width, height] = *size;
        const bool same = width == options.panel.width_px && height == options.panel.height_px;
        if (!same) options.panel = panel_for_pixels(width, height);
        options.windowed = true;
    }
    if (!given.panel_mm.empty()) {
        const auto size = parse_millimetres(given.panel_mm);
        if (!size) {
            return fail(Errc::invalid,
                        "--panel-mm " + given.panel_mm + ": not a size in mm; write it as 217x136");
        }
        options.panel.width_mm = size->first;
        options.panel.height_mm = size->second;
    }
    return {};
}

Result<Task> chosen_task(const Arguments& given) {
    const int chosen = static_cast<int>(!given.enrol_code.empty()) + static_cast<int>(given.sync) +
                       static_cast<int>(given.self_check) + static_cast<int>(!given.dump.empty()) +
                       static_cast<int>(given.set_pin) + static_cast<int>(given.list_speech) +
                       static_cast<int>(given.requeue) + static_cast<int>(!given.salvage.empty());
    if (chosen > 1) {
        return fail(
            Errc::invalid,
            "--enroll, --sync, --requeue, --salvage, --set-pin, --self-check, --list-speech "
            "and --dump-widgets exclude each other; give one of them");
    }
    if (!given.enrol_code.empty()) return Task::enrol;
    if (given.set_pin) return Task::set_pin;
    if (given.sync) return Task::sync;
    if (given.requeue) return Task::requeue;
    if (!given.salvage.empty()) return Task::salvage;
    if (given.self_check) return Task::self_check;
    if (given.list_speech) return Task::list_speech;
    if (!given.dump.empty()) return Task::dump_widgets;
    if (!given.screenshots.empty() && given.script.empty()) return Task::pictures;
    return Task::run;
}

/// What would otherwise fail only later: at the first sync, or at central.
Status check_places(const Options& options) {
    if (!options.central_url.empty()) {
        if (auto checked = sync::check_central_url(options.central_url); !checked) return checked;
    }
    std::error_code ignored;
    if (!options.ca_file.empty() && !std::filesystem::is_regular_file(options.ca_file, ignored)) {
        return fail(Errc::invalid, "ca_file: " + options.ca_file +
                                       ": no such file; name the PEM file of the authority that "
                                       "signed central's certificate, or leave ca_file out");
    }
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    };
    const std::string& unit = options.unit;
    if (unit.size() > kMaxUnitCharacters || !std::all_of(unit.begin(), unit.end(), fits)) {
        return fail(Errc::invalid,
                    "unit: a unit's code is 1 to 64 letters, digits and . - _; use "
                    "the code that kaiku-central unit add was given");
    }
    return {};
}

flow::Theme theme_of(sync::StartTheme theme) {
    switch (theme) {
        case sync::StartTheme::standard:
            return flow::Theme::standard;
        case sync::StartTheme::contrast_dark:
            return flow::Theme::contrast_dark;
        case sync::StartTheme::contrast_light:
            return flow::Theme::contrast_light;
    }
    return flow::Theme::standard;
}

/// What central set wins over the configuration file.
void lay_in(const sync::DeviceConfig& central, Options& options) {
    const auto seconds = [](std::optional<std::int64_t> given, std::chrono::milliseconds& target) {
        if (given) target = std::chrono::seconds{*given};
    };
    if (central.instrument) options.instrument = *central.instrument;
    if (central.first_language) options.first_language = *central.first_language;
    if (central.opening) options.opening = central.opening;
    if (central.theme) options.first_theme = theme_of(*central.theme);
    if (central.max_waiting) options.max_waiting = *central.max_waiting;
    seconds(central.question_s, options.timeouts.question);
    seconds(central.text_s, options.timeouts.text);
    seconds(central.thanks_s, options.timeouts.thanks);
}

void lay_over(const Arguments& given, Options& options) {
    const auto set = [](auto& target, const std::string& value) {
        if (!value.empty()) target = value;
    };
    set(options.data_dir, given.data_dir);
    set(options.central_url, given.central);
    set(options.unit, given.unit);
    set(options.instrument, given.instrument);
    set(options.script, given.script);
    set(options.pictures_dir, given.screenshots);
    set(options.dump_file, given.dump);
    set(options.speech_log, given.speech_log);
    set(options.enrol_code, given.enrol_code);
    set(options.salvage_dir, given.salvage);
    options.headless = options.headless || given.headless;
}

/// What staff chose on the device wins over the configuration file and over central.
Status apply_device_settings(const Arguments& given, Options& options) {
    const auto file = device_settings_file(
        given.data_dir.empty() ? options.data_dir : std::filesystem::path(given.data_dir));
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return {};
    return apply_config(file, options);
}

}  // namespace

std::optional<std::pair<int, int>> parse_size(std::string_view text) {
    return parse_pair(text, 320, 7680);
}

std::optional<std::pair<double, double>> parse_millimetres(std::string_view text) {
    return parse_pair(text, 50.0, 3000.0);
}

ui::Panel panel_for_pixels(int width_px, int height_px) {
    for (const ui::Panel& known : ui::reference_panels()) {
        if (known.width_px == width_px && known.height_px == height_px) return known;
    }
    const double density = std::max(width_px, height_px) < 1000 ? 5.2 : 5.9;
    return {.name = std::to_string(width_px) + "x" + std::to_string(height_px),
            .width_px = width_px,
            .height_px = height_px,
            .width_mm = width_px / density,
            .height_mm = height_px / density};
}

Result<ParsedOptions> parse_options(int argc, const char* const* argv,
                                    const sync::DeviceConfig& central) {
    CLI::App app("Kaiku's terminal: asks, keeps every answer safe, and sends it on.");
    Arguments given;
    declare(app, given);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stop) {
        if (stop.get_exit_code() == 0) return ParsedOptions{{}, app.exit(stop)};
        return fail(Errc::invalid, std::string(stop.what()) + "; see kaiku-kiosk --help");
    }

    Options options;
    options.data_dir = default_data_dir();
    options.share_dir = default_share_dir();
    options.panel = panel_for_pixels(1280, 800);
    options.bindings = default_bindings();
    if (!given.config.empty()) {
        if (auto applied = apply_config(given.config, options); !applied) {
            return tl::make_unexpected(applied.error());
        }
    }
    lay_in(central, options);
    if (auto chosen = apply_device_settings(given, options); !chosen) {
        return tl::make_unexpected(chosen.error());
    }
    lay_over(given, options);
    if (auto sized = apply_sizes(given, options); !sized) {
        return tl::make_unexpected(sized.error());
    }
    if (auto checked = check_places(options); !checked) {
        return tl::make_unexpected(checked.error());
    }
    auto task = chosen_task(given);
    if (!task) return tl::make_unexpected(task.error());
    options.task = *task;
    return ParsedOptions{std::move(options), std::nullopt};
}

}  // namespace kaiku::kiosk
