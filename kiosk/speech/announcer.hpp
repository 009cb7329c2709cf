#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/speech/clip.hpp"
#include "locales/catalogue.hpp"

namespace kaiku::speech {

using Words = std::array<locales::Catalogue, survey::kLanguages.size()>;

/// One widget as a listener meets it.
struct Item {
    enum class Kind {
        text,    ///< read out with the screen
        answer,  ///< an answer to the question, read out with the screen
        control  ///< read out when it has the focus
    };
    std::string id;
    Kind kind = Kind::text;
    survey::Language language = survey::Language::fi;
    std::string text;  ///< never what a visitor typed
    bool selected = false;
};

/// What can be heard of a screen. Holds no answer's text.
struct Scene {
    std::string screen;        ///< flow::screen_name()
    std::size_t question = 0;  ///< two questions may have the same name
    int page = 0;              ///< of a question too long for the panel
    survey::Language language = survey::Language::fi;
    std::vector<Item> items;
    std::string focus;  ///< id of the item with the keyboard's focus, or empty
    flow::Hearing hearing;
    flow::TextSize size = flow::TextSize::m;
    flow::Theme theme = flow::Theme::standard;
    bool shift = false;
    flow::KeyPage key_page = flow::KeyPage::letters;
};

/// What to do with the voice.
struct Announcement {
    bool interrupt = false;  ///< silence whatever is being said and waits to be said
    std::vector<Utterance> say;
};

/// Decides what is said. Whole screens are read when they appear; on a screen only what changed.
/// The countdown is said at flow::kSpokenSeconds. What is typed is spelled to headphones only.
class Announcer {
  public:
    explicit Announcer(const Words& words) : words_(words) {}

    /// Something happened; look() comes once its consequences are drawn.
    void happened(const flow::Event& event);
    Announcement look(const Scene& scene);

  private:
    enum class Did {
        nothing,
        something,
        typed,
        deleted,
        cleared,
        shifted,
        paged,
        sized,
        themed,
        volume,
        rate,
        repeat,
        paused,
        toggled
    };
    static Did kind_of(const flow::Event& event);

    void say(survey::Language language, std::string_view text);
    void say(locales::Key key);
    void say_count(locales::Key key, int n, int total);
    void say_item(const Item& item);
    void read_all(const Scene& scene);
    void read_changes(const Scene& scene);
    void read_focus(const Scene& scene);
    void read_value(const Scene& scene, Did did);

    const Words& words_;
    Scene last_;
    Did did_ = Did::nothing;
    std::string typed_id_;  ///< id of the key just typed; emptied by look()
    std::vector<Utterance> said_;
    survey::Language language_ = survey::Language::fi;
};

/// Every sentence that the announcer adds to what the screens show, in one language.
std::vector<std::string> own_sentences(const locales::Catalogue& words);

}  // namespace kaiku::speech
