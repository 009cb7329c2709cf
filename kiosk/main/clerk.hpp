#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/flow/staff.hpp"
#include "kiosk/main/day_counts.hpp"
#include "survey/result.hpp"

namespace kaiku::kiosk {

struct ClerkOptions {
    std::filesystem::path data_dir;
    std::int64_t max_waiting = 200'000;
    std::string version;
    std::string instrument;
    int instrument_version = 0;
    bool verified = false;
    /// From any thread: when central last took something, until when its certificate holds, how the
    /// last attempt came out, and today's counts.
    std::function<std::optional<survey::UtcSeconds>()> last_sync;
    std::function<std::optional<survey::UtcSeconds>()> certificate_until;
    std::function<flow::LinkState()> link;
    std::function<DayCounts()> counts;
};

/// The thread behind the staff's screens: checks the PIN, gathers facts, keeps settings, signs. It
/// starts with the first request, so that a terminal whose staff never comes does not carry it.
class Clerk {
  public:
    /// `on_event` is called from the clerk's thread whenever take_events() has something new.
    Clerk(ClerkOptions options, std::function<void()> on_event);
    /// Finishes what was asked, then stops.
    ~Clerk();
    Clerk(const Clerk&) = delete;
    Clerk& operator=(const Clerk&) = delete;

    /// `unit` is the one in use, for what the answer says.
    void ask(flow::StaffRequest request, const std::string& unit);
    std::vector<flow::StaffEvent> take_events();

  private:
    struct Asked {
        flow::StaffRequest what;
        std::string unit;
    };
    void run();
    void serve(Asked& asked);
    void post(flow::StaffEvent event);
    void check_pin(std::string& pin);
    flow::StaffFacts gather() const;
    void sign(const std::string& unit);

    ClerkOptions options_;
    std::function<void()> on_event_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Asked> queue_;
    std::vector<flow::StaffEvent> events_;
    bool stopping_ = false;
    std::thread thread_;  ///< not joinable before the first request
};

}  // namespace kaiku::kiosk
