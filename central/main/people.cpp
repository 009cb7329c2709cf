// kaiku-central person and audit.
#include "central/main/people.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "central/main/password_input.hpp"
#include "central/people/password.hpp"

namespace kaiku::central {
namespace {

/// The system's name of the user whose shell this is.
std::string shell_user() {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
        return std::string("shell ") + entry.pw_name;
    }
    return "shell " + std::to_string(getuid());
}

Result<people::Grant> grant_of(const CommandLine& line) {
    const auto role = people::role_from(line.role);
    if (!role) {
        return fail(Errc::invalid,
                    "--role: '" + line.role + "' is none of viewer, reader, operator, admin");
    }
    return people::Grant{*role, line.code};
}

/// Runs `work` with the organiser's people.
template <class F>
Status with_people(const Settings& settings, bool create, F work) {
    const auto stores = open_stores(settings, create);
    if (!stores) return tl::make_unexpected(stores.error());
    const auto store = people::sql_people_store((*stores)->database(), settings.organiser);
    return work(*store);
}

/// Asks for a new password and hashes it.
Result<std::string> new_hash(const CommandLine& line) {
    auto password = ask_password(line.file);
    if (!password) return tl::make_unexpected(password.error());
    Result<std::string> hash = [&]() -> Result<std::string> {
        if (Status good = people::check_new_password(*password, line.person); !good)
            return tl::make_unexpected(good.error());
        return people::PasswordHasher().hash(*password);
    }();
    forget(*password);
    return hash;
}

std::string as_text(const std::vector<people::Person>& all) {
    std::string out;
    for (const people::Person& person : all) {
        out += person.name + (person.disabled ? "  disabled" : "  enabled");
        for (const people::Grant& grant : person.grants) {
            out += "  " + std::string(people::to_string(grant.role)) + "@" +
                   (grant.unit.empty() ? "*" : grant.unit);
        }
        out += "\n";
    }
    return out;
}

std::string as_json(const std::vector<people::Person>& all) {
    auto list = nlohmann::ordered_json::array();
    for (const people::Person& person : all) {
        auto grants = nlohmann::ordered_json::array();
        for (const people::Grant& grant : person.grants) {
            grants.push_back({{"role", people::to_string(grant.role)}, {"unit", grant.unit}});
        }
        list.push_back({{"name", person.name},
                        {"disabled", person.disabled},
                        {"created_at", survey::format_rfc3339(person.created_at)},
                        {"roles", grants}});
    }
    return list.dump(2) + "\n";
}

Result<std::vector<people::AuditEntry>> entries_of(const Settings& settings) {
    const auto stores = open_stores(settings, false);
    if (!stores) return tl::make_unexpected(stores.error());
    return people::sql_audit_log((*stores)->database(), settings.organiser)->entries();
}

}  // namespace

people::Change change_by(const std::string& command) {
    return {wall_now(), shell_user(), "kaiku-central " + command};
}

Status record(const Settings& settings, Stores& stores, const std::string& what,
              const std::string& object, const std::string& command) {
    const auto change = change_by(command);
    const auto added = people::sql_audit_log(stores.database(), settings.organiser)
                           ->add({change.at, change.who, what, object, change.from});
    return added ? Status() : tl::make_unexpected(added.error());
}

Status run_person_add(const Settings& settings, const CommandLine& line) {
    if (Status good = people::check_person_name(line.person); !good) return good;
    const auto grant = grant_of(line);
    if (!grant) return tl::make_unexpected(grant.error());
    const auto hash = new_hash(line);
    if (!hash) return tl::make_unexpected(hash.error());
    return with_people(settings, true, [&](people::PeopleStore& store) {
        people::Person person;
        person.name = line.person;
        person.password_hash = *hash;
        person.created_at = wall_now();
        person.grants = {*grant};
        return store.add(person, change_by("person add"));
    });
}

Status run_person_list(const Settings& settings, const CommandLine& line) {
    if (!line.format.empty() && line.format != "text" && line.format != "json") {
        return fail(Errc::invalid, "--format: use text or json");
    }
    return with_people(settings, false, [&](people::PeopleStore& store) -> Status {
        const auto all = store.people();
        if (!all) return tl::make_unexpected(all.error());
        return print(line.format == "json" ? as_json(*all) : as_text(*all));
    });
}

Status run_person_role(const Settings& settings, const CommandLine& line) {
    const auto grant = grant_of(line);
    if (!grant) return tl::make_unexpected(grant.error());
    return with_people(settings, false, [&](people::PeopleStore& store) {
        const auto change = change_by("person role");
        return line.undo ? store.withdraw(line.person, *grant, change)
                         : store.grant(line.person, *grant, change);
    });
}

Status run_person_reset(const Settings& settings, const CommandLine& line) {
    const auto hash = new_hash(line);
    if (!hash) return tl::make_unexpected(hash.error());
    return with_people(settings, false, [&](people::PeopleStore& store) {
        return store.set_password(line.person, *hash, change_by("person reset"));
    });
}

Status run_person_disable(const Settings& settings, const CommandLine& line) {
    return with_people(settings, false, [&](people::PeopleStore& store) {
        return store.set_disabled(line.person, !line.undo, change_by("person disable"));
    });
}

Status run_audit_list(const Settings& settings, const CommandLine&) {
    const auto entries = entries_of(settings);
    if (!entries) return tl::make_unexpected(entries.error());
    std::string out;
    for (const people::AuditEntry& entry : *entries) {
        out += nlohmann::ordered_json{{"number", entry.number},
                                      {"at", survey::format_rfc3339(entry.event.at)},
                                      {"who", entry.event.who},
                                      {"what", entry.event.what},
                                      {"object", entry.event.object},
                                      {"from", entry.event.from},
                                      {"hash", entry.hash}}
                   .dump() +
               "\n";
    }
    return print(out);
}

Status run_audit_verify(const Settings& settings, const CommandLine& line) {
    const auto entries = entries_of(settings);
    if (!entries) return tl::make_unexpected(entries.error());
    if (Status good = people::check_chain(settings.organiser, *entries, line.noted); !good) {
        return good;
    }
    return print(std::to_string(entries->size()) + " entries, each tied to the one before" +
                 (entries->empty() ? "\n" : "; last " + entries->back().hash + "\n"));
}

}  // namespace kaiku::central
