#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiosk/speech/voice.hpp"

namespace kaiku::platform {

struct AudioOptions {
    std::vector<std::filesystem::path> clip_folders;  ///< as speech::find_clip takes them
    std::string device;                               ///< SDL's name of it; empty: the default
    std::function<void()> ended;  ///< a clip has ended; called from another thread
    /// How long a sound card may take to open before speech goes on without it.
    std::chrono::milliseconds patience{3000};
};

/// Sound through SDL_mixer. The library is loaded and the device opened with the first clip, in a
/// thread of its own: a terminal that never speaks pays nothing, and a sound card that hangs keeps
/// no screen waiting.
std::unique_ptr<speech::AudioOut> make_mixer_out(AudioOptions options);

}  // namespace kaiku::platform
