#pragma once

#include <SDL.h>
#include <SDL_mixer.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "survey/result.hpp"

namespace kaiku::platform {

/// SDL_mixer, loaded when first needed and never linked, with its one channel. Belongs to one
/// thread; `finished` is called from SDL's.
class Mixer {
  public:
    Mixer() = default;
    Mixer(const Mixer&) = delete;
    Mixer& operator=(const Mixer&) = delete;
    ~Mixer();

    /// Errors: the library is not installed, no sound card.
    Status open(const char* device, void (*finished)(int channel));
    /// Samples a second of what is played.
    static constexpr int kFrequency = 22'050;  // espeak-ng's; recorded clips are converted

    /// Plays the file at a volume of 0 to 128 and a pace, in place of whatever sounds.
    Status play(const std::filesystem::path& file, int volume, double speed);
    /// The same with samples of one channel.
    Status play(std::vector<std::int16_t> samples, int volume);
    void halt();
    void pause(bool paused);

  private:
    Status load();
    void forget_clip();

    void* library_ = nullptr;
    bool open_ = false;
    Mix_Chunk* chunk_ = nullptr;
    std::vector<std::int16_t> samples_;  ///< what chunk_ points into
    decltype(&Mix_OpenAudioDevice) open_device_ = nullptr;
    decltype(&Mix_CloseAudio) close_ = nullptr;
    decltype(&Mix_LoadWAV_RW) load_clip_ = nullptr;
    decltype(&Mix_QuickLoad_RAW) wrap_ = nullptr;
    decltype(&Mix_FreeChunk) free_ = nullptr;
    decltype(&Mix_PlayChannelTimed) play_ = nullptr;
    decltype(&Mix_Volume) volume_ = nullptr;
    decltype(&Mix_HaltChannel) halt_ = nullptr;
    decltype(&Mix_Pause) pause_ = nullptr;
    decltype(&Mix_Resume) resume_ = nullptr;
    decltype(&Mix_ChannelFinished) on_finished_ = nullptr;
};

}  // namespace kaiku::platform
