#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "central/main/settings.hpp"
#include "central/store/stores.hpp"

namespace kaiku::central {

/// Deletes each day, in the hour of `retention.hour`, what is due by then; ends with this object.
class DailyRetention {
  public:
    /// `stores` outlives it. Does nothing when no rule is set.
    DailyRetention(const Settings& settings, Stores& stores);
    DailyRetention(const DailyRetention&) = delete;
    DailyRetention& operator=(const DailyRetention&) = delete;
    ~DailyRetention();

  private:
    void run(const std::stop_token& ending);
    void run_today();

    const Settings settings_;
    Stores& stores_;
    bool owes_rewriting_ = false;  ///< something was deleted, and its bytes may be there still
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace kaiku::central
