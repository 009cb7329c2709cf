#include <sodium.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "central/main/commands.hpp"
#include "central/main/fleet_line.hpp"
#include "central/main/people.hpp"
#include "central/results/period.hpp"
#include "central/service/secrets.hpp"
#include "sync/local_day.hpp"

namespace kaiku::central {
namespace {

using Command = std::function<Status(const Settings&, const CommandLine&)>;

/// Options that every command takes.
void add_common(CLI::App& command, CommandLine& line) {
    command.add_option("--config", line.config, "TOML configuration file")->type_name("FILE");
    command
        .add_option("--store", line.store,
                    "sqlite:PATH (default: central.db in the data folder) or "
                    "postgresql://HOST/DATABASE")
        ->type_name("URL");
    command.add_option("--organiser", line.organiser, "whose rows (default: main)")
        ->type_name("CODE");
}

CLI::App& add_command(CLI::App& parent, const char* name, const char* help, CommandLine& line,
                      Command& chosen, Command run) {
    CLI::App* command = parent.add_subcommand(name, help);
    add_common(*command, line);
    command->callback([&chosen, run = std::move(run)] { chosen = run; });
    return *command;
}

/// Which terminal, to those who know its id: the log is for ever, and retention takes the id
/// itself.
std::string named_device(const CommandLine& line) {
    return "terminal of sha256 " + hash_secret(line.device).substr(0, 16);
}

/// The command, and after it an entry in the audit log; what it printed cannot be called back, so
/// an entry that could not be written is an error of its own.
Command audited(const char* name, Command run, std::string (*object)(const CommandLine&)) {
    return [name, run = std::move(run), object](const Settings& settings,
                                                const CommandLine& line) -> Status {
        if (Status done = run(settings, line); !done) return done;
        const auto stores = open_stores(settings, false);
        Status recorded = stores ? record(settings, **stores, name, object(line), name)
                                 : Status(tl::make_unexpected(stores.error()));
        if (recorded) return {};
        return fail(
            recorded.error().code,
            std::string(name) + ": done, but not in the audit log: " + recorded.error().detail);
    };
}

void add_serve(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App& serve = add_command(
        app, "serve", "Run the endpoint until SIGTERM", line, chosen,
        [](const Settings& settings, const CommandLine&) { return run_serve(settings); });
    serve.add_option("--listen", line.listen, "address:port (default 127.0.0.1:8080; port 0: any)");
    serve.add_option("--tls-cert", line.tls_certificate, "PEM certificate chain");
    serve.add_option("--tls-key", line.tls_key, "PEM private key");
    serve.add_option("--key-socket", line.key_socket,
                     "socket of kaiku-central keyholder (default: the key's file is read here)");
    serve.add_option("--web-url", line.web_url,
                     "public address of the survey on people's own phones, "
                     "https://palaute.example.fi (default: none is served)");
}

void add_organisers(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App* organiser =
        app.add_subcommand("organiser", "Who collects feedback here")->require_subcommand(1);
    CLI::App& add = add_command(*organiser, "add", "Add an organiser", line, chosen,
                                audited("organiser add", run_organiser_add,
                                        [](const CommandLine& given) { return given.added.code; }));
    add.add_option("--code", line.added.code, "short code: a-z 0-9 -")->required();
    add.add_option("--name", line.added.name, "its name")->required();
    add.add_option("--host", line.added.host,
                   "name under which its devices and people reach this endpoint")
        ->required();
    add_command(*organiser, "list", "Print every organiser", line, chosen, run_organiser_list);
    add_command(app, "verify", "Compare the rollups with the answers", line, chosen, run_verify);
    add_command(app, "rebuild", "Write the rollups anew from the answers", line, chosen,
                run_rebuild);
}

void add_keeping(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App* unit = app.add_subcommand("unit", "Service units")->require_subcommand(1);
    CLI::App& add = add_command(*unit, "add", "Add a unit", line, chosen,
                                audited("unit add", run_unit_add,
                                        [](const CommandLine& given) { return given.unit.code; }));
    add.add_option("--code", line.unit.code, "short code, as terminals send it")->required();
    add.add_option("--name-fi", line.unit.name_fi, "Finnish name")->required();
    add.add_option("--name-sv", line.unit.name_sv, "Swedish name")->required();
    add.add_option("--parent", line.unit.parent, "code of the unit it belongs to");
    add.add_option("--oid", line.unit.oid, "SOTE organisation register OID");

    CLI::App& enroll = add_command(
        app, "enroll", "Print a one-time code for one device", line, chosen,
        audited("enroll", run_enroll, [](const CommandLine& given) { return given.code; }));
    enroll.add_option("--unit", line.code, "unit code")->required();
    enroll.add_option("--expires-hours", line.expires_hours, "how long the code is good (168)")
        ->check(CLI::Range(1, 24 * 365));

    CLI::App* device = app.add_subcommand("device", "Enrolled terminals")->require_subcommand(1);
    CLI::App& list =
        add_command(*device, "list", "Print every terminal", line, chosen, run_device_list);
    list.add_option("--unit", line.code, "only of this unit");
    list.add_option("--format", line.format, "text (default) or json");
    CLI::App& revoke = add_command(*device, "revoke", "Refuse a terminal from now on", line, chosen,
                                   audited("device revoke", run_device_revoke, named_device));
    revoke.add_option("--device", line.device, "its id")->required();
    CLI::App& replace =
        add_command(*device, "replace",
                    "Print a one-time code for a terminal that takes another's place; the other "
                    "is refused once the code is used",
                    line, chosen, audited("device replace", run_device_replace, named_device));
    replace.add_option("--device", line.device, "id of the other")->required();
    replace.add_option("--expires-hours", line.expires_hours, "how long the code is good (168)")
        ->check(CLI::Range(1, 24 * 365));
}

void add_tokens(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App* token = app.add_subcommand("token", "Tokens for integrators")->require_subcommand(1);
    CLI::App& create =
        add_command(*token, "create", "Print a new token", line, chosen, run_token_create);
    create.add_option("--scope", line.scope, "responses:write")->required();
    create
        .add_option("--expires-days", line.expires_days, "how long it is good (default: for ever)")
        ->check(CLI::Range(1, 3650));
    CLI::App& list = add_command(*token, "list", "Print every token's id, never a token", line,
                                 chosen, run_token_list);
    list.add_option("--format", line.format, "text (default) or json");
    CLI::App& revoke =
        add_command(*token, "revoke", "Refuse a token from now on", line, chosen, run_token_revoke);
    revoke.add_option("--id", line.token, "its id, as list prints it")->required();
}

void add_operations(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App& backup = add_command(app, "backup", "Copy the whole store, while others use it", line,
                                   chosen, run_backup);
    backup.add_option("--to", line.file, "new file; its manifest is FILE.json")->required();
    CLI::App& restore =
        add_command(app, "restore", "Put a backup where the store is", line, chosen, run_restore);
    restore.add_option("--from", line.file, "a file of kaiku-central backup")->required();
    restore.add_flag("--force", line.force, "even where a store is already");
    restore.add_flag("--check", line.check_only, "only look whether the backup is good");
    CLI::App& retention = add_command(app, "retention", "Delete what is older than it may be", line,
                                      chosen, run_retention);
    CLI::Option_group* what = retention.add_option_group("what");
    what->add_flag("--dry-run", line.dry_run, "only count what is due");
    what->add_flag("--apply", line.apply, "delete it, of every organiser or of --organiser");
    what->add_flag("--proof", line.proof, "check and print the records of all deletions");
    what->require_option(1);
    retention.add_flag("--rewrite", line.rewrite,
                       "with --apply on PostgreSQL: write the tables anew, so that no deleted byte "
                       "is in them; requests wait meanwhile");
}

/// --name, --role with --unit, --password-file.
void add_person_options(CLI::App& command, CommandLine& line, bool with_role, bool with_password) {
    command.add_option("--name", line.person, "who: a-z 0-9 . _ - @")->required();
    if (with_role) {
        command.add_option("--role", line.role, "viewer, reader, operator or admin")->required();
        command.add_option("--unit", line.code, "at this unit and below (default: everywhere)");
    }
    if (with_password) {
        command.add_option("--password-file", line.file,
                           "file whose first line is the new password; -: standard input "
                           "(default: asked at the terminal)");
    }
}

void add_people(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App* person = app.add_subcommand("person", "Who may sign in")->require_subcommand(1);
    add_person_options(
        add_command(*person, "add", "Add somebody with one role", line, chosen, run_person_add),
        line, true, true);
    CLI::App& list = add_command(*person, "list", "Print everybody and their roles", line, chosen,
                                 run_person_list);
    list.add_option("--format", line.format, "text (default) or json");
    CLI::App& role =
        add_command(*person, "role", "Give somebody one more role", line, chosen, run_person_role);
    add_person_options(role, line, true, false);
    role.add_flag("--remove", line.undo, "take it away instead");
    add_person_options(add_command(*person, "reset", "Set a new password; all sign-ins end", line,
                                   chosen, run_person_reset),
                       line, false, true);
    CLI::App& disable = add_command(*person, "disable", "Let somebody in no more", line, chosen,
                                    run_person_disable);
    add_person_options(disable, line, false, false);
    disable.add_flag("--undo", line.undo, "let them in again");

    CLI::App* audit =
        app.add_subcommand("audit", "Who read open text, who changed what")->require_subcommand(1);
    add_command(*audit, "list", "Print every entry as a line of JSON", line, chosen,
                run_audit_list);
    CLI::App& verify = add_command(*audit, "verify", "Look whether any entry was changed", line,
                                   chosen, run_audit_verify);
    verify.add_option("--noted", line.noted, "a hash noted earlier, which must still be there");
}

void add_keys(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App& holder = add_command(
        app, "keyholder", "Hold the sealing keys for serve, in a process of its own", line, chosen,
        [](const Settings& settings, const CommandLine&) { return run_keyholder(settings); });
    holder.add_option("--key-socket", line.key_socket, "where to listen for serve");
    CLI::App* key =
        app.add_subcommand("key", "Keys that answers are sealed to")->require_subcommand(1);
    add_command(*key, "list", "Print the ids of all keys, the one in use first", line, chosen,
                run_key_list);
    add_command(*key, "rotate",
                "Make a new key for terminals to seal to; former ones go on opening", line, chosen,
                run_key_rotate);
    CLI::App& retire =
        add_command(*key, "retire", "Open nothing more with a former key; it is kept aside", line,
                    chosen, run_key_retire);
    retire.add_option("--key", line.key, "its id")->required();
}

/// Which answers a command reads.
void add_filters(CLI::App& command, CommandLine& line) {
    command.add_option("--unit", line.code, "only this unit and those below it");
    command.add_option("--instrument", line.instrument,
                       "only answers to this survey, quick-nps, or to one version of it, "
                       "quick-nps:2");
    command.add_option("--respondent", line.respondent,
                       "only answers of adult, youth, child or relative");
}

void add_reading(CLI::App& app, CommandLine& line, Command& chosen) {
    CLI::App& report =
        add_command(app, "report", "Print the figures of a period", line, chosen, run_report);
    report.add_option("--from", line.from, "first day, 2026-11-01")->required();
    report.add_option("--to", line.to, "last day, 2026-11-30")->required();
    add_filters(report, line);
    report.add_option("--by", line.by, "unit,channel,language,respondent,instrument");
    report.add_option("--format", line.format, "text, json or csv")->required();
    report.add_option("--min-n", line.minimum_n, "hold back figures of fewer answers")
        ->check(CLI::Range(1, 1000));
    report.add_option("--lang", line.language, "fi, sv or en (of text)");
    report.add_flag("--compare", line.compare,
                    "the period before is always compared; accepted for clarity");
    report.add_flag("--without-flagged", line.without_flagged,
                    "leave out answers that a misuse rule flagged");

    CLI::App& ledger =
        add_command(app, "ledger", "Print what devices kept beside what is here, by device and day",
                    line, chosen, run_ledger);
    ledger.add_option("--from", line.from, "first day, 2026-11-01 (default: the first there is)");
    ledger.add_option("--to", line.to, "last day");
    ledger.add_option("--unit", line.code, "only devices of this unit");
    ledger.add_option("--format", line.format, "text (default), json or csv");

    CLI::App& dump = add_command(app, "export", "Print stored responses", line, chosen, run_export);
    dump.add_option("--format", line.format, "jsonl or csv")->required();
    dump.add_option("--from", line.from, "first day");
    dump.add_option("--to", line.to, "last day");
    add_filters(dump, line);
}

Result<Settings> settings_of(const CommandLine& line) {
    Result<Settings> settings =
        line.config.empty() ? Result<Settings>(Settings()) : read_settings(line.config);
    if (!settings) {
        return settings;
    }
    if (Status told = apply_environment(*settings); !told) {
        return tl::make_unexpected(told.error());
    }
    const auto override_by = [](auto& target, const std::string& given) {
        if (!given.empty()) {
            target = given;
        }
    };
    override_by(settings->store, line.store);
    if (!line.organiser.empty() && line.organiser != settings->organiser) {
        settings = settings_for(*settings, line.organiser, "");
    }
    override_by(settings->listen, line.listen);
    override_by(settings->server.tls_certificate, line.tls_certificate);
    override_by(settings->server.tls_key, line.tls_key);
    override_by(settings->key_socket, line.key_socket);
    override_by(settings->web_url, line.web_url);
    if (Status zone = sync::set_time_zone(settings->time_zone); !zone) {
        return tl::make_unexpected(zone.error());
    }
    return settings;
}

int complain(const std::string& detail) {
    std::fprintf(stderr, "kaiku-central: %s\n", detail.c_str());
    return 1;
}

int run(int argc, char** argv) {
    CLI::App app("Kaiku's central endpoint: takes answers in, keeps them, reports them.",
                 "kaiku-central");
    app.set_version_flag("--version", std::string("kaiku-central " KAIKU_VERSION));
    app.require_subcommand(1);
    CommandLine line;
    Command chosen;
    add_serve(app, line, chosen);
    add_organisers(app, line, chosen);
    add_keeping(app, line, chosen);
    add_tokens(app, line, chosen);
    add_keys(app, line, chosen);
    add_people(app, line, chosen);
    add_operations(app, line, chosen);
    add_reading(app, line, chosen);
    add_fleet(app, line,
              [&](CLI::App& parent, const char* name, const char* help, auto* run) -> CLI::App& {
                  return add_command(parent, name, help, line, chosen, run);
              });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error);  // --help, --version
        }
        return complain(std::string(error.what()) + " (see --help)");
    }
    const Result<Settings> settings = settings_of(line);
    if (!settings) {
        return complain(settings.error().detail);
    }
    const Status done = chosen(*settings, line);
    return done ? 0 : complain(done.error().detail);
}

}  // namespace
}  // namespace kaiku::central

int main(int argc, char** argv) {
    // The store holds contact wishes: nobody else may read what this program writes.
    umask(0077);
    // Writing to a closed pipe or past a size limit is an error to handle, not a way to die.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    if (sodium_init() < 0) {
        return kaiku::central::complain("the system's random source is not available");
    }
    try {
        const int exit_code = kaiku::central::run(argc, argv);
        // --help and --version too: whoever reads them must be able to rely on it.
        if (exit_code != 0 || kaiku::central::print("")) {
            return exit_code;
        }
        return kaiku::central::complain("the output could not be written in full");
    } catch (const std::exception& exception) {
        return kaiku::central::complain(exception.what());
    }
}
