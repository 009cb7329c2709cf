#include "central/main/retention.hpp"

#include <spdlog/spdlog.h>

#include "central/main/commands.hpp"
#include "central/main/web_room.hpp"
#include "central/results/period.hpp"
#include "central/sql/postgres.hpp"
#include "central/sql/sqlite_backup.hpp"

namespace kaiku::central {
namespace {

/// Works on one organiser after the other; nothing more after the first error.
using ForEach = std::function<Status(const std::string&, ops::Retention&, const sync::SignerKey&)>;

Status for_each_organiser(const Settings& settings, Stores& stores, const std::string& only,
                          const ForEach& work) {
    const auto organisers = stores.organisers();
    if (!organisers) return tl::make_unexpected(organisers.error());
    bool found = false;
    for (const Organiser& organiser : *organisers) {
        if (!only.empty() && organiser.code != only) continue;
        found = true;
        const bool first = organiser.code == kDefaultOrganiser;
        const auto signing = existing_signing_key(
            first ? settings : settings_for(settings, organiser.code, organiser.host));
        if (!signing) return tl::make_unexpected(signing.error());
        ops::Retention retention(stores.database(), organiser.code, *signing);
        if (Status done = work(organiser.code, retention, signing->public_key()); !done) {
            return done;
        }
    }
    return found ? Status() : fail(Errc::not_found, "organiser '" + only + "' does not exist");
}

/// So that no byte of what was deleted is left in the store's files. A PostgreSQL server is only
/// asked to write its tables anew when the operator says so: everybody waits for that.
Status forget_bytes(const Settings& settings, sql::Vacuum how) {
    const std::string address = store_address(settings);
    try {
        if (is_postgres(address)) {
            sql::vacuum_postgres(
                address, {"responses", "contacts", "devices", "ledger", "standings", "secrets"},
                how);
            return {};
        }
        const auto path = store_path(address);
        if (!path) return tl::make_unexpected(path.error());
        sql::rewrite_sqlite(*path);
        return {};
    } catch (const sql::Trouble& trouble) {
        return fail(trouble.code(),
                    std::string("what was due is deleted, but its bytes are in the store's files "
                                "until they are written anew: ") +
                        trouble.what() + "; run retention --apply again");
    }
}

std::string told(const std::string& organiser, const ops::Due& due) {
    return organiser + "  " + std::string(ops::name_of(due.what)) + "  before " +
           format_day(due.before) + "  " + std::to_string(due.rows) + "\n";
}

Status print_due(const Settings& settings, Stores& stores, const CommandLine& line) {
    std::string out;
    Status done = for_each_organiser(settings, stores, line.organiser,
                                     [&](const std::string& organiser, ops::Retention& retention,
                                         const sync::SignerKey&) -> Status {
                                         const auto due =
                                             retention.due(settings.retention, day_of(wall_now()));
                                         if (!due) return tl::make_unexpected(due.error());
                                         for (const ops::Due& one : *due)
                                             out += told(organiser, one);
                                         return {};
                                     });
    return done ? print(out) : done;
}

Status print_proof(const Settings& settings, Stores& stores, const CommandLine& line) {
    std::string out;
    Status done = for_each_organiser(settings, stores, line.organiser,
                                     [&](const std::string& organiser, ops::Retention& retention,
                                         const sync::SignerKey& key) -> Status {
                                         const auto records = retention.records();
                                         if (!records) return tl::make_unexpected(records.error());
                                         for (const ops::DeletionRecord& record : *records) {
                                             out += organiser + "  " +
                                                    std::to_string(record.number) + "  " +
                                                    record.body + "  " + record.signature + "\n";
                                         }
                                         return ops::check_records(organiser, *records, key);
                                     });
    if (Status printed = print(out); !printed) return printed;
    return done;
}

/// `line` hears of each class of each organiser.
Status apply_all(const Settings& settings, Stores& stores, const std::string& only,
                 const std::function<void(const std::string&, const ops::Due&)>& hear) {
    Status done = for_each_organiser(settings, stores, only,
                                     [&](const std::string& organiser, ops::Retention& retention,
                                         const sync::SignerKey&) -> Status {
                                         const auto gone = retention.apply(
                                             settings.retention, day_of(wall_now()), wall_now());
                                         if (!gone) return tl::make_unexpected(gone.error());
                                         for (const ops::Due& one : *gone) hear(organiser, one);
                                         return {};
                                     });
    return done;
}

}  // namespace

Status run_retention(const Settings& given, const CommandLine& line) {
    Settings settings = given;
    if (!settings.retention.any() && !line.proof) {
        return fail(Errc::invalid,
                    "retention: nothing is set; say open_text_days, contacts_days or devices_days "
                    "under [retention]");
    }
    const auto stores = open_stores(settings, false);
    if (!stores) return tl::make_unexpected(stores.error());
    if (line.dry_run) return print_due(settings, **stores, line);
    if (line.proof) return print_proof(settings, **stores, line);
    std::string out;
    Status done = apply_all(
        settings, **stores, line.organiser,
        [&](const std::string& organiser, const ops::Due& due) { out += told(organiser, due); });
    if (Status printed = print(out); !printed) return printed;
    // Also when nothing was due: an earlier run may have been cut off before this.
    return done ? forget_bytes(settings, line.rewrite ? sql::Vacuum::rewrite : sql::Vacuum::plain)
                : done;
}

DailyRetention::DailyRetention(const Settings& settings, Stores& stores)
    : settings_(settings), stores_(stores) {
    if (settings_.retention.any()) {
        thread_ = std::jthread([this](const std::stop_token& ending) { run(ending); });
    }
}

DailyRetention::~DailyRetention() = default;

void DailyRetention::run(const std::stop_token& ending) {
    std::optional<std::chrono::sys_days> done;
    while (!ending.stop_requested()) {
        const auto now = wall_now();
        if (hour_of(now) == settings_.retention_hour && done != day_of(now)) {
            done = day_of(now);
            run_today();
        }
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, ending, std::chrono::minutes(5), [] { return false; });
    }
}

void DailyRetention::run_today() {
    std::int64_t rows = 0;
    Status done =
        apply_all(settings_, stores_, "", [&](const std::string& organiser, const ops::Due& due) {
            rows += due.rows;
            if (due.rows == 0) return;
            spdlog::info("retention: {}: {} of before {}: {} deleted", organiser,
                         ops::name_of(due.what), format_day(due.before), due.rows);
        });
    // What could not be written anew yesterday is today.
    owes_rewriting_ = owes_rewriting_ || rows > 0;
    if (owes_rewriting_ && done) {
        done = forget_bytes(settings_, sql::Vacuum::plain);
        owes_rewriting_ = !done;
    }
    if (!done) spdlog::error("retention: {}", done.error().detail);
}

}  // namespace kaiku::central
