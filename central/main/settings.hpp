#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "central/http/server.hpp"
#include "central/main/settings_fleet.hpp"
#include "central/ops/log.hpp"
#include "central/ops/retention.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// Everything that one TOML file and the command line can set (docs/operations/central.md).
struct Settings {
    std::string listen = "127.0.0.1:8080";
    std::string store;  ///< "sqlite:PATH" or "postgresql://…"; default in the data folder
    std::size_t store_connections = 8;  ///< to PostgreSQL, of one process
    std::string organiser = "main";     ///< whose rows a command works on
    std::string time_zone = "Europe/Helsinki";
    std::int64_t minimum_n = 5;
    std::size_t enrolment_failures_per_minute = 10;
    std::size_t device_requests_per_minute = 6000;
    std::chrono::milliseconds busy_timeout{5000};
    ops::LogOptions log;
    FleetSettings fleet;
    ops::RetentionRules retention;
    int retention_hour = 3;  ///< local hour in which serve deletes what is due
    ServerOptions server;
    std::string web_url;                ///< public address of the web survey; empty: none is served
    std::filesystem::path web_key;      ///< sealing key; default beside the store
    std::filesystem::path signing_key;  ///< signs for devices; default beside the store
    std::filesystem::path key_socket;   ///< of the keyholder; empty: serve opens the file itself
    std::optional<std::uint32_t> keyholder_uid;  ///< whose keyholder serve believes; own
    std::optional<std::uint32_t> serve_uid;      ///< whom the keyholder answers; own
    std::chrono::days credential_life{90};       ///< of a device
    std::string web_instrument = "quick-nps";
    std::map<std::string, std::string> web_unit_instruments;  ///< unit code → instrument id
};

/// Where things are kept unless told otherwise: $KAIKU_CENTRAL_DATA, for root
/// /var/lib/kaiku-central, else $XDG_DATA_HOME/kaiku-central or ~/.local/share/kaiku-central.
std::filesystem::path data_folder();

/// `<prefix>/bin/kaiku-central` finds its words and instruments in `<prefix>/share/kaiku`.
std::filesystem::path share_folder();

/// Reads a configuration file over the defaults. Unknown keys, wrong types and values out of range
/// are errors that name file, key and cure.
Result<Settings> read_settings(const std::filesystem::path& file);

/// Puts what the environment says over it: KAIKU_CENTRAL_LIMITS_WORKERS for limits.workers, and
/// KAIKU_CENTRAL_STORE_FILE for store_file. Errors name the variable and never its value.
Status apply_environment(Settings& settings);

/// The store of these settings, or the default one.
std::string store_address(const Settings& settings);

/// "postgresql://…" or "postgres://…".
bool is_postgres(const std::string& address);

/// The file behind a store address "sqlite:PATH".
Result<std::filesystem::path> store_path(const std::string& address);

/// The settings with which an organiser other than the first is served: keys in files of its own
/// (<file>.<organiser>), and the web survey under its own host.
Settings settings_for(const Settings& settings, const std::string& organiser,
                      const std::string& host);

/// Splits `listen` into address and port, and demands TLS beyond loopback.
Status apply_listen(Settings& settings);

}  // namespace kaiku::central
