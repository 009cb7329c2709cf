#pragma once

#include <memory>

#include "kiosk/main/app.hpp"

namespace kaiku::kiosk {

/// What every walk over the screens needs: words, an instrument, and a display in memory.
struct Stage {
    Instruments instruments;
    Words words;
    std::unique_ptr<platform::Display> display;
    ui::Recorder recorder;

    /// Draws one frame into the recorder.
    void draw(const flow::Setup& setup, const flow::State& state);
};

/// Errors: no such instrument, a catalogue or the fonts missing.
Result<Stage> open_stage(const Options& options);

}  // namespace kaiku::kiosk
