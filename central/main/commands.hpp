#pragma once

#include <optional>
#include <string>
#include <vector>

#include "central/main/settings.hpp"
#include "central/store/stores.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// What only `fleet` commands take.
struct FleetLine {
    std::string group;
    std::vector<std::string> values;  ///< "key=value"
    std::int64_t percent = 100;
    std::int64_t version = 0;  ///< 0: not given
    bool everywhere = false;
};

/// The command line, read but not yet judged.
struct CommandLine {
    std::string config;
    std::string store;
    std::string listen;
    std::string tls_certificate;
    std::string tls_key;
    std::string web_url;
    std::string organiser;
    Organiser added;   ///< organiser add
    Unit unit;         ///< unit add
    std::string code;  ///< enroll: the unit; report and export: --unit
    std::int64_t expires_hours = 168;
    std::string device;  ///< device revoke and replace
    std::string key;     ///< key retire: its id
    std::string key_socket;
    FleetLine fleet;
    std::string scope;
    std::string from;
    std::string to;
    std::string by;
    std::string instrument;  ///< "quick-nps" or "quick-nps:2"
    std::string respondent;
    std::string format;
    std::string language = "fi";
    std::optional<std::int64_t> minimum_n;
    std::string file;    ///< backup --to, restore --from, person --password-file
    std::string person;  ///< person: --name
    std::string role;    ///< person: --role
    std::string token;   ///< token revoke: its id
    std::optional<std::int64_t> expires_days;  ///< token create
    std::string noted;                         ///< audit verify: a hash that must be there
    bool undo = false;                         ///< person role and disable: the reverse
    bool force = false;                        ///< restore: the store that is there gives way
    bool dry_run = false;                      ///< retention: counts what is due
    bool apply = false;                        ///< retention: deletes it
    bool rewrite = false;                      ///< retention: PostgreSQL's tables are written anew
    bool proof = false;                        ///< retention: checks and prints the records
    bool check_only = false;                   ///< restore: only looks at the backup
    bool compare = false;                      ///< every report compares; nothing depends on this
    bool without_flagged = false;  ///< no answer is flagged so far; nothing depends on this
};

/// Each command prints its result on standard output, or returns one line for standard error.
Status run_serve(const Settings& settings);
Status run_keyholder(const Settings& settings);
Status run_organiser_add(const Settings& settings, const CommandLine& line);
Status run_organiser_list(const Settings& settings, const CommandLine& line);
Status run_unit_add(const Settings& settings, const CommandLine& line);
Status run_enroll(const Settings& settings, const CommandLine& line);
Status run_device_list(const Settings& settings, const CommandLine& line);
Status run_device_revoke(const Settings& settings, const CommandLine& line);
Status run_device_replace(const Settings& settings, const CommandLine& line);
Status run_key_list(const Settings& settings, const CommandLine& line);
Status run_key_rotate(const Settings& settings, const CommandLine& line);
Status run_key_retire(const Settings& settings, const CommandLine& line);
Status run_report(const Settings& settings, const CommandLine& line);
Status run_export(const Settings& settings, const CommandLine& line);
Status run_ledger(const Settings& settings, const CommandLine& line);
Status run_verify(const Settings& settings, const CommandLine& line);
Status run_backup(const Settings& settings, const CommandLine& line);
Status run_restore(const Settings& settings, const CommandLine& line);
Status run_retention(const Settings& settings, const CommandLine& line);
Status run_rebuild(const Settings& settings, const CommandLine& line);

/// Opens the stores of every organiser; `create` makes the file when it is not there.
Result<std::unique_ptr<Stores>> open_stores(const Settings& settings, bool create,
                                            bool check = false);
/// The store of the organiser of these settings.
Result<std::unique_ptr<Store>> open_store(const Settings& settings, bool create);

/// The moment of asking.
survey::UtcSeconds wall_now();
/// Stores a new enrolment code for the unit and prints it alone on its line; `replaces` is the
/// device that goes when the code is used, or empty.
Status give_code(Store& store, const std::string& unit, const std::string& replaces,
                 std::int64_t expires_hours);

/// Writes to standard output; an error if not everything arrived there.
Status print(std::string_view text);

}  // namespace kaiku::central
