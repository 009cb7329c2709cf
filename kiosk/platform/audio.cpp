#include "kiosk/platform/audio.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "kiosk/platform/mixer.hpp"
#include "kiosk/speech/chime.hpp"
#include "kiosk/speech/stretch.hpp"

namespace kaiku::platform {

namespace {

using Clock = std::chrono::steady_clock;

/// No clip is longer; a sound card that vanished under one must not silence the rest for ever.
constexpr std::chrono::seconds kLongestClip{60};
/// Of SDL_mixer's 128. Each step sounds about as much louder as the one before.
constexpr std::array kVolumes{18, 34, 58, 88, 128};

/// Which clip: counts up with every play().
using Serial = std::uint64_t;

struct Request {
    std::optional<speech::Utterance> utterance;  ///< none: the chime
    int volume = 0;
    int rate = 0;
    Serial serial = 0;
};

/// What the caller's thread and the sound's thread share. Outlives whichever ends first.
struct Shared {
    explicit Shared(AudioOptions given) : options(std::move(given)) {}

    /// Never goes back: a clip that was given up may still report its end.
    void end(Serial serial) {
        Serial before = ended;
        while (before < serial && !ended.compare_exchange_weak(before, serial)) {
        }
        if (options.ended) options.ended();
        { const std::lock_guard lock(mutex); }  // the sound's thread waits, or has not yet looked
        changed.notify_all();
    }
    bool is_over() const { return ended >= sounding; }

    const AudioOptions options;
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Request> next;  // guarded, as all below but the atomics
    bool halt = false;
    bool paused = false;
    bool rests = false;  ///< nothing follows what sounds: the card may be given back
    bool quit = false;
    bool left = false;  ///< the sound's thread has ended
    std::string status;
    std::atomic<bool> opened{false};
    std::atomic<Serial> sounding{0};
    std::atomic<Serial> ended{0};
};

/// SDL_mixer's callback carries no pointer of ours.
std::mutex current_mutex;
std::shared_ptr<Shared> current;  // NOLINT: see above

void clip_finished(int /*channel*/) {
    const std::lock_guard lock(current_mutex);
    if (current) current->end(current->sounding);
}

/// The sound's thread: everything that may take time.
class Worker {
  public:
    explicit Worker(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

    void run() {
        {
            const std::lock_guard lock(current_mutex);
            current = shared_;
        }
        while (turn()) {
        }
        mixer_.reset();
        const std::lock_guard guard(current_mutex);
        if (current == shared_) current.reset();
        const std::lock_guard lock(shared_->mutex);
        shared_->left = true;
        shared_->changed.notify_all();
    }

  private:
    bool turn() {
        std::optional<Request> request;
        bool halt = false;
        bool paused = false;
        bool close = false;
        {
            std::unique_lock lock(shared_->mutex);
            shared_->changed.wait(lock, [this] {
                return shared_->quit || shared_->halt || shared_->next ||
                       shared_->paused != paused_ || may_close();
            });
            if (shared_->quit) return false;
            request = std::exchange(shared_->next, std::nullopt);
            halt = std::exchange(shared_->halt, false);
            paused = shared_->paused;
            close = may_close() && !request;
        }
        if (halt && mixer_) mixer_->halt();
        if (paused != paused_ && mixer_) mixer_->pause(paused);
        paused_ = paused;
        if (request) play(*request);
        if (close) mixer_.reset();
        return true;
    }

    bool may_close() const { return shared_->rests && mixer_ && shared_->is_over(); }

    void play(const Request& request) {
        const Status done = start(request);
        {
            const std::lock_guard lock(shared_->mutex);
            shared_->status = done ? "ok" : done.error().detail;
        }
        if (!done) shared_->end(request.serial);
    }

    Status start(const Request& request) {
        if (!mixer_) {
            auto fresh = std::make_unique<Mixer>();
            const std::string& device = shared_->options.device;
            Status opened = fresh->open(device.empty() ? nullptr : device.c_str(), clip_finished);
            shared_->opened = true;
            if (!opened) return opened;
            mixer_ = std::move(fresh);
        }
        const auto step = static_cast<std::size_t>(std::clamp(request.volume, 1, 5) - 1);
        if (!request.utterance) {
            mixer_->halt();
            shared_->sounding = request.serial;
            return mixer_->play(speech::chime(Mixer::kFrequency), kVolumes[step]);
        }
        const auto clip = speech::find_clip(shared_->options.clip_folders, *request.utterance);
        if (!clip) {
            // Without the sentence: it may be a letter that somebody typed.
            return fail(Errc::not_found, "a clip is missing; see kaiku-kiosk --list-speech");
        }
        mixer_->halt();
        shared_->sounding = request.serial;
        return mixer_->play(*clip, kVolumes[step], speech::speed_of(request.rate));
    }

    std::shared_ptr<Shared> shared_;
    std::unique_ptr<Mixer> mixer_;
    bool paused_ = false;
};

class MixerOut final : public speech::AudioOut {
  public:
    explicit MixerOut(AudioOptions options)
        : shared_(std::make_shared<Shared>(std::move(options))) {}
    MixerOut(const MixerOut&) = delete;
    MixerOut& operator=(const MixerOut&) = delete;

    ~MixerOut() override {
        if (!thread_.joinable()) return;
        std::unique_lock lock(shared_->mutex);
        shared_->quit = true;
        shared_->changed.notify_all();
        const bool left = shared_->changed.wait_for(lock, shared_->options.patience,
                                                    [this] { return shared_->left; });
        lock.unlock();
        // A thread that hangs in a sound card's driver cannot be joined; it ends with the process.
        left ? thread_.join() : thread_.detach();
    }

    void play(const speech::Utterance& utterance, int volume, int rate) override {
        start({utterance, volume, rate}, false);
    }

    void chime(int volume) override { start({std::nullopt, volume}, true); }

    void rest() override {
        if (!thread_.joinable()) return;
        const std::lock_guard lock(shared_->mutex);
        if (std::exchange(shared_->rests, true)) return;  // asked again at every turn of the loop
        shared_->changed.notify_all();
    }

    void stop() override {
        shared_->ended = serial_;
        const std::lock_guard lock(shared_->mutex);
        shared_->next.reset();
        shared_->halt = true;
        shared_->changed.notify_all();
    }

    void pause(bool paused) override {
        if (paused_ && !paused) started_ = Clock::now();
        paused_ = paused;
        const std::lock_guard lock(shared_->mutex);
        shared_->paused = paused;
        shared_->changed.notify_all();
    }

    bool busy() const override {
        if (shared_->ended >= serial_ || hangs()) return false;
        return paused_ || Clock::now() - started_ < kLongestClip;
    }

    std::string status() const override {
        if (serial_ > 0 && hangs()) {
            return "the sound card does not answer; check it and restart the terminal";
        }
        const std::lock_guard lock(shared_->mutex);
        return shared_->status;
    }

  private:
    void start(Request request, bool rests) {
        if (!thread_.joinable()) {
            thread_ = std::thread([shared = shared_] { Worker(shared).run(); });
            first_ = Clock::now();
        }
        ++serial_;
        started_ = Clock::now();
        const std::lock_guard lock(shared_->mutex);
        request.serial = serial_;
        shared_->next = std::move(request);
        shared_->rests = rests;
        shared_->changed.notify_all();
    }

    bool hangs() const {
        return !shared_->opened && Clock::now() - first_ >= shared_->options.patience;
    }

    std::shared_ptr<Shared> shared_;
    std::thread thread_;
    Serial serial_ = 0;
    bool paused_ = false;
    Clock::time_point first_;
    Clock::time_point started_;
};

}  // namespace

std::unique_ptr<speech::AudioOut> make_mixer_out(AudioOptions options) {
    return std::make_unique<MixerOut>(std::move(options));
}

}  // namespace kaiku::platform
