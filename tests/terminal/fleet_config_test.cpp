// What central set: kept through power cuts, tried, refused, and never in the way of a survey.
#include "kiosk/main/fleet_config.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::kiosk;

sync::VersionedConfig config(const sync::ConfigValues& values) {
    return {sync::config_version(values), values};
}
const sync::VersionedConfig kNone = config({});
const sync::VersionedConfig kDark = config({{"theme", "contrast-dark"}});
const sync::VersionedConfig kLight = config({{"theme", "contrast-light"}});
const sync::VersionedConfig kUnknown = config({{"colour", "green"}});
const sync::VersionedConfig kMissing = config({{"instrument", "missing"}});

sync::Attended wants(const sync::VersionedConfig& wanted, bool given = true) {
    sync::Attended attended{.done = true, .wanted = wanted.version};
    if (given) attended.config = wanted;
    return attended;
}

/// A data folder, and programs that start one after another on it.
struct Terminal {
    test::TempDir folder;
    std::filesystem::path data = folder.path() / "device";
    std::string program = "1.0.0";
    std::string lacks = "missing";  ///< survey that is not installed
    std::unique_ptr<FleetConfig> running;

    FleetConfig& starts() {
        running.reset();
        running = FleetConfig::open(data, program,
                                    [this](const sync::DeviceConfig& central) -> Result<Options> {
                                        if (central.instrument == lacks)
                                            return fail(Errc::not_found, "no such survey");
                                        Options options;
                                        if (central.theme == sync::StartTheme::contrast_dark)
                                            options.unit = "dark";
                                        if (central.theme == sync::StartTheme::contrast_light)
                                            options.unit = "light";
                                        if (central.instrument)
                                            options.instrument = *central.instrument;
                                        return options;
                                    });
        return *running;
    }
    /// The first screen comes.
    FleetConfig& shows() {
        running->shown();
        running->settle();
        return *running;
    }
    std::string unit() const { return running->options() ? running->options()->unit : "own"; }
};

}  // namespace

TEST_CASE("a configuration is taken by the next start and good once it showed a screen") {
    Terminal terminal;
    CHECK_FALSE(terminal.starts().is_waiting());
    CHECK(terminal.unit() == "own");
    CHECK_FALSE(terminal.shows().hear(wants(kDark)));
    CHECK(terminal.running->is_waiting());
    CHECK(terminal.running->standing().in_use.empty());  // not in the midst of anything
    terminal.starts();
    CHECK(terminal.unit() == "dark");
    CHECK(terminal.running->standing().in_use == kDark.version);
    CHECK_FALSE(terminal.running->is_waiting());
    CHECK(load_config(terminal.data)->tries == 1);
    terminal.shows();
    CHECK(load_config(terminal.data).value() == KeptConfig{kDark, std::nullopt, 0, "", ""});
    CHECK_FALSE(terminal.running->hear(wants(kDark, false)));
    CHECK_FALSE(terminal.running->is_waiting());
}

TEST_CASE("its file is for its owner only") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    struct stat found {};
    REQUIRE(::stat(kept_config_file(terminal.data).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
}

TEST_CASE("a start that was cut off tries again, and goes back after the third") {
    Terminal terminal;
    terminal.starts().hear(wants(kLight));
    terminal.starts();
    terminal.shows().hear(wants(kDark));
    for (int cut = 0; cut < kMostTries; ++cut) {
        terminal.starts();
        CHECK(terminal.unit() == "dark");
    }
    terminal.starts();
    CHECK(terminal.unit() == "light");
    CHECK(terminal.running->standing().in_use == kLight.version);
    CHECK(terminal.running->standing().refused == kDark.version);
    CHECK(terminal.running->standing().trouble.find("3 times") != std::string::npos);
    // It stays so through restarts, and what is refused is not taken up again.
    terminal.starts();
    CHECK(terminal.running->standing().refused == kDark.version);
    CHECK_FALSE(terminal.running->hear(wants(kDark, false)));
    CHECK(terminal.running->standing().refused == kDark.version);
    SECTION("until central wants another") {
        terminal.running->hear(wants(kLight, false));
        CHECK(terminal.running->standing().refused.empty());
        terminal.running->hear(wants(kDark));
        CHECK(terminal.running->is_waiting());
    }
    SECTION("until the program is another") {
        terminal.program = "1.0.1";
        CHECK(terminal.starts().standing().refused.empty());
        CHECK(terminal.unit() == "light");
    }
}

TEST_CASE("what does not fit is refused at once with the reason, and what was goes on") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    terminal.starts();
    terminal.shows();
    CHECK(terminal.running->hear(wants(kUnknown)));
    CHECK_FALSE(terminal.running->is_waiting());
    CHECK(terminal.running->standing().refused == kUnknown.version);
    CHECK(terminal.running->standing().trouble.find("colour: is no setting") == 0);
    CHECK(terminal.running->hear(wants(kMissing)));
    CHECK(terminal.running->standing().refused == kMissing.version);
    CHECK(terminal.running->standing().trouble == "no such survey");
    CHECK(terminal.starts().standing().refused.empty());  // a survey may have been installed
    CHECK(terminal.unit() == "dark");
}

TEST_CASE("a good configuration that fits no more leaves the terminal its own set-up") {
    Terminal terminal;
    const auto survey = config({{"instrument", "lobby"}});
    terminal.starts().hear(wants(survey));
    terminal.starts();
    terminal.shows();
    CHECK(terminal.running->options()->instrument == "lobby");
    terminal.lacks = "lobby";
    terminal.starts();
    CHECK(terminal.unit() == "own");
    CHECK(terminal.running->standing().in_use.empty());
    CHECK(terminal.running->standing().refused == survey.version);
    terminal.lacks = "missing";
    CHECK(terminal.starts().standing().in_use == survey.version);
}

TEST_CASE("what central takes back before it is used is not used") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    CHECK(terminal.running->is_waiting());
    terminal.running->hear(wants(kNone, false));
    CHECK_FALSE(terminal.running->is_waiting());
    terminal.starts();
    CHECK(terminal.unit() == "own");
    terminal.running->hear(wants(kDark));
    CHECK(terminal.running->hear(wants(kUnknown)));
    CHECK_FALSE(terminal.running->is_waiting());
}

TEST_CASE("undoing everything is a configuration too") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    terminal.starts();
    terminal.shows().hear(wants(kNone));
    terminal.starts();
    CHECK(terminal.running->options()->unit.empty());
    CHECK(terminal.running->standing().in_use == kNone.version);
}

TEST_CASE("a damaged file is passed over and written anew") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    terminal.starts();
    terminal.shows();
    const auto file = kept_config_file(terminal.data);
    std::string whole;
    {
        std::ifstream stream(file);
        whole.assign(std::istreambuf_iterator<char>(stream), {});
    }
    REQUIRE(whole.find("contrast-dark") != std::string::npos);
    std::string other = whole;
    other.replace(other.find("contrast-dark"), 13, "contrast-grey");  // not of its version
    for (const std::string& damaged :
         {std::string(), whole.substr(0, whole.size() / 2), std::string("[]"),
          std::string(200'000, 'x'), other, std::string("{\"format\":1}"),
          std::string("{\"format\":2") + whole.substr(whole.find(','))}) {
        std::ofstream(file, std::ios::trunc) << damaged;
        INFO(damaged.substr(0, 200));
        CHECK_FALSE(load_config(terminal.data));
        terminal.starts();
        CHECK(terminal.unit() == "own");
        CHECK(terminal.running->standing().in_use.empty());
    }
    terminal.running->hear(wants(kDark));
    terminal.starts();
    CHECK(terminal.unit() == "dark");
}

TEST_CASE("a configuration that the disk does not take is not used and comes again") {
    Terminal terminal;
    terminal.starts().hear(wants(kDark));
    terminal.starts();
    terminal.shows();
    // A folder where the new file would be written.
    const auto obstacle = kept_config_file(terminal.data).string() + ".new";
    std::filesystem::create_directories(obstacle + "/in the way");
    CHECK_FALSE(terminal.running->hear(wants(kLight)));
    CHECK_FALSE(terminal.running->is_waiting());
    CHECK(terminal.running->standing().refused.empty());
    std::filesystem::remove_all(obstacle);
    terminal.running->hear(wants(kLight));
    REQUIRE(terminal.running->is_waiting());
    // Nor is one tried whose try the disk does not count.
    std::filesystem::create_directories(obstacle + "/in the way");
    terminal.starts();
    CHECK(terminal.unit() == "dark");
}
