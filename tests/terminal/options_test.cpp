#include "kiosk/main/options.hpp"

#include <sys/stat.h>

#include <fstream>

#include "kiosk/main/app.hpp"
#include "kiosk/main/clock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::kiosk;

Result<ParsedOptions> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "kaiku-kiosk");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

/// Writes a configuration and applies it.
Status configure(const std::string& toml, Options& options) {
    const test::TempDir dir;
    const auto file = dir.path() / "kiosk.toml";
    std::ofstream(file) << toml;
    return apply_config(file, options);
}

std::string complaint(const std::string& toml) {
    Options options;
    const auto applied = configure(toml, options);
    return applied ? "" : applied.error().detail;
}

}  // namespace

TEST_CASE("the command line lies over the configuration file") {
    const test::TempDir dir;
    const auto file = dir.path() / "kiosk.toml";
    std::ofstream(file) << "unit = 'from-file'\ncentral = 'https://file.example'\n";
    const auto parsed = parse({"--config", file.c_str(), "--unit", "from-line"});
    REQUIRE(parsed);
    CHECK(parsed->options.unit == "from-line");
    CHECK(parsed->options.central_url == "https://file.example");
    CHECK(parsed->options.instrument == "quick-nps");
}

TEST_CASE("what central set lies over the file, under what staff chose and the command line") {
    const test::TempDir dir;
    const auto file = dir.path() / "kiosk.toml";
    std::ofstream(file)
        << "instrument = 'from-file'\nfirst_language = 'en'\ntheme = 'contrast-light'\n"
           "max_waiting = 300\n[timeouts]\nquestion_s = 30\ntext_s = 40\n";
    std::ofstream(dir.path() / "device.toml") << "first_language = 'sv'\n";
    const sync::DeviceConfig central{.instrument = "from-central",
                                     .first_language = survey::Language::fi,
                                     .opening = survey::OpeningWeek{},
                                     .theme = sync::StartTheme::contrast_dark,
                                     .question_s = 45,
                                     .text_s = {},
                                     .thanks_s = 5,
                                     .max_waiting = 400};
    std::vector<const char*> line{"kaiku-kiosk", "--config", file.c_str(), "--data-dir",
                                  dir.path().c_str()};
    auto parsed = parse_options(static_cast<int>(line.size()), line.data(), central);
    REQUIRE(parsed);
    CHECK(parsed->options.instrument == "from-central");
    CHECK(parsed->options.first_language == survey::Language::sv);
    CHECK(parsed->options.opening == survey::OpeningWeek{});
    CHECK(parsed->options.first_theme == flow::Theme::contrast_dark);
    CHECK(parsed->options.timeouts.question == std::chrono::seconds{45});
    CHECK(parsed->options.timeouts.text == std::chrono::seconds{40});
    CHECK(parsed->options.timeouts.thanks == std::chrono::seconds{5});
    CHECK(parsed->options.max_waiting == 400);
    line.insert(line.end(), {"--instrument", "from-line"});
    parsed = parse_options(static_cast<int>(line.size()), line.data(), central);
    CHECK(parsed->options.instrument == "from-line");
    parsed = parse_options(static_cast<int>(line.size()), line.data());
    CHECK(parsed->options.first_theme == flow::Theme::contrast_light);
    CHECK(complaint("theme = 'dark'").find("theme must be one of default") != std::string::npos);
}

TEST_CASE("a configuration sets what it names") {
    Options options;
    REQUIRE(
        configure("first_language = 'sv'\nrespondent = 'relative'\nassisted = true\n"
                  "channel = 'staff-device'\nmax_waiting = 500\n"
                  "[panel]\nwidth_px = 1024\nheight_px = 600\nwidth_mm = 154.2\n"
                  "height_mm = 86\n[timeouts]\nquestion_s = 300\nwarning_s = 45\n",
                  options));
    CHECK(options.first_language == survey::Language::sv);
    CHECK(options.respondent == survey::RespondentKind::relative);
    CHECK(options.channel == survey::Channel::staff_device);
    CHECK(options.assisted);
    CHECK(options.max_waiting == 500);
    CHECK(options.panel.width_px == 1024);
    CHECK(options.panel.width_mm == Approx(154.2));
    CHECK(options.timeouts.question == std::chrono::seconds{300});
    CHECK(options.timeouts.warning == std::chrono::seconds{45});
}

TEST_CASE("the idle warning's chime may be turned off or made louder") {
    Options options;
    CHECK(options.speech.chime);
    REQUIRE(configure("[speech]\nchime = false\nchime_volume = 5\n", options));
    CHECK_FALSE(options.speech.chime);
    CHECK(options.speech.chime_volume == 5);
    CHECK(complaint("[speech]\nchime = 3").find("speech.chime must be") != std::string::npos);
    CHECK(complaint("[speech]\nchime_volume = 6")
              .find("speech.chime_volume must be a number from 1 to 5") != std::string::npos);
}

TEST_CASE("a panel stated in pixels alone gets millimetres that fit them") {
    Options options;
    REQUIRE(configure("[panel]\nwidth_px = 1920\nheight_px = 1080", options));
    CHECK(options.panel.width_mm == Approx(344.2));
    CHECK(options.panel.height_mm == Approx(193.6));
    REQUIRE(configure("[panel]\nwidth_px = 1900\nheight_px = 1000", options));
    CHECK(options.panel.width_mm == Approx(1900 / 5.9));
    CHECK(panel_for_pixels(800, 480).width_mm == Approx(154.1));
    CHECK(complaint("[panel]\nrotation = 45").find("panel.rotation must be 0, 90, 180 or 270") !=
          std::string::npos);
    CHECK(complaint("[panel]\nrotation = 270").empty());
    CHECK(complaint("[panel]\nwidth_mm = 200").find(":1: panel has one side in mm") !=
          std::string::npos);
}

TEST_CASE("a configuration says who may answer, with what, and with whose help") {
    using survey::RespondentKind;
    Options options;
    REQUIRE(
        configure("respondents = ['child', 'adult']\nassisted = 'ask'\nplain_language = true\n"
                  "[instruments]\nadult = 'national-adult'\n",
                  options));
    CHECK(options.respondents == std::vector{RespondentKind::child, RespondentKind::adult});
    CHECK(options.ask_assisted);
    CHECK_FALSE(options.assisted);
    CHECK(options.plain_language);
    CHECK(instrument_for(options, RespondentKind::adult) == "national-adult");
    CHECK(instrument_for(options, RespondentKind::youth) == options.instrument);
    CHECK(instrument_for(options, RespondentKind::child) == "child");
    CHECK(instrument_for(options, RespondentKind::relative) == "relative");
    Options unasked;
    REQUIRE(configure("assisted = 'no'", unasked));
    CHECK_FALSE(unasked.ask_assisted);
    for (const char* bad : {"respondents = []", "respondents = 'adult'", "respondents = ['staff']",
                            "respondents = [1]", "respondents = ['adult', 'adult']"}) {
        INFO(bad);
        CHECK(complaint(bad).find("respondents must be a list of adult") != std::string::npos);
    }
    CHECK(complaint("assisted = 'yes'").find("assisted must be true, false") != std::string::npos);
    CHECK(complaint("[instruments]\nstaff = 'x'").find("instruments.staff") != std::string::npos);
}

TEST_CASE("opening hours and the night are read as local times") {
    Options options;
    REQUIRE(
        configure("[opening_hours]\nmonday = '08:00-16:30'\nsunday = '00:00-24:00'\n[night]\n"
                  "from = '21:15'\nto = '05:00'\n",
                  options));
    REQUIRE(options.opening);
    CHECK(options.opening->at(0) == survey::OpenHours{480, 990});
    CHECK_FALSE(options.opening->at(1));
    CHECK(options.opening->at(6) == survey::OpenHours{0, 1440});
    REQUIRE(options.night);
    CHECK(options.night->from == 21 * 60 + 15);
    CHECK(options.night->to == 300);
    for (const char* bad : {"'16:00-08:00'", "'8-16'", "'08:00-24:01'", "'08:60-10:00'", "8"}) {
        INFO(bad);
        CHECK(complaint(std::string("[opening_hours]\nmonday = ") + bad)
                  .find("opening_hours.monday must be") != std::string::npos);
    }
    CHECK(complaint("[night]\nfrom = '25:00'").find("night.from") != std::string::npos);
    CHECK(complaint("[opening_hours]\nmon = '08:00-16:00'").find("mon") != std::string::npos);
}

TEST_CASE("every instrument that may be asked is loaded, and one for somebody else is refused") {
    using survey::RespondentKind;
    Options options;
    options.share_dir = KAIKU_SOURCE_DIR "/assets";
    options.instrument = "national-adult";
    options.respondents = {RespondentKind::adult, RespondentKind::child};
    options.plain_language = true;
    const auto loaded = load_instruments(options);
    REQUIRE(loaded);
    const flow::Setup setup = make_setup(options, *loaded, "U");
    REQUIRE(setup.people.size() == 2);
    CHECK(setup.people.at(0).instrument->id == "national-adult");
    REQUIRE(setup.people.at(0).plain != nullptr);
    CHECK(setup.people.at(0).plain->id == "national-adult-plain");
    CHECK(setup.people.at(1).instrument->id == "child");
    CHECK(setup.people.at(1).plain == nullptr);
    options.instruments[RespondentKind::child] = "national-adult";
    const auto refused = load_instruments(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("is not for the respondent kind child") != std::string::npos);
}

TEST_CASE("without a choice of people the instrument is for whom the terminal asks") {
    Options options;
    options.share_dir = KAIKU_SOURCE_DIR "/assets";
    options.instrument = "child";
    const auto loaded = load_instruments(options);
    REQUIRE(loaded);
    CHECK(make_setup(options, *loaded, "DEMO").respondent == survey::RespondentKind::child);
    options.respondent = survey::RespondentKind::adult;
    const auto refused = load_instruments(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("child: is not for the respondent kind adult") == 0);
}

TEST_CASE("a bad configuration is refused with the line and the cure") {
    CHECK(complaint("channel = 'web'").find("channel must be one of kiosk, staff-device") !=
          std::string::npos);
    CHECK(complaint("unit = 5").find("kiosk.toml:1: unit must be a text in quotes") !=
          std::string::npos);
    CHECK(complaint("\ncolour = 'red'").find(":2: colour is not a known key") != std::string::npos);
    CHECK(complaint("first_language = 'se'").find("must be one of fi, sv, en") !=
          std::string::npos);
    CHECK(complaint("[timeouts]\nwarning_s = 3")
              .find("timeouts.warning_s must be a number from "
                    "20 to 600") != std::string::npos);
    CHECK(complaint("panel = 7").find("panel must be a table") != std::string::npos);
    CHECK(complaint("unit = ").find("TOML") != std::string::npos);
    CHECK(complaint("[panel]\nwidth_mm = nan\nheight_mm = 9").find("panel.width_mm") !=
          std::string::npos);
    Options options;
    const auto missing = apply_config("/nowhere/kiosk.toml", options);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().detail.find("/nowhere/kiosk.toml") == 0);
}

TEST_CASE("a clock that cannot be right is told with its cure") {
    using namespace std::chrono;
    CHECK(check_clock(sys_days{2026y / November / 23}));
    CHECK(check_clock(sys_days{2070y / January / 1}));
    for (const sys_days day : {sys_days{1970y / January / 1}, sys_days{2025y / December / 31},
                               sys_days{2099y / January / 1}}) {
        const auto checked = check_clock(day);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().detail.find(survey::format_rfc3339(day)) != std::string::npos);
        CHECK(checked.error().detail.find("timedatectl") != std::string::npos);
    }
}

TEST_CASE("tasks follow from the flags and exclude each other") {
    CHECK(parse({})->options.task == Task::run);
    CHECK(parse({"--sync"})->options.task == Task::sync);
    CHECK(parse({"--requeue"})->options.task == Task::requeue);
    CHECK_FALSE(parse({"--requeue", "--sync"}));
    CHECK(parse({"--self-check"})->options.task == Task::self_check);
    CHECK(parse({"--enroll", "ABCD"})->options.task == Task::enrol);
    CHECK(parse({"--dump-widgets", "w.jsonl"})->options.task == Task::dump_widgets);
    CHECK(parse({"--screenshots", "d"})->options.task == Task::pictures);
    CHECK(parse({"--screenshots", "d", "--script", "s"})->options.task == Task::run);
    CHECK_FALSE(parse({"--sync", "--self-check"}));
    CHECK_FALSE(parse({"--no-such-flag"}));
}

TEST_CASE("window and panel sizes are read exactly") {
    const auto parsed = parse({"--window", "800x480", "--panel-mm", "154x86"});
    REQUIRE(parsed);
    CHECK(parsed->options.windowed);
    CHECK(parsed->options.panel.width_px == 800);
    CHECK(parsed->options.panel.height_mm == Approx(86));
    for (const char* bad : {"800", "800x", "x480", "800x480x2", "-800x480", "800x99999", "aXb"}) {
        INFO(bad);
        CHECK_FALSE(parse_size(bad));
    }
    CHECK_FALSE(parse({"--window", "tiny"}));
    for (const char* bad : {"1x1", "217x136junk", "217", "217x", " 217x136", "nanx136"}) {
        INFO(bad);
        CHECK_FALSE(parse({"--panel-mm", bad}));
    }
}

TEST_CASE("an address or a unit that could only fail later is refused at the start") {
    for (const char* bad :
         {"ftp://central.example", "http://central.example", "central", "https://"}) {
        INFO(bad);
        CHECK_FALSE(parse({"--central", bad}));
    }
    CHECK(parse({"--central", "https://central.example"}));
    CHECK(parse({"--central", "http://127.0.0.1:8080"}));
    const std::string long_code(65, 'a');
    for (const char* bad : {"zz zz", "../x", "ä", long_code.c_str()}) {
        INFO(bad);
        CHECK_FALSE(parse({"--unit", bad}));
    }
    CHECK(parse({"--unit", "tk-1.A_b"}));
    const test::TempDir dir;
    const auto file = dir.path() / "kiosk.toml";
    std::ofstream(file) << "ca_file = '/nowhere/ca.pem'\n";
    const auto refused = parse({"--config", file.c_str()});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("ca_file: /nowhere/ca.pem: no such file") == 0);
}

TEST_CASE("a folder or a device is no configuration") {
    const test::TempDir dir;
    const std::string pipe = dir.path() / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    for (const char* bad : {"/", "/dev/zero", pipe.c_str()}) {
        const auto parsed = parse({"--config", bad});
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().detail.find("is no file") != std::string::npos);
    }
}

TEST_CASE("keys, switches, dwell and debounce come from the configuration") {
    Options options;
    options.bindings = default_bindings();
    REQUIRE(
        configure("[keys]\ndebounce_ms = 750\nscan_interval_ms = 2500\ndwell_ms = 300\n"
                  "select = ['F8', 'Space']\n",
                  options));
    CHECK(options.keys == flow::KeySettings{std::chrono::milliseconds{750},
                                            std::chrono::milliseconds{2500},
                                            std::chrono::milliseconds{300}});
    const auto selects = [&](const std::string& name) {
        const auto bound = options.bindings.find(platform::key_code(name));
        return bound != options.bindings.end() && bound->second == flow::KeyAction::select;
    };
    CHECK(selects("F8"));
    CHECK(selects("Space"));
    CHECK_FALSE(selects("Return"));
}

TEST_CASE("a faulty key setting is one clear line") {
    CHECK(complaint("[keys]\ndebounce_ms = 50").find("keys.debounce_ms") != std::string::npos);
    CHECK(complaint("[keys]\nnext = ['Elbow']").find("Elbow") != std::string::npos);
    CHECK(complaint("[keys]\nnext = []").find("keys.next") != std::string::npos);
    CHECK(complaint("[keys]\nnext = ['F9']\nselect = ['F9']").find("F9") != std::string::npos);
    CHECK(complaint("[keys]\ncolour = 1").find("keys.colour") != std::string::npos);
}
