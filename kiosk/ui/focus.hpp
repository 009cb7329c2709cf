#pragma once

#include "kiosk/flow/keys.hpp"
#include "kiosk/ui/recorder.hpp"

namespace kaiku::ui {

/// What the keys can reach of a drawn frame, in reading order. It starts after the screen's
/// heading, so that nobody walks through the tools on every question; on the countdown it starts
/// with staying, for leaving wipes.
flow::FocusList focus_list(const Recorder& recorder);

}  // namespace kaiku::ui
