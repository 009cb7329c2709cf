#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "central/fleet/stores.hpp"
#include "central/store/scope.hpp"

namespace kaiku::central::fleet {
namespace {

using nlohmann::json;
using sql::Connection;

constexpr std::array<std::pair<ScopeKind, const char*>, 4> kKinds{
    {{ScopeKind::organiser, "organiser"},
     {ScopeKind::unit, "unit"},
     {ScopeKind::group, "group"},
     {ScopeKind::device, "device"}}};

const char* name_of(ScopeKind kind) { return kKinds.at(static_cast<std::size_t>(kind)).second; }

[[noreturn]] void damaged(const char* what) {
    throw sql::Trouble(Errc::corrupt,
                       std::string(what) + " cannot be read; restore the store from a backup");
}

ScopeKind kind_from(const std::string& name) {
    for (const auto& [kind, known] : kKinds) {
        if (name == known) return kind;
    }
    damaged("a configuration's scope");
}

ConfigVersion version_of(const sql::Row& row) {
    ConfigVersion version;
    version.scope = {kind_from(row.text(0)), row.text(1)};
    version.version = row.integer(2);
    const json values = json::parse(row.view(3), nullptr, false);
    if (!values.is_object()) damaged("a configuration");
    for (const auto& item : values.items()) {
        if (!item.value().is_string()) damaged("a configuration");
        version.values[item.key()] = item.value().get<std::string>();
    }
    version.percent = static_cast<int>(row.integer(4));
    version.made_at = time_of(row.integer(5));
    return version;
}

class SqlConfigStore final : public ConfigStore {
  public:
    SqlConfigStore(std::shared_ptr<sql::Database> database, std::string organiser)
        : database_(std::move(database)), organiser_(std::move(organiser)) {}

    Result<std::vector<ConfigVersion>> versions() override {
        return database_->read(
            "reading configurations", [&](Connection& db) -> Result<std::vector<ConfigVersion>> {
                auto all = db.all(
                    "SELECT scope_kind, scope_key, version, settings, percent, made_at"
                    " FROM fleet_configs WHERE organiser = $1",
                    {organiser_}, version_of);
                std::ranges::sort(all, {}, [](const ConfigVersion& each) {
                    return std::pair(each.scope, each.version);
                });
                return all;
            });
    }

    Status add(const ConfigVersion& version) override {
        return database_->write("adding a configuration", [&](Connection& db) -> Status {
            const auto added = db.execute(
                "INSERT INTO fleet_configs (organiser, scope_kind, scope_key, version, settings,"
                " percent, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                {organiser_, name_of(version.scope.kind), version.scope.key, version.version,
                 json(version.values).dump(), version.percent, seconds_of(version.made_at)});
            if (added == 1) return {};
            return fail(Errc::refused, "fleet: the version is there already; try again");
        });
    }

    Status roll_out(const ConfigScope& scope, std::int64_t version, int percent) override {
        return database_->write("rolling out a configuration", [&](Connection& db) -> Status {
            const auto changed = db.execute(
                "UPDATE fleet_configs SET percent = $5 WHERE organiser = $1 AND scope_kind = $2"
                " AND scope_key = $3 AND version = $4",
                {organiser_, name_of(scope.kind), scope.key, version, percent});
            if (changed == 1) return {};
            return fail(Errc::not_found, "fleet: no such version");
        });
    }

    Result<Groups> groups() override {
        return database_->read("reading groups", [&](Connection& db) -> Result<Groups> {
            Groups groups;
            db.run("SELECT name, device_id FROM fleet_members WHERE organiser = $1",
                   sql::Values{organiser_}, [&groups](const sql::Row& row) {
                       groups[row.text(0)].insert(row.text(1));
                       return true;
                   });
            return groups;
        });
    }

    Status set_member(const std::string& group, const std::string& device_id,
                      bool member) override {
        return database_->write("changing a group", [&](Connection& db) -> Status {
            if (member) {
                db.execute(
                    "INSERT INTO fleet_members (organiser, name, device_id) VALUES ($1, $2, $3)"
                    " ON CONFLICT DO NOTHING",
                    {organiser_, group, device_id});
            } else {
                db.execute(
                    "DELETE FROM fleet_members WHERE organiser = $1 AND name = $2"
                    " AND device_id = $3",
                    {organiser_, group, device_id});
            }
            return {};
        });
    }

  private:
    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
};

Heard heard_of(const sql::Row& row) {
    auto heartbeat = sync::decode_heartbeat(row.view(2));
    if (!heartbeat) damaged("a heartbeat");
    return {row.text(0), time_of(row.integer(1)), std::move(*heartbeat)};
}

class SqlWatchStore final : public WatchStore {
  public:
    SqlWatchStore(std::shared_ptr<sql::Database> database, std::string organiser)
        : database_(std::move(database)), organiser_(std::move(organiser)) {}

    using WatchStore::hear;
    Status hear(std::span<const Heard> heard) override {
        std::vector<const Heard*> all;
        for (const Heard& each : heard) all.push_back(&each);
        // In the same order everywhere: two processes never wait for each other's rows.
        std::ranges::stable_sort(all, {}, &Heard::device_id);
        return database_->write("noting heartbeats", [&](Connection& db) -> Status {
            for (const Heard* each : all) note(db, *each);
            return {};
        });
    }

    Result<std::vector<Heard>> heard() override {
        return database_->read("reading heartbeats",
                               [&](Connection& db) -> Result<std::vector<Heard>> {
                                   auto all = db.all(
                                       "SELECT device_id, heard_at, heartbeat FROM fleet_heartbeats"
                                       " WHERE organiser = $1",
                                       {organiser_}, heard_of);
                                   std::ranges::sort(all, {}, &Heard::device_id);
                                   return all;
                               });
    }

    Result<std::pair<AlertBook, std::int64_t>> book() override {
        using Book = std::pair<AlertBook, std::int64_t>;
        return database_->read("reading the alerts", [&](Connection& db) -> Result<Book> {
            const auto row = db.first(
                "SELECT book, revision FROM fleet_books WHERE organiser = $1", {organiser_},
                [](const sql::Row& each) { return std::pair(each.text(0), each.integer(1)); });
            if (!row) return Book{};
            auto book = decode_book(row->first);
            if (!book) return tl::make_unexpected(book.error());
            return Book{std::move(*book), row->second};
        });
    }

    Status keep_book(const AlertBook& book, std::int64_t revision) override {
        return database_->write("keeping the alerts", [&](Connection& db) -> Status {
            const std::string text = encode_book(book);
            const auto kept = revision == 0
                                  ? db.execute(
                                        "INSERT INTO fleet_books (organiser, revision, book)"
                                        " VALUES ($1, 1, $2) ON CONFLICT DO NOTHING",
                                        {organiser_, text})
                                  : db.execute(
                                        "UPDATE fleet_books SET book = $2, revision = $3 + 1"
                                        " WHERE organiser = $1 AND revision = $3",
                                        {organiser_, text, revision});
            if (kept == 1) return {};
            return fail(Errc::busy, "fleet: somebody else looks after it");
        });
    }

  private:
    void note(Connection& db, const Heard& heard) const {
        const auto before = db.first(
            "SELECT device_id, heard_at, heartbeat FROM fleet_heartbeats"
            " WHERE organiser = $1 AND device_id = $2",
            {organiser_, heard.device_id}, heard_of);
        sync::Heartbeat kept = heard.heartbeat;
        if (before) kept.last_answer = std::max(kept.last_answer, before->heartbeat.last_answer);
        db.execute(
            "INSERT INTO fleet_heartbeats (organiser, device_id, heard_at, heartbeat)"
            " VALUES ($1, $2, $3, $4) ON CONFLICT (organiser, device_id)"
            " DO UPDATE SET heard_at = excluded.heard_at, heartbeat = excluded.heartbeat",
            {organiser_, heard.device_id, seconds_of(heard.at), encode_heartbeat(kept)});
    }

    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
};

}  // namespace

std::unique_ptr<ConfigStore> make_sql_config_store(std::shared_ptr<sql::Database> database,
                                                   std::string organiser) {
    return std::make_unique<SqlConfigStore>(std::move(database), std::move(organiser));
}

std::unique_ptr<WatchStore> make_sql_watch_store(std::shared_ptr<sql::Database> database,
                                                 std::string organiser) {
    return std::make_unique<SqlWatchStore>(std::move(database), std::move(organiser));
}

}  // namespace kaiku::central::fleet
