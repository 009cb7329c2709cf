#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "central/people/audit.hpp"
#include "central/people/role.hpp"
#include "central/sql/database.hpp"

namespace kaiku::central::people {

/// Somebody who may look at figures or look after terminals.
struct Person {
    std::string name;           ///< check_person_name()
    std::string password_hash;  ///< Argon2id, as libsodium writes it
    bool disabled = false;      ///< keeps name and roles, and may do nothing
    survey::UtcSeconds created_at{};
    survey::UtcSeconds ended_before{};  ///< sign-ins that began then or earlier are over
    std::vector<Grant> grants{};        ///< sorted, each once
    friend bool operator==(const Person&, const Person&) = default;
};

/// 1 to 64 of a–z 0–9 . _ - @, a letter first. Errc::invalid.
Status check_person_name(std::string_view name);

/// What was done to whom. Recorded in the transaction of each change.
struct Change {
    survey::UtcSeconds at{};
    std::string who;
    std::string from;
};

/// One organiser's log of reads of open text and of changes. There is no way to change or take out
/// an entry. Safe to call from any thread.
class AuditLog {
  public:
    virtual ~AuditLog() = default;
    virtual Result<AuditEntry> add(const AuditEvent& event) = 0;
    /// In the order of their numbers.
    virtual Result<std::vector<AuditEntry>> entries() = 0;
};

/// One organiser's people. Each change and its entry in the log are kept together or not at all.
/// Errc::not_found for an unknown person or unit. Safe to call from any thread.
class PeopleStore {
  public:
    virtual ~PeopleStore() = default;
    /// In the order of their names.
    virtual Result<std::vector<Person>> people() = 0;
    virtual Result<std::optional<Person>> find(const std::string& name) = 0;
    /// Errc::refused if the name is taken.
    virtual Status add(const Person& person, const Change& change) = 0;
    virtual Status grant(const std::string& name, const Grant& grant, const Change& change) = 0;
    /// Errc::not_found if the person does not have it.
    virtual Status withdraw(const std::string& name, const Grant& grant, const Change& change) = 0;
    /// A new password ends all sign-ins.
    virtual Status set_password(const std::string& name, const std::string& hash,
                                const Change& change) = 0;
    /// Either way all sign-ins end.
    virtual Status set_disabled(const std::string& name, bool disabled, const Change& change) = 0;
};

std::unique_ptr<AuditLog> sql_audit_log(std::shared_ptr<sql::Database> database,
                                        std::string organiser);
std::unique_ptr<PeopleStore> sql_people_store(std::shared_ptr<sql::Database> database,
                                              std::string organiser);

}  // namespace kaiku::central::people
