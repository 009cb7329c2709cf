#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kaiku::kiosk {

/// The thread that looks for a code through the camera while staff asks for it. Pictures stay in
/// its memory for the moment of looking; none is kept.
class Lookout {
  public:
    struct Seen {
        std::optional<std::string> code;  ///< nothing: the camera cannot be used
    };
    /// `on_event` is called from the lookout's thread whenever take_seen() has something new.
    Lookout(std::filesystem::path camera, std::function<void()> on_event);
    /// Stops within about a picture's time.
    ~Lookout();
    Lookout(const Lookout&) = delete;
    Lookout& operator=(const Lookout&) = delete;

    /// What was seen since the last call; a code that stays in the picture comes once.
    std::vector<Seen> take_seen();

  private:
    void run();
    void post(Seen seen);

    std::filesystem::path camera_;
    std::function<void()> on_event_;
    std::mutex mutex_;
    std::vector<Seen> seen_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;  ///< last: uses what is above
};

}  // namespace kaiku::kiosk
