#include "kiosk/main/speaker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kiosk/main/speech_list.hpp"
#include "kiosk/platform/audio.hpp"
#include "kiosk/platform/display.hpp"

namespace kaiku::kiosk {

namespace {

/// More is never said between two lines of a script.
constexpr std::size_t kMostRemembered = 1000;

std::unique_ptr<speech::AudioOut> open_out(const Options& options, std::function<void()> wake) {
    if (options.headless && !options.speech.sound) return std::make_unique<speech::SilentOut>();
    return platform::make_mixer_out({.clip_folders = clip_folders(options),
                                     .device = options.speech.device,
                                     .ended = std::move(wake)});
}

std::vector<std::pair<std::uint32_t, flow::Event>> keys_of(const SpeechOptions& speech) {
    std::vector<std::pair<std::uint32_t, flow::Event>> keys;
    const auto add = [&keys](const std::string& name, const flow::Event& event) {
        if (name.empty()) return;
        const std::uint32_t code = platform::key_code(name);
        if (code == 0) spdlog::error("speech: there is no key \"{}\"", name);
        if (code != 0) keys.emplace_back(code, event);
    };
    add(speech.key, flow::event::SpeechPressed{});
    add(speech.repeat_key, flow::event::RepeatPressed{});
    add(speech.pause_key, flow::event::PausePressed{});
    add(speech.slower_key, flow::event::RateChanged{-1});
    add(speech.faster_key, flow::event::RateChanged{1});
    add(speech.quieter_key, flow::event::VolumeChanged{-1});
    add(speech.louder_key, flow::event::VolumeChanged{1});
    return keys;
}

std::optional<speech::Item::Kind> kind_of(const ui::Widget& widget) {
    switch (widget.role) {
        case ui::Role::heading:
        case ui::Role::text:
        case ui::Role::progress:
            return speech::Item::Kind::text;
        case ui::Role::radio:
            // Eleven numbers and the languages are known without being read out each time.
            if (widget.id.starts_with("nps.") || widget.id.starts_with("lang.")) {
                return speech::Item::Kind::control;
            }
            return speech::Item::Kind::answer;
        case ui::Role::button:
        case ui::Role::key:
            return speech::Item::Kind::control;
        case ui::Role::image:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

speech::Scene scene_of(const flow::Setup& setup, const flow::State& state,
                       const ui::Recorder& recorder) {
    speech::Scene scene;
    scene.screen = flow::screen_name(setup, state);
    scene.question = state.question;
    scene.page = state.answers_page;
    scene.language = state.language;
    scene.focus = state.focus;
    scene.hearing = state.hearing;
    scene.size = state.size;
    scene.theme = state.theme;
    scene.shift = state.shift;
    scene.key_page = state.key_page;
    for (const ui::Widget& widget : recorder.widgets()) {
        if (const auto kind = kind_of(widget)) {
            scene.items.push_back(
                {widget.id, *kind, widget.spoken_in, widget.speech, widget.selected});
        }
    }
    return scene;
}

Speaker::Speaker(const Options& options, const speech::Words& words, std::function<void()> wake)
    : words_(words),
      wake_(std::move(wake)),
      out_(open_out(options, wake_)),
      announcer_(words),
      voice_(*out_, [this](const speech::Utterance& said) { heard(said); }),
      keys_(keys_of(options.speech)),
      remembers_(!options.script.empty()) {
    if (!options.speech_log.empty()) {
        log_.emplace(options.speech_log, std::ios::binary);
        if (!*log_) spdlog::error("{}: cannot be written", options.speech_log.string());
    }
    if (options.speech.headphone_device.empty()) return;
    auto opened = platform::JackWatch::open(options.speech.headphone_device, [this](bool in) {
        const std::lock_guard lock(mutex_);
        plugged_.push_back(in);
        wake_();
    });
    if (opened) {
        jack_ = std::move(*opened);
    } else {
        jack_status_ = opened.error().detail;
        spdlog::warn("headphones are not noticed: {}", jack_status_);
    }
}

void Speaker::look(const flow::Setup& setup, const flow::State& state, const ui::Recorder& recorder,
                   flow::Instant now) {
    const bool speaks = state.hearing.on && flow::is_spoken(state);
    if (!speaks && !was_on_) return;
    const bool passing = state.screen == flow::Screen::saving &&
                         now - state.screen_since < setup.timeouts.saving_visible;
    if (passing) return;
    was_on_ = speaks;
    speech::Scene scene = scene_of(setup, state, recorder);
    scene.hearing.on = speaks;
    voice_.take(announcer_.look(scene), scene.hearing);
}

void Speaker::try_sound(survey::Language language) {
    const auto& words = words_[static_cast<std::size_t>(language)];
    voice_.take({.interrupt = true, .say = {{language, words[locales::Key::staff_tone_said]}}}, {});
}

void Speaker::chime(int volume) {
    if (log_) *log_ << nlohmann::ordered_json{{"chime", volume}}.dump() << std::endl;
    out_->chime(volume);
}

std::optional<flow::Event> Speaker::event_of(std::uint32_t key) const {
    for (const auto& [code, event] : keys_) {
        if (code == key) return event;
    }
    return std::nullopt;
}

std::vector<flow::Event> Speaker::take_events() {
    const std::lock_guard lock(mutex_);
    std::vector<flow::Event> events;
    for (const bool in : plugged_) events.emplace_back(flow::event::HeadphonesChanged{in});
    plugged_.clear();
    return events;
}

void Speaker::heard(const speech::Utterance& utterance) {
    if (log_) {
        const nlohmann::ordered_json json{{"language", survey::to_string(utterance.language)},
                                          {"text", utterance.text}};
        *log_ << json.dump() << std::endl;  // a test may read along
    }
    if (!remembers_) return;
    spoken_.push_back(utterance.text);
    if (spoken_.size() > kMostRemembered) spoken_.pop_front();
}

bool Speaker::take_spoken(const std::string& text) {
    const auto found = std::find_if(spoken_.begin(), spoken_.end(), [&text](const auto& said) {
        return said.find(text) != std::string::npos;
    });
    if (found == spoken_.end()) return false;
    spoken_.erase(spoken_.begin(), std::next(found));
    return true;
}

}  // namespace kaiku::kiosk
