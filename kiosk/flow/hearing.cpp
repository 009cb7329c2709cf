#include "kiosk/flow/hearing.hpp"

#include <algorithm>

namespace kaiku::flow {

void hear(Hearing& hearing, const event::SpeechPressed&) noexcept {
    const bool on = !hearing.on;
    hearing = reset(hearing);
    hearing.on = on;
}

void hear(Hearing& hearing, const event::RepeatPressed&) noexcept { hearing.paused = false; }

void hear(Hearing& hearing, const event::PausePressed&) noexcept {
    hearing.paused = hearing.on && !hearing.paused;
}

void hear(Hearing& hearing, const event::VolumeChanged& event) noexcept {
    if (!hearing.on) return;
    hearing.volume = std::clamp(hearing.volume + event.steps, 1, Hearing::kVolumes);
    hearing.paused = false;
}

void hear(Hearing& hearing, const event::RateChanged& event) noexcept {
    if (!hearing.on) return;
    hearing.rate = std::clamp(hearing.rate + event.steps, 1, Hearing::kRates);
    hearing.paused = false;
}

void hear(Hearing& hearing, const event::HeadphonesChanged& event) noexcept {
    if (hearing.headphones == event.in) return;
    hearing = {};
    hearing.headphones = event.in;
    hearing.on = event.in;
}

Hearing reset(const Hearing& hearing) noexcept {
    Hearing fresh;
    fresh.headphones = hearing.headphones;
    return fresh;
}

}  // namespace kaiku::flow
