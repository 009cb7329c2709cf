#pragma once

#include <memory>

#include "kiosk/main/app.hpp"

namespace kaiku::kiosk {

/// What every walk over the screens needs: words, an instrument, and a display in memory.
struct Stage {
    Instruments instruments;
    Words words;
    std::vector<flow::Notice> notices;
    std::unique_ptr<platform::Display> display;
    ui::Recorder recorder;

    /// Draws one frame into the recorder.
    void draw(const flow::Setup& setup, const flow::State& state);
};

/// The set-up with everything a terminal can have, so that what walks the screens meets them all:
/// without enrolment the unit is "K1" and the web survey is at an example's address.
flow::Setup complete_setup(const Options& options, const Instruments& instruments);

/// Errors: no such instrument, a catalogue or the fonts missing.
Result<Stage> open_stage(const Options& options);

}  // namespace kaiku::kiosk
