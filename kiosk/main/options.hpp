#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/keys.hpp"
#include "kiosk/ui/panel.hpp"
#include "survey/result.hpp"
#include "sync/device_config.hpp"

namespace kaiku::kiosk {

/// What the program is asked to do.
enum class Task {
    run,
    set_pin,
    enrol,
    sync,
    requeue,
    salvage,
    self_check,
    dump_widgets,
    list_speech,
    pictures
};

/// How the terminal speaks.
struct SpeechOptions {
    // Keys by SDL's names; empty: none.
    std::string key = "F1";  ///< starts and ends speech
    std::string repeat_key = "F2";
    std::string pause_key = "F3";
    std::string slower_key = "F4";
    std::string faster_key = "F5";
    std::string quieter_key = "F6";
    std::string louder_key = "F7";
    std::string device;                      ///< sound card by SDL's name; empty: the default
    std::filesystem::path headphone_device;  ///< /dev/input/event…; empty: no detection
    bool chime = true;                       ///< the idle warning sounds while speech is off
    int chime_volume = 3;                    ///< as flow::Hearing
    bool sound = false;                      ///< also while drawing into memory
};

/// Command line over what staff chose over what central set over configuration file over defaults.
struct Options {
    Task task = Task::run;
    std::filesystem::path data_dir;
    std::string central_url;  ///< empty: as enrolled
    std::string ca_file;
    std::string time_zone = "Europe/Helsinki";  ///< of the county: its days and hours
    std::string unit;                           ///< empty: as enrolled
    std::string instrument = "quick-nps";       ///< id, or path of a .json file
    std::string enrol_code;
    std::filesystem::path salvage_dir;  ///< of damaged outboxes
    std::filesystem::path script;
    std::filesystem::path pictures_dir;
    std::filesystem::path dump_file;
    std::filesystem::path share_dir;  ///< locales/ and instruments/
    bool headless = false;
    bool windowed = false;
    ui::Panel panel;
    survey::Language first_language = survey::Language::fi;
    flow::Theme first_theme = flow::Theme::standard;
    survey::Channel channel = survey::Channel::kiosk;
    std::optional<survey::RespondentKind> respondent;  ///< none: whom the instrument is for first
    bool assisted = false;
    /// Kinds offered at the start, in the order shown; empty: no choice, `respondent` answers.
    std::vector<survey::RespondentKind> respondents;
    std::map<survey::RespondentKind, std::string> instruments;  ///< of a kind, id or file
    bool ask_assisted = false;
    bool plain_language = false;  ///< offer plain variants, `<id>-plain`
    flow::Timeouts timeouts;
    SpeechOptions speech;
    std::filesystem::path speech_log;  ///< tests: what is said, as JSON lines
    std::string web_url;               ///< as enrolled; empty: the phone is not offered
    std::string sealing_key;           ///< as enrolled, sync::encode_key
    flow::KeySettings keys;
    std::map<std::uint32_t, flow::KeyAction> bindings;  ///< by platform::key_code
    std::optional<survey::OpeningWeek> opening;
    std::optional<flow::NightHours> night;
    /// Degrees clockwise by which the picture is turned onto the glass: 0, 90, 180, 270.
    int panel_rotation = 0;
    std::map<std::string, std::string> unit_instruments;  ///< by the unit's code
    std::filesystem::path camera;  ///< "": the first there is; "none"; a device or a PNG
    flow::StaffSetup staff;        ///< `device`: mode = "staff"
    std::int64_t max_waiting = 200'000;
};

/// Reads the arguments and, if --config names one, the TOML file; `central` is what central set.
/// `exit_code` is set when the program has nothing more to do (--help, --version, wrong usage); the
/// text was printed then.
struct ParsedOptions {
    Options options;
    std::optional<int> exit_code;
};
Result<ParsedOptions> parse_options(int argc, const char* const* argv,
                                    const sync::DeviceConfig& central = {});

/// The keys that mean something unless the configuration names others.
std::map<std::uint32_t, flow::KeyAction> default_bindings();
/// Gives an action the keys of these names instead of its old ones; the name that is unknown, or is
/// another action's key, comes back.
std::optional<std::string> bind_keys(Options& options, flow::KeyAction action,
                                     const std::vector<std::string>& names);

/// Applies one TOML configuration to the options. Unknown keys, wrong types and values out of
/// range are errors that name file, line and cure.
Status apply_config(const std::filesystem::path& file, Options& options);

/// "1280x800" → width and height, 320…7680 each.
std::optional<std::pair<int, int>> parse_size(std::string_view text);

/// "217x136" → millimetres, 50…3000 each.
std::optional<std::pair<double, double>> parse_millimetres(std::string_view text);

/// Millimetres of a panel whose size nobody stated: those of the reference panel of these pixels;
/// else 5.9 px/mm (10.1 inches at 1280×800), small
/// panels 5.2 px/mm (7 inches at 800×480).
ui::Panel panel_for_pixels(int width_px, int height_px);

}  // namespace kaiku::kiosk
