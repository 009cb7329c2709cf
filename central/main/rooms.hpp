#pragma once

#include <map>
#include <memory>
#include <string>

#include "central/fleet/fleet.hpp"
#include "central/main/settings.hpp"
#include "central/main/web_room.hpp"
#include "central/service/service.hpp"
#include "central/store/stores.hpp"

namespace kaiku::central {

/// What one organiser's requests meet.
struct Room {
    std::unique_ptr<Store> store;
    OpenedKey sealing;
    std::unique_ptr<OpenedSigningKey> signing;
    std::unique_ptr<fleet::ConfigStore> configs;
    std::unique_ptr<fleet::WatchStore> watch;
    std::unique_ptr<fleet::Fleet> fleet;
    std::unique_ptr<Service> service;
    std::unique_ptr<Web> web;  ///< nullptr where no web survey is configured
};

/// A room for each organiser, chosen by the name under which a request came. Safe to call from any
/// thread.
class Rooms {
  public:
    /// Opens stores and keys of every organiser. `stores` and `metrics` outlive it.
    static Result<std::unique_ptr<Rooms>> open(const Settings& settings, Stores& stores,
                                               Metrics& metrics);

    /// Warns of each key that was made and is to be backed up.
    void tell_new_keys() const;

    /// Requests under a host that is nobody's go to the first organiser.
    Reply handle(const Request& request) const;
    /// As Handler::answer_quickly.
    bool answer_quickly(const Request& request, const Answer& answer) const;

  private:
    const Room& room_of(const Request& request) const;

    std::map<std::string, std::shared_ptr<Room>> by_host_;
    std::shared_ptr<Room> first_;
};

}  // namespace kaiku::central
