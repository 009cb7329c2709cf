#pragma once

#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "kiosk/main/options.hpp"
#include "kiosk/platform/jack.hpp"
#include "kiosk/speech/voice.hpp"
#include "kiosk/ui/recorder.hpp"

namespace kaiku::kiosk {

/// The terminal's voice: looks at what is drawn and says what a listener has to know. One thread,
/// but for `wake`.
class Speaker {
  public:
    /// `wake` makes the loop turn; called from other threads. `words` outlives the speaker.
    Speaker(const Options& options, const speech::Words& words, std::function<void()> wake);

    void happened(const flow::Event& event) { announcer_.happened(event); }
    /// After every frame: `recorder` holds what it showed of `state`.
    void look(const flow::Setup& setup, const flow::State& state, const ui::Recorder& recorder,
              flow::Instant now);
    /// After every wake-up; says the next sentence when one has ended.
    void turn() { voice_.turn(); }
    /// Headphones that were plugged in or out since the last call.
    std::vector<flow::Event> take_events();

    /// What a key of the speech does, if it is one.
    std::optional<flow::Event> event_of(std::uint32_t key) const;

    /// The idle warning's notes, at a volume as in flow::Hearing.
    void chime(int volume);

    /// For the staff: says one sentence, so that status() knows more.
    void try_sound(survey::Language language);
    /// Whether something can be heard just now.
    bool sounds() const { return out_->busy(); }
    /// For the staff: "" while nothing was said, "ok", or what is wrong with the sound.
    std::string status() const { return out_->status(); }
    /// For the staff: what is wrong with the headphone socket, or "".
    const std::string& jack_status() const { return jack_status_; }

    /// For scripts: takes sentences off until one holds `text`. False if none does; all stay then.
    bool take_spoken(const std::string& text);

  private:
    void heard(const speech::Utterance& utterance);

    const speech::Words& words_;
    std::function<void()> wake_;
    std::unique_ptr<speech::AudioOut> out_;
    speech::Announcer announcer_;
    speech::Voice voice_;
    std::vector<std::pair<std::uint32_t, flow::Event>> keys_;
    bool was_on_ = false;
    bool remembers_ = false;  ///< only a script asks what was said
    std::deque<std::string> spoken_;
    std::optional<std::ofstream> log_;
    std::mutex mutex_;
    std::vector<bool> plugged_;  ///< guarded
    std::string jack_status_;
    std::unique_ptr<platform::JackWatch> jack_;  ///< last: its thread uses what is above
};

/// What can be heard of a screen.
speech::Scene scene_of(const flow::Setup& setup, const flow::State& state,
                       const ui::Recorder& recorder);

}  // namespace kaiku::kiosk
