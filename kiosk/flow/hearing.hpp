#pragma once

namespace kaiku::flow {

/// What a visitor who listens has set. All but `headphones` returns to default after each visitor
/// (ACCESSIBILITY A16, A30).
struct Hearing {
    static constexpr int kVolumes = 5;
    static constexpr int kRates = 3;

    bool on = false;
    bool paused = false;
    int volume = 3;           ///< 1 to kVolumes
    int rate = 2;             ///< 1 slow, 2 normal, 3 fast
    bool headphones = false;  ///< of the device: sound reaches one person's ears only

    friend bool operator==(const Hearing&, const Hearing&) = default;
};

namespace event {
struct SpeechPressed {};  ///< on and off
struct RepeatPressed {};  ///< says the screen again
struct PausePressed {};   ///< pauses, and goes on
struct VolumeChanged {
    int steps;
};
struct RateChanged {
    int steps;
};
/// Plugging headphones in starts speech (A22); pulling them out stops it, so that nothing private
/// comes out of a loudspeaker.
struct HeadphonesChanged {
    bool in;
};
}  // namespace event

void hear(Hearing& hearing, const event::SpeechPressed& event) noexcept;
void hear(Hearing& hearing, const event::RepeatPressed& event) noexcept;
void hear(Hearing& hearing, const event::PausePressed& event) noexcept;
void hear(Hearing& hearing, const event::VolumeChanged& event) noexcept;
void hear(Hearing& hearing, const event::RateChanged& event) noexcept;
void hear(Hearing& hearing, const event::HeadphonesChanged& event) noexcept;

/// The next visitor's: everything as new, the plug as it is.
Hearing reset(const Hearing& hearing) noexcept;

}  // namespace kaiku::flow
