#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "central/main/settings.hpp"
#include "central/store/stores.hpp"
#include "locales/catalogue.hpp"

namespace kaiku::central {

/// The words of letters about alerts: Finnish, then Swedish.
Result<std::vector<locales::Catalogue>> alert_words();

/// Looks after every organiser's fleet once a minute and tells what is wrong; ends with this
/// object.
class FleetWatch {
  public:
    /// `stores` outlives it. Errc::invalid for a mailer or webhook that cannot be used;
    /// errors of the words' files.
    static Result<std::unique_ptr<FleetWatch>> start(const Settings& settings, Stores& stores);
    FleetWatch(const FleetWatch&) = delete;
    FleetWatch& operator=(const FleetWatch&) = delete;
    ~FleetWatch();

  private:
    FleetWatch(FleetSettings settings, Stores& stores, std::stop_source stop);
    void run(const std::stop_token& ending);
    Status look_around();

    const FleetSettings settings_;
    Stores& stores_;
    std::stop_source stop_;  ///< ends a mail or a post that hangs
    std::vector<locales::Catalogue> words_;
    std::unique_ptr<fleet::Mailer> mailer_;
    std::unique_ptr<fleet::Webhook> webhook_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::string said_;  ///< what went wrong last, in the log once
    std::jthread thread_;
};

}  // namespace kaiku::central
