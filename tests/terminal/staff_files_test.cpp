// The PIN's file, the day's counts, the device's settings and its signed code.
#include <sodium.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "kiosk/main/device_settings.hpp"
#include "kiosk/main/options.hpp"
#include "kiosk/main/pin.hpp"
#include "kiosk/main/signed_code.hpp"
#include "kiosk/main/staff_choice.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace std::chrono_literals;
using flow::staff::Verdict;

namespace {

struct Clocked {
    test::TempDir folder;
    survey::UtcSeconds now{std::chrono::seconds{1'795'365'300}};
    kiosk::PinBook book() {
        return {folder.path() / "device", [this] { return now; }};
    }
    Verdict tries(const std::string& pin) {
        const auto checked = book().check(pin);
        REQUIRE(checked);
        return checked->verdict;
    }
    std::string file() const {
        std::ifstream stream(folder.path() / "device/staff.json");
        return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    }
};

}  // namespace

TEST_CASE("the PIN's file is for its owner only and holds a hash, not the PIN") {
    Clocked at;
    CHECK_FALSE(*at.book().is_set());
    REQUIRE(at.book().set("47110815"));
    CHECK(*at.book().is_set());
    struct stat found {};
    REQUIRE(::stat((at.folder.path() / "device/staff.json").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
    CHECK(at.file().find("47110815") == std::string::npos);
    CHECK(at.file().find("$argon2id$") != std::string::npos);
    CHECK(at.tries("47110815") == Verdict::opened);
    CHECK(at.tries("47110816") == Verdict::wrong);
}

TEST_CASE("a PIN that anybody tries first, or that is no PIN, is not taken") {
    Clocked at;
    for (const char* pin :
         {"", "123", "0000", "1234", "9876543", "12a4", "1234567890123", "47 11"}) {
        INFO(pin);
        const auto set = at.book().set(pin);
        REQUIRE_FALSE(set);
        CHECK((*pin == '\0' || set.error().detail.find(pin) == std::string::npos));
    }
    CHECK_FALSE(*at.book().is_set());
}

TEST_CASE("waits grow with wrong tries up to a quarter of an hour") {
    CHECK(kiosk::pin_delay(0) == 0s);
    CHECK(kiosk::pin_delay(2) == 0s);
    CHECK(kiosk::pin_delay(3) == 5s);
    CHECK(kiosk::pin_delay(4) == 10s);
    for (int failures = 0; failures < 2000; ++failures) {
        CHECK(kiosk::pin_delay(failures + 1) >= kiosk::pin_delay(failures));
    }
    CHECK(kiosk::pin_delay(2'000'000'000) == 900s);
}

TEST_CASE("wrong tries lock even the right PIN out, through restarts, until the time is over") {
    Clocked at;
    REQUIRE(at.book().set("4711"));
    for (int i = 0; i < 3; ++i) CHECK(at.tries("0815") == Verdict::wrong);
    CHECK(at.tries("4711") == Verdict::locked);  // each try opens the file anew, as a restart does
    CHECK(*at.book().wait() == 5s);
    at.now += 4s;
    CHECK(at.tries("4711") == Verdict::locked);
    at.now += 1s;
    CHECK(at.tries("0815") == Verdict::wrong);
    CHECK(*at.book().wait() == 10s);
    at.now += 10s;
    CHECK(at.tries("4711") == Verdict::opened);
    CHECK(at.tries("0815") == Verdict::wrong);  // and the count began anew
    CHECK(*at.book().wait() == 0s);
}

TEST_CASE("a clock that was set back does not lock staff out for longer than the back-off") {
    Clocked at;
    REQUIRE(at.book().set("4711"));
    for (int i = 0; i < 4; ++i) {
        at.tries("0815");
        at.now += 10s;
    }
    at.now -= std::chrono::hours{24 * 365};
    CHECK(*at.book().wait() <= 10s);
}

TEST_CASE("a damaged or open PIN file opens nothing") {
    Clocked at;
    REQUIRE(at.book().set("4711"));
    const auto file = at.folder.path() / "device/staff.json";
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    CHECK_FALSE(at.book().check("4711"));
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    for (const char* content : {"", "{", "[]", "{\"format\":2}", R"({"format":1,"hash":7})"}) {
        std::ofstream(file, std::ios::trunc) << content;
        CHECK_FALSE(at.book().check("4711"));
        CHECK_FALSE(at.book().is_set());
    }
}

TEST_CASE(
    "what staff chose on the device wins over the configuration, the command line over both") {
    const test::TempDir folder;
    const auto config = folder.path() / "kiosk.toml";
    std::ofstream(config) << "unit = \"A\"\ninstrument = \"quick-nps\"\n[panel]\nwidth_px = 1024\n"
                             "height_px = 600\nwidth_mm = 154\nheight_mm = 90\n";
    const auto data = folder.path() / "data";
    REQUIRE(kiosk::keep_unit(data, "B"));
    REQUIRE(kiosk::keep_instrument(data, "national-adult"));
    REQUIRE(kiosk::keep_panel(data, {150.126, 88, 270}));
    REQUIRE(kiosk::keep_first_language(data, survey::Language::sv));
    survey::OpeningWeek week;
    week[0] = survey::OpenHours{7 * 60 + 30, 24 * 60};
    REQUIRE(kiosk::keep_opening(data, week));
    const std::string data_text = data.string();
    const std::string config_text = config.string();
    const std::array<const char*, 5> given{"kaiku-kiosk", "--config", config_text.c_str(),
                                           "--data-dir", data_text.c_str()};
    auto parsed = kiosk::parse_options(static_cast<int>(given.size()), given.data());
    REQUIRE(parsed);
    CHECK(parsed->options.unit == "B");
    CHECK(parsed->options.instrument == "national-adult");
    CHECK(parsed->options.first_language == survey::Language::sv);
    CHECK(parsed->options.panel.width_mm == Approx(150.13));
    CHECK(parsed->options.panel.width_px == 1024);
    CHECK(parsed->options.panel_rotation == 270);
    CHECK(parsed->options.opening == week);
    const std::array<const char*, 7> more{
        "kaiku-kiosk", "--config", config_text.c_str(), "--data-dir", data_text.c_str(),
        "--unit",      "C"};
    parsed = kiosk::parse_options(static_cast<int>(more.size()), more.data());
    REQUIRE(parsed);
    CHECK(parsed->options.unit == "C");
}

TEST_CASE("a terminal's signed code holds against its key, and not after a change") {
    const test::TempDir folder;
    const kiosk::Running running{
        "0.1.0",  "national-adult", 3,
        "TK &=1", "device-7",       survey::UtcSeconds{std::chrono::seconds{1'795'365'300}}};
    const auto text = kiosk::sign_running(folder.path(), running);
    REQUIRE(text);
    CHECK(text->find("&u=TK%20%26%3D1&") != std::string::npos);
    const auto split = text->rfind("&s=");
    const auto key_at = text->rfind("&k=");
    REQUIRE(split != std::string::npos);
    const auto bytes = [](const std::string& encoded) {
        std::string out(encoded.size(), '\0');
        std::size_t length = 0;
        REQUIRE(sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                                  encoded.data(), encoded.size(), nullptr, &length, nullptr,
                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
        out.resize(length);
        return out;
    };
    const std::string signature = bytes(text->substr(split + 3));
    const std::string key = bytes(text->substr(key_at + 3, split - key_at - 3));
    const auto holds = [&](std::string said) {
        return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                           reinterpret_cast<const unsigned char*>(said.data()),
                                           said.size(),
                                           reinterpret_cast<const unsigned char*>(key.data())) == 0;
    };
    std::string said = text->substr(0, split);
    CHECK(holds(said));
    said[20] = said[20] == 'x' ? 'y' : 'x';
    CHECK_FALSE(holds(said));
    CHECK(*kiosk::sign_running(folder.path(), running) == *text);  // the key is kept
}

TEST_CASE("what a staff device was handed over for is kept whole, for its user's eyes alone") {
    const test::TempDir folder;
    const auto data_dir = folder.path() / "device";
    const auto none = kiosk::load_choice(data_dir);
    REQUIRE(none);
    CHECK(*none == flow::StaffChoice{});
    const flow::StaffChoice choice{{"NEUVOLA", "TEST"}, survey::RespondentKind::relative};
    REQUIRE(kiosk::keep_choice(data_dir, choice));
    struct stat status {};
    REQUIRE(stat(kiosk::choice_file(data_dir).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(*kiosk::load_choice(data_dir) == choice);
    REQUIRE(kiosk::keep_choice(data_dir, {{"TEST"}, std::nullopt}));
    CHECK(kiosk::load_choice(data_dir)->units == std::vector<std::string>{"TEST"});
    CHECK_FALSE(kiosk::load_choice(data_dir)->respondent);
}

TEST_CASE("a damaged hand-over file is named, whatever is wrong with it") {
    const test::TempDir folder;
    REQUIRE(kiosk::keep_choice(folder.path(), {}));
    for (const std::string& content :
         {std::string("{"), std::string(), std::string("[]"), std::string(R"({"format":2})"),
          std::string(R"({"format":1,"units":"A"})"), std::string(R"({"format":1,"units":[1]})"),
          std::string(R"({"format":1,"units":[],"respondent":"dog"})"), std::string(100'000, '['),
          std::string("\0\xff", 2)}) {
        std::ofstream(kiosk::choice_file(folder.path()), std::ios::binary) << content;
        const auto loaded = kiosk::load_choice(folder.path());
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().detail.find("handover.json") != std::string::npos);
        CHECK(loaded.error().detail.find("writes it anew") != std::string::npos);
    }
    REQUIRE(kiosk::keep_choice(folder.path(), {{"A"}, std::nullopt}));
    CHECK(kiosk::load_choice(folder.path()));
}
