#include <algorithm>

#include "central/people/audit_rows.hpp"
#include "central/people/store.hpp"
#include "central/store/unit_rows.hpp"

namespace kaiku::central::people {
namespace {

Grant grant_of(const sql::Row& row, int first) {
    const auto column = static_cast<std::size_t>(first);
    const auto role = role_from(row.view(column));
    if (!role) throw sql::Trouble(Errc::corrupt, "people_grants: a role is none that we know");
    return {*role, row.text(column + 1)};
}

Person person_of(const sql::Row& row) {
    return {row.text(0),
            row.text(1),
            row.integer(2) != 0,
            time_of(row.integer(3)),
            time_of(row.integer(4)),
            {}};
}

std::optional<Person> read_person(Scope scope, const std::string& name) {
    auto person = scope.db.first(
        "SELECT name, password_hash, disabled, created_at, ended_before FROM people"
        " WHERE organiser = $1 AND name = $2",
        {scope.organiser, name}, person_of);
    if (!person) return person;
    person->grants =
        scope.db.all("SELECT role, unit FROM people_grants WHERE organiser = $1 AND person = $2",
                     {scope.organiser, name}, [](const sql::Row& row) { return grant_of(row, 0); });
    std::ranges::sort(person->grants);
    return person;
}

std::vector<Person> read_people(Scope scope) {
    auto people = scope.db.all(
        "SELECT name, password_hash, disabled, created_at, ended_before FROM people"
        " WHERE organiser = $1",
        {scope.organiser}, person_of);
    std::ranges::sort(people, {}, &Person::name);
    const auto grants = scope.db.all(
        "SELECT person, role, unit FROM people_grants WHERE organiser = $1", {scope.organiser},
        [](const sql::Row& row) { return std::pair(row.text(0), grant_of(row, 1)); });
    for (const auto& [name, grant] : grants) {
        const auto person = std::ranges::lower_bound(people, name, {}, &Person::name);
        if (person != people.end() && person->name == name) person->grants.push_back(grant);
    }
    for (Person& person : people) std::ranges::sort(person.grants);
    return people;
}

Status nobody(const std::string& name) {
    return fail(Errc::not_found, "person '" + name + "' does not exist");
}

Status insert_grant(Scope scope, const std::string& name, const Grant& grant) {
    if (!grant.unit.empty() && !find_unit(scope, grant.unit)) return unit_missing(grant.unit);
    scope.db.execute(
        "INSERT INTO people_grants (organiser, person, role, unit) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        {scope.organiser, name, to_string(grant.role), grant.unit});
    return {};
}

Status insert_person(Scope scope, const Person& person) {
    const auto added = scope.db.execute(
        "INSERT INTO people (organiser, name, password_hash, disabled, created_at, ended_before)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        {scope.organiser, person.name, person.password_hash, person.disabled ? 1 : 0,
         seconds_of(person.created_at), seconds_of(person.ended_before)});
    if (added == 0) return fail(Errc::refused, "person '" + person.name + "' exists already");
    for (const Grant& grant : person.grants) {
        if (Status granted = insert_grant(scope, person.name, grant); !granted) return granted;
    }
    return {};
}

std::string said(const std::string& name, const Grant& grant) {
    return name + ": " + std::string(to_string(grant.role)) +
           (grant.unit.empty() ? " of everything" : " at " + grant.unit);
}

class SqlPeopleStore final : public PeopleStore {
  public:
    SqlPeopleStore(std::shared_ptr<sql::Database> database, std::string organiser)
        : database_(std::move(database)), organiser_(std::move(organiser)) {}

    Result<std::vector<Person>> people() override {
        return database_->snapshot("reading people",
                                   [&](sql::Connection& db) -> Result<std::vector<Person>> {
                                       return read_people({db, organiser_});
                                   });
    }
    Result<std::optional<Person>> find(const std::string& name) override {
        return database_->snapshot("reading a person",
                                   [&](sql::Connection& db) -> Result<std::optional<Person>> {
                                       return read_person({db, organiser_}, name);
                                   });
    }
    Status add(const Person& person, const Change& change) override {
        if (Status good = check_person_name(person.name); !good) return good;
        std::string object = person.name;
        for (const Grant& grant : person.grants) object = said(object, grant);
        return logged("add person", object, change,
                      [&](Scope scope) { return insert_person(scope, person); });
    }
    Status grant(const std::string& name, const Grant& grant, const Change& change) override {
        return logged("give role", said(name, grant), change, [&](Scope scope) {
            return read_person(scope, name) ? insert_grant(scope, name, grant) : nobody(name);
        });
    }
    Status withdraw(const std::string& name, const Grant& grant, const Change& change) override {
        return logged("take role", said(name, grant), change, [&](Scope scope) -> Status {
            const auto gone = scope.db.execute(
                "DELETE FROM people_grants WHERE organiser = $1 AND person = $2 AND role = $3"
                " AND unit = $4",
                {scope.organiser, name, to_string(grant.role), grant.unit});
            if (gone > 0) return {};
            return fail(Errc::not_found, "nobody is " + said(name, grant));
        });
    }
    Status set_password(const std::string& name, const std::string& hash,
                        const Change& change) override {
        return logged("set password", name, change, [&](Scope scope) -> Status {
            const auto changed = scope.db.execute(
                "UPDATE people SET password_hash = $3, ended_before = $4"
                " WHERE organiser = $1 AND name = $2",
                {scope.organiser, name, hash, seconds_of(change.at)});
            return changed > 0 ? Status() : nobody(name);
        });
    }
    Status set_disabled(const std::string& name, bool disabled, const Change& change) override {
        return logged(disabled ? "disable person" : "enable person", name, change,
                      [&](Scope scope) -> Status {
                          const auto changed = scope.db.execute(
                              "UPDATE people SET disabled = $3, ended_before = $4"
                              " WHERE organiser = $1 AND name = $2",
                              {scope.organiser, name, disabled ? 1 : 0, seconds_of(change.at)});
                          return changed > 0 ? Status() : nobody(name);
                      });
    }

  private:
    /// The change and its entry, or neither.
    template <class F>
    Status logged(const std::string& what, const std::string& object, const Change& change,
                  F make) {
        return database_->write("changing people", [&](sql::Connection& db) -> Status {
            const Scope scope{db, organiser_};
            if (Status held = hold_log(scope); !held) return held;
            if (Status made = make(scope); !made) return made;
            insert_entry(scope, {change.at, change.who, what, object, change.from});
            return {};
        });
    }

    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
};

}  // namespace

Status check_person_name(std::string_view name) {
    const bool plain = std::ranges::all_of(name, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '.' || letter == '_' || letter == '-' || letter == '@';
    });
    if (name.empty() || name.size() > 64 || !plain || name.front() < 'a' || name.front() > 'z') {
        return fail(Errc::invalid, "--name: use 1 to 64 of a-z 0-9 . _ - @, a letter first");
    }
    return {};
}

std::unique_ptr<PeopleStore> sql_people_store(std::shared_ptr<sql::Database> database,
                                              std::string organiser) {
    return std::make_unique<SqlPeopleStore>(std::move(database), std::move(organiser));
}

}  // namespace kaiku::central::people
