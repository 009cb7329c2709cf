#include "kiosk/speech/voice.hpp"

namespace kaiku::speech {

void Voice::take(Announcement announcement, const flow::Hearing& hearing) {
    if (announcement.interrupt && !hearing.paused) {
        waiting_.clear();
        if (out_.busy()) out_.stop();
    }
    for (Utterance& utterance : announcement.say) waiting_.push_back(std::move(utterance));
    if (hearing.paused != hearing_.paused) out_.pause(hearing.paused);
    hearing_ = hearing;
    turn();
}

void Voice::turn() {
    while (!waiting_.empty() && !hearing_.paused && !out_.busy()) {
        const Utterance next = std::move(waiting_.front());
        waiting_.pop_front();
        heard_(next);
        out_.play(next, hearing_.volume, hearing_.rate);
    }
    if (!hearing_.on && waiting_.empty()) out_.rest();
}

}  // namespace kaiku::speech
