#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "central/fleet/alert_book.hpp"
#include "central/fleet/config.hpp"
#include "central/sql/database.hpp"
#include "sync/heartbeat.hpp"

/// What the fleet remembers, by organiser. Two ports; both are safe to call from any thread, what
/// a call acknowledged is durable, and on error nothing changed. Errors as central::Store.
namespace kaiku::central::fleet {

/// Configurations and groups.
class ConfigStore {
  public:
    virtual ~ConfigStore() = default;
    /// By scope, then version.
    virtual Result<std::vector<ConfigVersion>> versions() = 0;
    /// Errc::refused if the scope has this version: somebody else was quicker.
    virtual Status add(const ConfigVersion& version) = 0;
    /// How far a version is rolled out, 0–100. Errc::not_found for an unknown one.
    virtual Status roll_out(const ConfigScope& scope, std::int64_t version, int percent) = 0;
    virtual Result<Groups> groups() = 0;
    /// In the group from now on, or not any more; a group is there while it has a member.
    virtual Status set_member(const std::string& group, const std::string& device_id,
                              bool member) = 0;
};

/// A device's last heartbeat.
struct Heard {
    std::string device_id;
    survey::UtcSeconds at{};  ///< by central's clock
    sync::Heartbeat heartbeat;
    friend bool operator==(const Heard&, const Heard&) = default;
};

/// Signs of life, and the alerts that came of them.
class WatchStore {
  public:
    virtual ~WatchStore() = default;
    /// Replaces what each device told before, in one durable step; of two of the same device the
    /// later counts. The hour of a last answer never goes back or away.
    virtual Status hear(std::span<const Heard> heard) = 0;
    Status hear(const Heard& heard) { return hear(std::span(&heard, 1)); }
    /// By device.
    virtual Result<std::vector<Heard>> heard() = 0;
    /// The book and its revision; 0 while there is none.
    virtual Result<std::pair<AlertBook, std::int64_t>> book() = 0;
    /// Makes the book revision + 1. Errc::busy if it has another revision by now: somebody else
    /// looks after the fleet.
    virtual Status keep_book(const AlertBook& book, std::int64_t revision) = 0;
};

/// In a database that has the schema (central/store/schema.hpp).
std::unique_ptr<ConfigStore> make_sql_config_store(std::shared_ptr<sql::Database> database,
                                                   std::string organiser);
std::unique_ptr<WatchStore> make_sql_watch_store(std::shared_ptr<sql::Database> database,
                                                 std::string organiser);
/// For tests: the same promises, except that they forget everything when they go.
std::unique_ptr<ConfigStore> make_memory_config_store();
std::unique_ptr<WatchStore> make_memory_watch_store();

}  // namespace kaiku::central::fleet
