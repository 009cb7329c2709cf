#include "kiosk/speech/announcer.hpp"

#include <algorithm>

#include "tests/speech/listener.hpp"

using namespace kaiku;
using locales::Key;
using speech::Announcer;
using speech::Item;
using speech::Scene;
using test::english;

namespace {

constexpr auto kEn = survey::Language::en;
using Texts = std::vector<std::string>;

Scene question() {
    Scene scene;
    scene.screen = "statement.help";
    scene.question = 1;
    scene.language = kEn;
    scene.hearing.on = true;
    scene.items = {{"size.up", Item::Kind::control, kEn, "Larger text", false},
                   {"progress", Item::Kind::text, kEn, "Question 2 of 8", false},
                   {"question.title", Item::Kind::text, kEn, "I was helped.", false},
                   {"statement.help.1", Item::Kind::answer, kEn, "No", false},
                   {"statement.help.5", Item::Kind::answer, kEn, "Yes", false},
                   {"nav.next", Item::Kind::control, kEn, "Skip", false}};
    return scene;
}

Scene keyboard() {
    Scene scene = question();
    scene.screen = "text";
    scene.items = {{"question.title", Item::Kind::text, kEn, "What else?", false},
                   {"key.k", Item::Kind::control, kEn, "k", false},
                   {"key.,", Item::Kind::control, kEn, "comma", false},
                   {"key.space", Item::Kind::control, kEn, "space", false},
                   {"key.shift", Item::Kind::control, kEn, "Capital letters", false}};
    return scene;
}

struct Listener {
    Announcer announcer{test::words()};
    bool interrupted = false;

    Texts looks(const Scene& scene) {
        const speech::Announcement said = announcer.look(scene);
        interrupted = said.interrupt;
        Texts texts;
        for (const auto& each : said.say) texts.push_back(each.text);
        return texts;
    }
    Texts does(const flow::Event& event, const Scene& scene) {
        announcer.happened(event);
        return looks(scene);
    }
};

}  // namespace

TEST_CASE("nothing is said while speech is off") {
    Listener listener;
    Scene scene = question();
    scene.hearing.on = false;
    CHECK(listener.looks(scene).empty());
    scene.focus = "nav.next";
    CHECK(listener.does(flow::event::Rated{5}, scene).empty());
}

TEST_CASE("speech begins with how to go on, then reads the screen with its answers") {
    Listener listener;
    CHECK(listener.does(flow::event::SpeechPressed{}, question()) ==
          Texts{english(Key::speech_on), english(Key::speech_how), "Question 2 of 8",
                "I was helped.", "No", "Yes"});
    CHECK(listener.interrupted);
    CHECK(listener.looks(question()).empty());
    CHECK_FALSE(listener.interrupted);
    Scene off = question();
    off.hearing = {};
    CHECK(listener.does(flow::event::SpeechPressed{}, off) == Texts{english(Key::speech_off)});
}

TEST_CASE("pulling the headphones out ends speech without another word") {
    Listener listener;
    listener.does(flow::event::HeadphonesChanged{true}, question());
    Scene off = question();
    off.hearing = {};
    CHECK(listener.does(flow::event::HeadphonesChanged{false}, off).empty());
    CHECK(listener.interrupted);
}

TEST_CASE("a new screen interrupts the old and is read with what has the focus") {
    Listener listener;
    listener.does(flow::event::SpeechPressed{}, question());
    Scene next = question();
    next.question = 2;
    next.items[2].text = "I felt safe.";
    next.focus = "nav.next";
    CHECK(listener.looks(next) == Texts{"Question 2 of 8", "I felt safe.", "No", "Yes", "Skip"});
    CHECK(listener.interrupted);
}

TEST_CASE("another language reads the screen anew") {
    Listener listener;
    listener.does(flow::event::SpeechPressed{}, question());
    Scene finnish = question();
    finnish.language = survey::Language::fi;
    for (Item& item : finnish.items) item.language = survey::Language::fi;
    listener.announcer.happened(flow::event::LanguageChosen{survey::Language::fi});
    const auto said = listener.announcer.look(finnish);
    REQUIRE_FALSE(said.say.empty());
    CHECK(std::all_of(said.say.begin(), said.say.end(), [](const speech::Utterance& each) {
        return each.language == survey::Language::fi;
    }));
}

TEST_CASE("the focus is read when it moves, with its state") {
    Listener listener;
    listener.does(flow::event::SpeechPressed{}, question());
    Scene scene = question();
    scene.focus = "statement.help.1";
    CHECK(listener.looks(scene) == Texts{"No"});
    scene.focus = "statement.help.5";
    CHECK(listener.does(flow::event::Touched{}, scene) == Texts{"Yes"});
    CHECK(listener.interrupted);
    scene.items[4].selected = true;
    CHECK(listener.does(flow::event::Rated{5}, scene) ==
          Texts{"Yes", english(Key::speech_selected)});
    scene.focus = "nav.next";
    listener.looks(scene);
    scene.focus = "statement.help.5";
    CHECK(listener.looks(scene) == Texts{"Yes", english(Key::speech_selected)});
}

TEST_CASE("an error or another new text on the same screen is read once") {
    Listener listener;
    listener.does(flow::event::SpeechPressed{}, question());
    Scene scene = question();
    scene.items.push_back({"question.hint", Item::Kind::text, kEn, "The text is full.", false});
    CHECK(listener.looks(scene) == Texts{"The text is full."});
    CHECK_FALSE(listener.interrupted);
    CHECK(listener.looks(scene).empty());
}

TEST_CASE("repeat reads the whole screen again") {
    Listener listener;
    listener.does(flow::event::SpeechPressed{}, question());
    CHECK(listener.does(flow::event::RepeatPressed{}, question()) ==
          Texts{"Question 2 of 8", "I was helped.", "No", "Yes"});
    CHECK(listener.interrupted);
}

TEST_CASE("a pause says nothing and silences nothing for good") {
    Listener listener;
    Scene scene = question();
    scene.items.push_back({"speech.pause", Item::Kind::control, kEn, "Pause", false});
    scene.focus = "speech.pause";
    listener.does(flow::event::SpeechPressed{}, scene);
    scene.items.back().text = "Continue";
    CHECK(listener.does(flow::event::PausePressed{}, scene).empty());
    CHECK_FALSE(listener.interrupted);
}

TEST_CASE("a changed setting is said instead of the screen") {
    Listener listener;
    Scene scene = question();
    listener.does(flow::event::SpeechPressed{}, scene);
    scene.hearing.volume = 4;
    CHECK(listener.does(flow::event::VolumeChanged{1}, scene) == Texts{"Volume 4 of 5"});
    scene.hearing.rate = 3;
    CHECK(listener.does(flow::event::RateChanged{1}, scene) ==
          Texts{english(Key::speech_rate_fast)});
    scene.size = flow::TextSize::xl;
    CHECK(listener.does(flow::event::SizeChanged{1}, scene) == Texts{"Text size 4 of 4"});
    scene.theme = flow::Theme::contrast_dark;
    CHECK(listener.does(flow::event::ContrastPressed{}, scene) ==
          Texts{english(Key::speech_theme_dark)});
}

TEST_CASE("typed letters are spelled to headphones only") {
    for (const bool headphones : {false, true}) {
        Listener listener;
        Scene scene = keyboard();
        scene.hearing.headphones = headphones;
        listener.does(flow::event::SpeechPressed{}, scene);
        const Texts letter = listener.does(flow::event::Typed{U'k'}, scene);
        const Texts sign = listener.does(flow::event::Typed{U','}, scene);
        const Texts space = listener.does(flow::event::Typed{U' '}, scene);
        if (headphones) {
            CHECK(letter == Texts{"k"});
            CHECK(sign == Texts{"comma"});
            CHECK(space == Texts{"space"});
        } else {
            const Texts hidden{english(Key::speech_typed)};
            CHECK(letter == hidden);
            CHECK(sign == hidden);
            CHECK(space == hidden);
        }
    }
}

TEST_CASE("keys are named to headphones only, and without them that is said once") {
    Listener listener;
    Scene scene = keyboard();
    listener.does(flow::event::SpeechPressed{}, scene);
    scene.focus = "key.k";
    CHECK(listener.looks(scene) == Texts{english(Key::speech_keys_hidden)});
    scene.focus = "key.,";
    CHECK(listener.looks(scene).empty());
    scene.focus = "key.shift";
    CHECK(listener.looks(scene) == Texts{"Capital letters"});
    Listener alone;
    scene.hearing.headphones = true;
    alone.does(flow::event::SpeechPressed{}, scene);
    scene.focus = "key.k";
    CHECK(alone.looks(scene) == Texts{"k"});
}

TEST_CASE("the countdown is said once a step and never promises too much") {
    CHECK(flow::spoken_seconds(45) == 45);
    CHECK(flow::spoken_seconds(44) == 30);
    CHECK(flow::spoken_seconds(9) == 5);
    CHECK(flow::spoken_seconds(0) == 5);
    CHECK(flow::spoken_seconds(9999) == 600);
    Listener listener;
    Scene scene = question();
    listener.does(flow::event::SpeechPressed{}, scene);
    scene.screen = "idle";
    int said = 0;
    for (int left = 45; left > 0; --left) {
        const std::string text = "We will clear your answers in " +
                                 std::to_string(flow::spoken_seconds(left)) + " seconds.";
        scene.items = {{"idle.lead", Item::Kind::text, kEn, text, false}};
        said += static_cast<int>(listener.does(flow::event::Ticked{}, scene).size());
    }
    CHECK(said == 6);  // 45, 30, 20, 15, 10, 5
}

TEST_CASE("everything the announcer adds is on its list of sentences") {
    for (const auto& words : test::words()) {
        const auto own = speech::own_sentences(words);
        for (const Key key : {Key::speech_on, Key::speech_keys_hidden, Key::speech_rate_slow}) {
            CHECK(std::find(own.begin(), own.end(), words[key]) != own.end());
        }
        CHECK(own.size() > 30);
    }
}
