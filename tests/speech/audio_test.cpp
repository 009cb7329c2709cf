// The adapter of the sound card, with SDL's own drivers that need none.
#include "kiosk/platform/audio.hpp"

#include <SDL.h>
#include <linux/input.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "kiosk/platform/jack.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace std::chrono_literals;

namespace {

const speech::Utterance kSentence{survey::Language::en, "a tone"};

/// A clip of half a second as a recorder would write it.
void write_clip(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "en");
    const std::uint32_t frames = 11'025;
    std::ofstream file(folder / "en" / (speech::clip_name(kSentence.text) + ".wav"),
                       std::ios::binary);
    const auto number = [&file](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i) & 0xFFU));
    };
    file << "RIFF";
    number(36 + 2 * frames, 4);
    file << "WAVEfmt ";
    for (const auto& [value, bytes] :
         {std::pair{16U, 4}, {1U, 2}, {1U, 2}, {22'050U, 4}, {44'100U, 4}, {2U, 2}, {16U, 2}}) {
        number(value, bytes);
    }
    file << "data";
    number(2 * frames, 4);
    for (std::uint32_t i = 0; i < frames; ++i) number(i / 50 % 2 == 0 ? 8000U : 0xE0C0U, 2);
}

struct Rig {
    explicit Rig(const char* driver) {
        setenv("SDL_AUDIODRIVER", driver, 1);
        setenv("SDL_DISKAUDIOFILE", (dir.path() / "sound.raw").c_str(), 1);
        setenv("SDL_DISKAUDIODELAY", "0", 1);
        out =
            platform::make_mixer_out({.clip_folders = {dir.path()}, .device = "", .ended = [this] {
                                          const std::lock_guard lock(mutex);
                                          ++ended;
                                          changed.notify_all();
                                      }});
    }
    bool waits_for_end(int count = 1) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 20s, [&] { return ended >= count; });
    }
    std::string sound() {
        out.reset();  // closes the file
        std::ifstream file(dir.path() / "sound.raw", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    test::TempDir dir;
    std::mutex mutex;
    std::condition_variable changed;
    int ended = 0;
    std::unique_ptr<speech::AudioOut> out;
};

std::size_t loudest(const std::string& raw) {
    int most = 0;
    for (std::size_t i = 0; i + 1 < raw.size(); i += 2) {
        const int sample = static_cast<std::int16_t>(static_cast<unsigned char>(raw[i]) |
                                                     static_cast<unsigned char>(raw[i + 1]) << 8);
        most = std::max(most, std::abs(sample));
    }
    return static_cast<std::size_t>(most);
}

/// Whether the card is closed, within 20 s.
bool is_given_back() {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (SDL_WasInit(SDL_INIT_AUDIO) != 0) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

TEST_CASE("a clip is heard, and its end is told") {
    Rig rig("disk");
    write_clip(rig.dir.path());
    CHECK(rig.out->status().empty());
    rig.out->play(kSentence, 5, 2);
    REQUIRE(rig.waits_for_end());
    CHECK_FALSE(rig.out->busy());
    CHECK(rig.out->status() == "ok");
    CHECK(loudest(rig.sound()) > 6000);
}

TEST_CASE("the volume's steps are heard") {
    std::size_t before = 0;
    for (int volume = 1; volume <= 5; ++volume) {
        Rig rig("disk");
        write_clip(rig.dir.path());
        rig.out->play(kSentence, volume, 3);
        REQUIRE(rig.waits_for_end());
        const std::size_t now = loudest(rig.sound());
        CHECK(now > before);
        before = now;
    }
}

TEST_CASE("a stopped clip is over at once, and the next one plays") {
    Rig rig("dummy");
    write_clip(rig.dir.path());
    rig.out->play(kSentence, 3, 2);
    CHECK(rig.out->busy());
    rig.out->stop();
    CHECK_FALSE(rig.out->busy());
    rig.out->play(kSentence, 3, 1);
    CHECK(rig.out->busy());
    rig.out->pause(true);
    CHECK(rig.out->busy());
    rig.out->pause(false);
    REQUIRE(rig.waits_for_end());
}

TEST_CASE("a missing or broken clip is passed over and said to the staff, without its words") {
    Rig rig("dummy");
    rig.out->play(kSentence, 3, 2);
    REQUIRE(rig.waits_for_end(1));
    CHECK_FALSE(rig.out->busy());
    CHECK(rig.out->status().find("clip is missing") != std::string::npos);
    CHECK(rig.out->status().find(kSentence.text) == std::string::npos);
    std::filesystem::create_directories(rig.dir.path() / "en");
    std::ofstream(rig.dir.path() / "en" / (speech::clip_name(kSentence.text) + ".ogg")) << "noise";
    rig.out->play(kSentence, 3, 2);
    REQUIRE(rig.waits_for_end(2));
    CHECK(rig.out->status().find("no clip that can be played") != std::string::npos);
}

TEST_CASE("without a sound card nothing is busy and the staff are told") {
    Rig rig("no-such-driver");
    write_clip(rig.dir.path());
    rig.out->play(kSentence, 3, 2);
    REQUIRE(rig.waits_for_end());
    CHECK_FALSE(rig.out->busy());
    CHECK(rig.out->status().find("no sound") != std::string::npos);
    rig.out->stop();
    rig.out->play(kSentence, 3, 2);
    REQUIRE(rig.waits_for_end(2));
}

TEST_CASE("the chime is heard, and the sound card is given back after it") {
    Rig rig("disk");
    CHECK(SDL_WasInit(SDL_INIT_AUDIO) == 0);
    rig.out->chime(3);
    REQUIRE(rig.waits_for_end());
    CHECK(rig.out->status() == "ok");
    CHECK(is_given_back());
    SECTION("with all of its notes") {
        const std::string sound = rig.sound();
        CHECK(loudest(sound) > 3000);
        CHECK(sound.size() >= 2 * 22'050 * 8 / 10);
    }
    SECTION("and taken again for the next sound") {
        write_clip(rig.dir.path());
        rig.out->play(kSentence, 5, 2);
        REQUIRE(rig.waits_for_end(2));
        CHECK(SDL_WasInit(SDL_INIT_AUDIO) != 0);  // more may be said
        rig.out->rest();
        CHECK(is_given_back());
        CHECK(loudest(rig.sound()) > 6000);
    }
}

TEST_CASE("a voice that starts during the chime is heard in its place") {
    Rig rig("dummy");
    write_clip(rig.dir.path());
    rig.out->chime(3);
    rig.out->stop();
    CHECK_FALSE(rig.out->busy());
    rig.out->play(kSentence, 3, 2);
    CHECK(rig.out->busy());
    REQUIRE(rig.waits_for_end());
    CHECK(rig.out->status() == "ok");
}

TEST_CASE("without a sound card the chime is silent and the staff are told") {
    Rig rig("no-such-driver");
    rig.out->chime(3);
    REQUIRE(rig.waits_for_end());
    CHECK_FALSE(rig.out->busy());
    CHECK(rig.out->status().find("no sound") != std::string::npos);
}

TEST_CASE("the headphone socket's events are told from others") {
    const auto bytes = [](std::vector<input_event> events) {
        std::vector<std::byte> raw(events.size() * sizeof(input_event));
        std::memcpy(raw.data(), events.data(), raw.size());
        return raw;
    };
    const auto event = [](int type, int code, int value) {
        input_event made{};
        made.type = static_cast<__u16>(type);
        made.code = static_cast<__u16>(code);
        made.value = value;
        return made;
    };
    const auto in = event(EV_SW, SW_HEADPHONE_INSERT, 1);
    const auto out = event(EV_SW, SW_HEADPHONE_INSERT, 0);
    const auto sync = event(EV_SYN, SYN_REPORT, 0);
    using platform::headphones_after;
    CHECK(headphones_after(bytes({in, sync})) == true);
    CHECK(headphones_after(bytes({in, sync, out, sync})) == false);
    CHECK(headphones_after(bytes({event(EV_SW, SW_MICROPHONE_INSERT, 1), sync})) == std::nullopt);
    CHECK(headphones_after(bytes({event(EV_KEY, SW_HEADPHONE_INSERT, 1)})) == std::nullopt);
    CHECK(headphones_after({}) == std::nullopt);
    auto cut = bytes({in});
    cut.pop_back();
    CHECK(headphones_after(cut) == std::nullopt);
}

TEST_CASE("a device that is no headphone socket is refused with a cure") {
    for (const char* device : {"/dev/null", "/nowhere/event0"}) {
        const auto opened = platform::JackWatch::open(device, [](bool) {});
        REQUIRE_FALSE(opened);
        CHECK(opened.error().detail.find(device) != std::string::npos);
    }
}
