#pragma once

#include <deque>
#include <functional>
#include <string>

#include "kiosk/speech/announcer.hpp"

namespace kaiku::speech {

/// Where sound goes. No call blocks; one sound at a time.
class AudioOut {
  public:
    virtual ~AudioOut() = default;
    /// Starts this sentence's clip in place of whatever sounds. `volume` and `rate` as in
    /// flow::Hearing. Without a sound card it does nothing.
    virtual void play(const Utterance& utterance, int volume, int rate) = 0;
    /// The idle warning's two notes in place of whatever sounds, then rest().
    virtual void chime(int volume) = 0;
    /// Gives the sound card back once what sounds has ended; the next sound takes it again. An open
    /// card wakes the computer some twenty times a second.
    virtual void rest() = 0;
    virtual void stop() = 0;
    virtual void pause(bool paused) = 0;
    /// True from play() to the clip's end; also while paused.
    virtual bool busy() const = 0;
    /// For the staff: "" while nothing was ever played, "ok", or what is wrong and the cure.
    virtual std::string status() const = 0;
};

/// No sound: everything is said at once. For terminals that draw into memory.
class SilentOut final : public AudioOut {
  public:
    void play(const Utterance& /*utterance*/, int /*volume*/, int /*rate*/) override {}
    void chime(int /*volume*/) override {}
    void rest() override {}
    void stop() override {}
    void pause(bool /*paused*/) override {}
    bool busy() const override { return false; }
    std::string status() const override { return ""; }
};

/// The sentences that wait to be said, one after the other.
class Voice {
  public:
    using Heard = std::function<void(const Utterance&)>;

    /// `heard` is told each sentence as its sound starts.
    Voice(AudioOut& out, Heard heard) : out_(out), heard_(std::move(heard)) {}

    void take(Announcement announcement, const flow::Hearing& hearing);
    /// Goes on to the next sentence if the last has ended. Call after every wake-up.
    void turn();

  private:
    AudioOut& out_;
    Heard heard_;
    std::deque<Utterance> waiting_;
    flow::Hearing hearing_;
};

}  // namespace kaiku::speech
