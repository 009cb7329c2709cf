#include "kiosk/speech/voice.hpp"

#include "tests/speech/listener.hpp"

using namespace kaiku;
using speech::Utterance;

namespace {

struct Rig {
    test::RecordingOut out;
    std::vector<std::string> heard;
    speech::Voice voice{out, [this](const Utterance& each) { heard.push_back(each.text); }};
    flow::Hearing hearing{.on = true};

    void says(bool interrupt, const std::vector<std::string>& texts) {
        speech::Announcement announcement{interrupt, {}};
        for (const auto& text : texts) {
            announcement.say.push_back({survey::Language::en, text});
        }
        voice.take(std::move(announcement), hearing);
    }
    void clip_ends() {
        out.end_clip();
        voice.turn();
    }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("sentences are said one after the other, never two at once") {
    Rig rig;
    rig.says(false, {"one", "two"});
    rig.says(false, {"three"});
    CHECK(rig.heard == Texts{"one"});
    rig.voice.turn();
    CHECK(rig.heard == Texts{"one"});
    rig.clip_ends();
    rig.clip_ends();
    rig.clip_ends();
    CHECK(rig.heard == Texts{"one", "two", "three"});
    CHECK(rig.out.stops == 0);
}

TEST_CASE("an interruption silences what is said and what waits") {
    Rig rig;
    rig.says(false, {"one", "two"});
    rig.says(true, {"new"});
    CHECK(rig.out.stops == 1);
    CHECK(rig.heard == Texts{"one", "new"});
    rig.clip_ends();
    CHECK(rig.heard == Texts{"one", "new"});
    rig.says(true, {});
    CHECK(rig.out.stops == 1);  // nothing sounded
}

TEST_CASE("a pause holds the clip and the queue, and both go on after it") {
    Rig rig;
    rig.says(false, {"one", "two"});
    rig.hearing.paused = true;
    rig.says(false, {});
    CHECK(rig.out.paused);
    rig.clip_ends();
    CHECK(rig.heard == Texts{"one"});
    rig.hearing.paused = false;
    rig.says(false, {});
    CHECK_FALSE(rig.out.paused);
    CHECK(rig.heard == Texts{"one", "two"});
}

TEST_CASE("volume and rate hold from the next sentence on") {
    Rig rig;
    rig.says(false, {"one", "two"});
    rig.hearing.volume = 5;
    rig.hearing.rate = 1;
    rig.says(true, {"louder"});
    REQUIRE(rig.out.played.size() == 2);
    CHECK(rig.out.played[0].volume == 3);
    CHECK(rig.out.played[1].volume == 5);
    CHECK(rig.out.played[1].rate == 1);
}

TEST_CASE("without sound everything is said at once and nothing hangs") {
    speech::SilentOut out;
    Texts heard;
    speech::Voice voice(out, [&](const Utterance& each) { heard.push_back(each.text); });
    voice.take({true, {{survey::Language::fi, "yksi"}, {survey::Language::fi, "kaksi"}}},
               {.on = true});
    CHECK(heard == Texts{"yksi", "kaksi"});
}

TEST_CASE("the sound card is given back after the last words of a voice that goes off") {
    Rig rig;
    rig.says(false, {"one"});
    rig.clip_ends();
    CHECK_FALSE(rig.out.rests);
    rig.hearing.on = false;
    rig.says(true, {"two", "speech is off"});
    CHECK_FALSE(rig.out.rests);
    rig.clip_ends();
    CHECK(rig.heard.back() == "speech is off");
    CHECK(rig.out.rests);
    rig.hearing.on = true;
    rig.clip_ends();
    rig.says(true, {"three"});
    CHECK_FALSE(rig.out.rests);
}
