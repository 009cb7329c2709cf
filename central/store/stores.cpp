#include "central/store/stores.hpp"

#include <algorithm>
#include <cctype>

#include "central/sql/sqlite.hpp"
#include "central/store/schema.hpp"
#include "central/store/sql_store.hpp"

namespace kaiku::central {
namespace {

Status check_code(const std::string& code) {
    const auto is_plain = [](unsigned char letter) {
        return std::islower(letter) != 0 || std::isdigit(letter) != 0 || letter == '-';
    };
    const bool good = !code.empty() && code.size() <= 32 &&
                      std::islower(static_cast<unsigned char>(code.front())) != 0 &&
                      std::all_of(code.begin(), code.end(), is_plain);
    if (good) return {};
    return fail(Errc::invalid, "--code: use 1 to 32 of a–z 0–9 -, a letter first");
}

Status check_host(const std::string& host) {
    const bool good =
        host.size() <= 253 && std::all_of(host.begin(), host.end(), [](unsigned char letter) {
            return std::islower(letter) != 0 || std::isdigit(letter) != 0 || letter == '-' ||
                   letter == '.';
        });
    if (good) return {};
    return fail(Errc::invalid, "--host: write it as palaute.example.fi, in small letters, alone");
}

std::vector<Organiser> read_organisers(sql::Connection& db) {
    auto all = db.all("SELECT organiser, name, host FROM organisers", {}, [](const sql::Row& row) {
        return Organiser{row.text(0), row.text(1), row.text(2)};
    });
    std::sort(all.begin(), all.end(),
              [](const Organiser& a, const Organiser& b) { return a.code < b.code; });
    return all;
}

tl::unexpected<Error> error_of(const sql::Trouble& trouble, const std::string& what) {
    return fail(trouble.code(), "store: " + what + trouble.what());
}

}  // namespace

Result<std::vector<Organiser>> Stores::organisers() {
    return database_->read(
        "reading the organisers",
        [](sql::Connection& db) -> Result<std::vector<Organiser>> { return read_organisers(db); });
}

Status Stores::add(const Organiser& organiser) {
    if (Status good = check_code(organiser.code); !good) return good;
    if (Status good = check_host(organiser.host); !good) return good;
    return database_->write("adding an organiser", [&](sql::Connection& db) -> Status {
        for (const Organiser& other : read_organisers(db)) {
            if (other.code == organiser.code) {
                return fail(Errc::refused, "organiser '" + organiser.code + "' exists already");
            }
            if (!organiser.host.empty() && other.host == organiser.host) {
                return fail(Errc::refused, "the host belongs to organiser '" + other.code + "'");
            }
        }
        db.execute("INSERT INTO organisers (organiser, name, host) VALUES ($1, $2, $3)",
                   {organiser.code, organiser.name, organiser.host});
        return {};
    });
}

Result<std::unique_ptr<Store>> Stores::of(const std::string& organiser) {
    const auto all = organisers();
    if (!all) return tl::make_unexpected(all.error());
    const bool known = std::any_of(all->begin(), all->end(),
                                   [&](const Organiser& one) { return one.code == organiser; });
    if (!known) return fail(Errc::not_found, "organiser '" + organiser + "' does not exist");
    return make_sql_store(database_, organiser, ready_);
}

Result<std::unique_ptr<Stores>> open_sqlite_stores(const SqliteOptions& options) {
    std::error_code failed;
    if (!options.create && !std::filesystem::exists(options.path, failed)) {
        return fail(Errc::not_found, "store: there is no file " + options.path.string() +
                                         "; add units first, or give another --store");
    }
    if (options.create && options.path.has_parent_path()) {
        std::filesystem::create_directories(options.path.parent_path(), failed);
        if (failed) {
            return fail(Errc::io, "store: cannot make the folder " +
                                      options.path.parent_path().string() + ": " +
                                      failed.message());
        }
    }
    const auto folder = std::filesystem::absolute(options.path).parent_path();
    try {
        auto database = sql::open_sqlite(
            {options.path, options.create, options.busy_timeout}, [&](sql::Connection& db) {
                if (options.check) {
                    const auto verdict = db.first("PRAGMA quick_check(1)", {},
                                                  [](const sql::Row& row) { return row.text(0); });
                    if (verdict != "ok") {
                        throw sql::Trouble(Errc::corrupt, "damaged; restore it from a backup");
                    }
                }
                migrate(db);
            });
        return std::make_unique<Stores>(std::move(database),
                                        [folder, min_free_bytes = options.min_free_bytes] {
                                            return check_free_space(folder, min_free_bytes);
                                        });
    } catch (const sql::Trouble& trouble) {
        return error_of(trouble, "opening " + options.path.string() + ": ");
    }
}

Result<std::unique_ptr<Stores>> open_postgres_stores(const sql::PostgresServer& server) {
    try {
        return std::make_unique<Stores>(
            sql::open_postgres(server, [](sql::Connection& db) { migrate(db); }),
            [] { return Status(); });
    } catch (const sql::Trouble& trouble) {
        return error_of(trouble, "");
    }
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
    const auto stores = open_sqlite_stores(options);
    if (!stores) return tl::make_unexpected(stores.error());
    return (*stores)->of(kDefaultOrganiser);
}

}  // namespace kaiku::central
