#pragma once

#include <string>
#include <vector>

#include "kiosk/speech/voice.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::test {

/// The shipped catalogues.
inline const speech::Words& words() {
    static const speech::Words loaded_once = [] {
        speech::Words loaded;
        for (const survey::Language language : survey::kLanguages) {
            auto catalogue = locales::Catalogue::load(KAIKU_TEST_LOCALES, language);
            REQUIRE(catalogue);
            loaded[static_cast<std::size_t>(language)] = std::move(*catalogue);
        }
        return loaded;
    }();
    return loaded_once;
}

inline const std::string& english(locales::Key key) {
    return words()[static_cast<std::size_t>(survey::Language::en)][key];
}

/// A loudspeaker that plays until it is told that the clip has ended, and remembers everything.
class RecordingOut final : public speech::AudioOut {
  public:
    struct Played {
        std::string text;
        int volume;
        int rate;
    };
    void play(const speech::Utterance& utterance, int volume, int rate) override {
        CHECK_FALSE(busy_);  // no two sounds at once
        rests = false;
        played.push_back({utterance.text, volume, rate});
        busy_ = true;
    }
    void chime(int volume) override {
        play({survey::Language::en, "(chime)"}, volume, 0);
        rest();
    }
    void rest() override { rests = true; }
    void stop() override {
        busy_ = false;
        ++stops;
    }
    void pause(bool now) override { paused = now; }
    bool busy() const override { return busy_; }
    std::string status() const override { return "ok"; }
    void end_clip() { busy_ = false; }

    std::vector<Played> played;
    int stops = 0;
    bool paused = false;
    bool rests = false;

  private:
    bool busy_ = false;
};

}  // namespace kaiku::test
