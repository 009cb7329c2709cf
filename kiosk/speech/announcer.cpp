#include "kiosk/speech/announcer.hpp"

#include <algorithm>

#include "survey/utf8.hpp"

namespace kaiku::speech {

namespace {

using locales::Key;

constexpr int kSizes = static_cast<int>(flow::TextSize::xl) + 1;

const Item* find(const Scene& scene, std::string_view id) {
    const auto found = std::find_if(scene.items.begin(), scene.items.end(),
                                    [id](const Item& item) { return item.id == id; });
    return found == scene.items.end() ? nullptr : &*found;
}

/// Whether this id is of a key that types a letter, a digit or a sign.
bool types_character(std::string_view id) {
    return id.starts_with("key.") && survey::count_code_points(id.substr(4)) == 1;
}

bool same_screen(const Scene& a, const Scene& b) {
    return a.screen == b.screen && a.question == b.question && a.page == b.page &&
           a.language == b.language;
}

Key theme_key(flow::Theme theme) {
    switch (theme) {
        case flow::Theme::standard:
            return Key::speech_theme_standard;
        case flow::Theme::contrast_dark:
            return Key::speech_theme_dark;
        case flow::Theme::contrast_light:
            return Key::speech_theme_light;
    }
    return Key::speech_theme_standard;
}

Key rate_key(int rate) {
    if (rate <= 1) return Key::speech_rate_slow;
    return rate == 2 ? Key::speech_rate_normal : Key::speech_rate_fast;
}

template <class... Kinds>
bool is(const flow::Event& event) {
    return (std::holds_alternative<Kinds>(event) || ...);
}

std::string counted(const locales::Catalogue& words, Key key, int n, int total) {
    return words.format(key, {{"n", std::to_string(n)}, {"total", std::to_string(total)}});
}

}  // namespace

Announcer::Did Announcer::kind_of(const flow::Event& event) {
    using namespace flow::event;
    if (is<Ticked, Saved, SaveFailed, StorageChanged>(event)) return Did::nothing;
    if (is<Typed>(event)) return Did::typed;
    if (is<Backspaced>(event)) return Did::deleted;
    if (is<Cleared>(event)) return Did::cleared;
    if (is<ShiftPressed>(event)) return Did::shifted;
    if (is<PagePressed>(event)) return Did::paged;
    if (is<SizeChanged>(event)) return Did::sized;
    if (is<ContrastPressed>(event)) return Did::themed;
    if (is<VolumeChanged>(event)) return Did::volume;
    if (is<RateChanged>(event)) return Did::rate;
    if (is<RepeatPressed>(event)) return Did::repeat;
    if (is<PausePressed>(event)) return Did::paused;
    if (is<SpeechPressed>(event)) return Did::toggled;
    return Did::something;
}

void Announcer::happened(const flow::Event& event) {
    const Did did = kind_of(event);
    if (did == Did::nothing) return;
    did_ = did;
    typed_id_.clear();
    if (const auto* typed = std::get_if<flow::event::Typed>(&event)) {
        typed_id_ = "key.";
        if (typed->character == U' ') {
            typed_id_ += "space";
        } else {
            survey::append_utf8(typed_id_, typed->character);
        }
    }
}

void Announcer::say(survey::Language language, std::string_view text) {
    for (std::string& sentence : sentences(text)) {
        Utterance utterance{language, std::move(sentence)};
        if (said_.empty() || said_.back() != utterance) said_.push_back(std::move(utterance));
    }
}

void Announcer::say(Key key) { say(language_, words_[static_cast<std::size_t>(language_)][key]); }

void Announcer::say_count(Key key, int n, int total) {
    say(language_, counted(words_[static_cast<std::size_t>(language_)], key, n, total));
}

void Announcer::say_item(const Item& item) {
    say(item.language, item.text);
    if (!item.selected) return;
    say(item.language, words_[static_cast<std::size_t>(item.language)][Key::speech_selected]);
}

void Announcer::read_focus(const Scene& scene) {
    const Item* item = find(scene, scene.focus);
    if (item == nullptr) return;
    if (!types_character(item->id) || scene.hearing.headphones) return say_item(*item);
    if (!types_character(last_.focus)) say(Key::speech_keys_hidden);
}

void Announcer::read_all(const Scene& scene) {
    for (const Item& item : scene.items) {
        if (item.kind != Item::Kind::control) say_item(item);
    }
    read_focus(scene);
}

void Announcer::read_changes(const Scene& scene) {
    const auto was = [this](const Item& item) { return find(last_, item.id); };
    for (const Item& item : scene.items) {
        const Item* before = was(item);
        if (item.kind == Item::Kind::text) {
            const bool told = std::any_of(said_.begin(), said_.end(), [&](const Utterance& each) {
                return each.text == item.text;
            });
            if (!told && (before == nullptr || before->text != item.text)) say_item(item);
        } else if (item.selected && before != nullptr && !before->selected) {
            say_item(item);
        }
    }
    const Item* focused = find(scene, scene.focus);
    if (focused == nullptr) return;
    const Item* before = was(*focused);
    const bool moved = scene.focus != last_.focus;
    const bool renamed = before != nullptr && before->text != focused->text;
    const bool told = focused->selected && before != nullptr && !before->selected;
    if ((moved || renamed) && !told) read_focus(scene);
}

void Announcer::read_value(const Scene& scene, Did did) {
    switch (did) {
        case Did::typed: {
            const Item* key = find(last_, typed_id_);
            if (scene.hearing.headphones && key != nullptr) {
                say(key->language, key->text);
            } else {
                say(Key::speech_typed);
            }
            break;
        }
        case Did::deleted:
            return say(Key::speech_deleted);
        case Did::cleared:
            return say(Key::speech_cleared);
        case Did::shifted:
            return say(scene.shift ? Key::speech_capitals_on : Key::speech_capitals_off);
        case Did::paged:
            return say(scene.key_page == flow::KeyPage::letters ? Key::speech_letters
                                                                : Key::speech_symbols);
        case Did::sized:
            return say_count(Key::speech_size, static_cast<int>(scene.size) + 1, kSizes);
        case Did::themed:
            return say(theme_key(scene.theme));
        case Did::volume:
            return say_count(Key::speech_volume, scene.hearing.volume, flow::Hearing::kVolumes);
        case Did::rate:
            return say(rate_key(scene.hearing.rate));
        case Did::nothing:
        case Did::something:
        case Did::repeat:
        case Did::paused:
        case Did::toggled:
            break;
    }
    read_changes(scene);
}

Announcement Announcer::look(const Scene& scene) {
    said_.clear();
    language_ = scene.language;
    const bool was_on = last_.hearing.on;
    const bool appeared = !same_screen(scene, last_);
    const Did did = did_;
    did_ = Did::nothing;
    Announcement result;
    const bool acted = did != Did::nothing && did != Did::paused;
    result.interrupt = acted || (appeared && was_on);
    if (!scene.hearing.on) {
        result.interrupt = result.interrupt || was_on;
        if (was_on && did == Did::toggled) say(Key::speech_off);
    } else if (!was_on) {
        result.interrupt = true;
        say(Key::speech_on);
        say(Key::speech_how);
        read_all(scene);
    } else if (appeared || did == Did::repeat) {
        read_all(scene);
    } else if (did != Did::paused) {
        read_value(scene, did);
    }
    last_ = scene;
    typed_id_.clear();
    result.say = std::move(said_);
    return result;
}

std::vector<std::string> own_sentences(const locales::Catalogue& words) {
    std::vector<std::string> found;
    for (const Key key :
         {Key::speech_on, Key::speech_how, Key::speech_off, Key::speech_selected,
          Key::speech_keys_hidden, Key::speech_typed, Key::speech_deleted, Key::speech_cleared,
          Key::speech_capitals_on, Key::speech_capitals_off, Key::speech_letters,
          Key::speech_symbols, Key::speech_rate_slow, Key::speech_rate_normal,
          Key::speech_rate_fast, Key::speech_theme_standard, Key::speech_theme_dark,
          Key::speech_theme_light, Key::staff_tone_said}) {
        found.push_back(words[key]);
    }
    for (int n = 1; n <= flow::Hearing::kVolumes; ++n) {
        found.push_back(counted(words, Key::speech_volume, n, flow::Hearing::kVolumes));
    }
    for (int n = 1; n <= kSizes; ++n) {
        found.push_back(counted(words, Key::speech_size, n, kSizes));
    }
    for (const int seconds : flow::kSpokenSeconds) {
        found.push_back(words.format(Key::idle_lead, {{"seconds", std::to_string(seconds)}}));
    }
    return found;
}

}  // namespace kaiku::speech
