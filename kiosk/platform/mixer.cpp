#include "kiosk/platform/mixer.hpp"

#include <cstring>
#include <utility>

#include "kiosk/speech/stretch.hpp"

namespace kaiku::platform {

namespace {

constexpr const char* kLibrary = "libSDL2_mixer-2.0.so.0";
constexpr int kChannels = 1;
constexpr int kBufferFrames = 1024;
constexpr int kChannel = 0;

/// Finds one function; false leaves `target` null.
template <class Function>
bool find(void* library, const char* name, Function& target) {
    // A function's address comes as void*, as dlsym gives it.
    target = reinterpret_cast<Function>(SDL_LoadFunction(library, name));  // NOLINT
    return target != nullptr;
}

}  // namespace

Mixer::~Mixer() {
    if (open_) {
        halt();
        on_finished_(nullptr);
        forget_clip();
        close_();
        SDL_QuitSubSystem(SDL_INIT_AUDIO);  // which SDL_mixer starts and leaves on
    }
    // The library stays until the process ends: what it pulls in (decoders, GLib) keeps
    // memory that nothing could free once its own pointers to it are unmapped.
}

Status Mixer::load() {
    if (library_ != nullptr) return {};
    library_ = SDL_LoadObject(kLibrary);
    const bool whole =
        library_ != nullptr && find(library_, "Mix_OpenAudioDevice", open_device_) &&
        find(library_, "Mix_CloseAudio", close_) && find(library_, "Mix_LoadWAV_RW", load_clip_) &&
        find(library_, "Mix_QuickLoad_RAW", wrap_) && find(library_, "Mix_FreeChunk", free_) &&
        find(library_, "Mix_PlayChannelTimed", play_) && find(library_, "Mix_Volume", volume_) &&
        find(library_, "Mix_HaltChannel", halt_) && find(library_, "Mix_Pause", pause_) &&
        find(library_, "Mix_Resume", resume_) &&
        find(library_, "Mix_ChannelFinished", on_finished_);
    if (whole) return {};
    if (library_ != nullptr) SDL_UnloadObject(library_);
    library_ = nullptr;
    return fail(Errc::not_found,
                std::string(kLibrary) + " is missing; install libsdl2-mixer-2.0-0");
}

Status Mixer::open(const char* device, void (*finished)(int channel)) {
    if (open_) return {};
    if (Status loaded = load(); !loaded) return loaded;
    if (open_device_(kFrequency, AUDIO_S16SYS, kChannels, kBufferFrames, device, 0) != 0) {
        return fail(Errc::io, std::string("no sound: ") + SDL_GetError() +
                                  "; check the sound card and speech.device");
    }
    open_ = true;
    on_finished_(finished);
    return {};
}

void Mixer::forget_clip() {
    if (chunk_ != nullptr) free_(chunk_);
    chunk_ = nullptr;
    samples_.clear();
}

Status Mixer::play(const std::filesystem::path& file, int volume, double speed) {
    Mix_Chunk* loaded = nullptr;
    if (SDL_RWops* source = SDL_RWFromFile(file.c_str(), "rb")) loaded = load_clip_(source, 1);
    if (loaded == nullptr) {
        return fail(Errc::malformed, file.string() + ": is no clip that can be played");
    }
    std::vector<std::int16_t> whole(loaded->alen / sizeof(std::int16_t));
    std::memcpy(whole.data(), loaded->abuf, whole.size() * sizeof(std::int16_t));
    free_(loaded);
    return play(speech::stretch(whole, kChannels, kFrequency, speed), volume);
}

Status Mixer::play(std::vector<std::int16_t> samples, int volume) {
    halt();
    forget_clip();
    samples_ = std::move(samples);
    chunk_ = wrap_(reinterpret_cast<Uint8*>(samples_.data()),  // NOLINT: bytes, as SDL takes them
                   static_cast<Uint32>(samples_.size() * sizeof(std::int16_t)));
    volume_(kChannel, volume);
    if (chunk_ == nullptr || play_(kChannel, chunk_, 0, -1) != kChannel) {
        return fail(Errc::io, std::string("no sound: ") + SDL_GetError());
    }
    return {};
}

void Mixer::halt() {
    if (open_) halt_(kChannel);
}

void Mixer::pause(bool paused) {
    if (open_) paused ? pause_(kChannel) : resume_(kChannel);
}

}  // namespace kaiku::platform
