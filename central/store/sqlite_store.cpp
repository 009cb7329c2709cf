#include "central/store/sqlite_store.hpp"

#include <mutex>
#include <nlohmann/json.hpp>

#include "central/store/device_rows.hpp"
#include "central/store/ledger_rows.hpp"
#include "central/store/response_row.hpp"
#include "central/store/secret_rows.hpp"
#include "central/store/selected_rows.hpp"
#include "central/store/sqlite_schema.hpp"
#include "central/store/unit_rows.hpp"
#include "survey/wire.hpp"

namespace kaiku::central {
namespace {

/// Runs `body`, turning SQLite's exceptions into errors.
template <class Body>
auto guarded(std::string_view what, Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const SQLite::Exception& exception) {
        return tl::make_unexpected(from_sqlite(exception, what));
    }
}

std::int64_t seconds_of(survey::UtcSeconds time) { return time.time_since_epoch().count(); }

const char* name_of(SecretKind kind) {
    switch (kind) {
        case SecretKind::enrolment:
            return "enrolment";
        case SecretKind::device:
            return "device";
        case SecretKind::token:
            return "token";
    }
    return "";
}

void bind_or_null(SQLite::Statement& statement, int index, const std::string& text) {
    if (text.empty()) {
        statement.bind(index);
    } else {
        statement.bind(index, text);
    }
}

Status unit_missing(const std::string& code) {
    return fail(Errc::not_found, "unit '" + code + "' does not exist");
}

void insert_secret(SQLite::Database& database, const Secret& secret,
                   const std::string& public_key = {}) {
    SQLite::Statement insert(database, "INSERT INTO secrets VALUES (?,?,?,?,?,?,?)");
    insert.bind(1, secret.hash);
    insert.bind(2, name_of(secret.kind));
    bind_or_null(insert, 3, secret.unit);
    insert.bind(4, secret.scope);
    insert.bind(5, secret.device_id);
    insert.bind(6, seconds_of(secret.created_at));
    if (secret.expires_at) {
        insert.bind(7, seconds_of(*secret.expires_at));
    } else {
        insert.bind(7);
    }
    insert.exec();
    if (secret.kind == SecretKind::device) {
        insert_device(database, {.id = secret.device_id,
                                 .unit = secret.unit,
                                 .public_key = public_key,
                                 .enrolled_at = secret.created_at});
    }
}

/// Two connections: a report never waits for a write, nor a write for a report.
class SqliteStore final : public Store {
  public:
    explicit SqliteStore(const SqliteOptions& options)
        : folder_(std::filesystem::absolute(options.path).parent_path()),
          min_free_bytes_(options.min_free_bytes),
          writer_(options.path.string(),
                  SQLite::OPEN_READWRITE | (options.create ? SQLite::OPEN_CREATE : 0),
                  static_cast<int>(options.busy_timeout.count())) {}

    Status prepare(const SqliteOptions& options) {
        if (options.check) {
            const std::string verdict = writer_.execAndGet("PRAGMA quick_check(1)").getString();
            if (verdict != "ok") {
                return fail(Errc::corrupt, "store: damaged; restore it from a backup");
            }
        }
        if (Status done = migrate(writer_); !done) {
            return done;
        }
        prepare_connection(writer_);
        reader_.emplace(options.path.string(), SQLite::OPEN_READWRITE,
                        static_cast<int>(options.busy_timeout.count()));
        prepare_connection(*reader_);
        reader_->exec("PRAGMA query_only = ON");
        return {};
    }

    Status add_unit(const Unit& unit) override {
        return change("adding a unit", [&]() -> Status {
            if (find_unit(writer_, unit.code)) {
                return fail(Errc::refused, "unit '" + unit.code + "' exists already");
            }
            if (!unit.parent.empty() && !find_unit(writer_, unit.parent)) {
                return unit_missing(unit.parent);
            }
            SQLite::Statement insert(writer_, "INSERT INTO units VALUES (?,?,?,?,?)");
            insert.bind(1, unit.code);
            insert.bind(2, unit.name_fi);
            insert.bind(3, unit.name_sv);
            bind_or_null(insert, 4, unit.parent);
            bind_or_null(insert, 5, unit.oid);
            insert.exec();
            return {};
        });
    }

    Result<std::vector<Unit>> units() override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading the units",
                       [&]() -> Result<std::vector<Unit>> { return read_units(*reader_); });
    }

    Result<bool> holds(const survey::ResponseId& id) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("looking for a response",
                       [&]() -> Result<bool> { return has_response(*reader_, id); });
    }

    Status add_secret(const Secret& secret) override {
        return change("adding a credential", [&]() -> Status {
            if (!secret.unit.empty() && !find_unit(writer_, secret.unit)) {
                return unit_missing(secret.unit);
            }
            insert_secret(writer_, secret);
            return {};
        });
    }

    Result<std::optional<Secret>> find_credential(const std::string& hash) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading a credential", [&]() -> Result<std::optional<Secret>> {
            return read_credential(*reader_, hash);
        });
    }

    Result<Unit> redeem(const std::string& code_hash, Secret device,
                        const std::string& public_key) override {
        const std::lock_guard lock(write_mutex_);
        return guarded("enrolling a device", [&]() -> Result<Unit> {
            SQLite::Transaction transaction(writer_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement code(writer_,
                                   "SELECT unit, device_id FROM secrets"
                                   " WHERE hash = ? AND kind = 'enrolment'"
                                   " AND (expires_at IS NULL OR expires_at > ?)");
            code.bind(1, code_hash);
            code.bind(2, seconds_of(device.created_at));
            const bool known = code.executeStep();
            const auto unit =
                known ? find_unit(writer_, code.getColumn(0).getString()) : std::nullopt;
            const std::string replaced = unit ? code.getColumn(1).getString() : "";
            if (!unit) {
                return fail(Errc::unauthorized, "the enrolment code is unknown, used or expired");
            }
            code.reset();
            SQLite::Statement used(writer_, "DELETE FROM secrets WHERE hash = ?");
            used.bind(1, code_hash);
            used.exec();
            device.unit = unit->code;
            device.kind = SecretKind::device;
            insert_secret(writer_, device, public_key);
            if (!replaced.empty()) {
                (void)revoke_device(writer_, replaced, device.created_at, device.device_id);
            }
            transaction.commit();
            return *unit;
        });
    }

    Result<std::vector<Device>> devices() override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading the devices",
                       [&]() -> Result<std::vector<Device>> { return read_devices(*reader_); });
    }

    Result<std::optional<Device>> find_device(const std::string& id) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading a device", [&]() -> Result<std::optional<Device>> {
            return read_device(*reader_, id);
        });
    }

    Status renew(const Secret& credential, const std::string& public_key,
                 const MessageMark& mark) override {
        return change("renewing a credential", [&]() -> Status {
            if (auto done = renew_device(writer_, credential.device_id, public_key, mark); !done) {
                return done;
            }
            SQLite::Statement old(writer_,
                                  "DELETE FROM secrets WHERE kind = 'device' AND device_id = ?"
                                  " AND expires_at <= ?");
            old.bind(1, credential.device_id);
            old.bind(2, seconds_of(credential.created_at));
            old.exec();
            insert_secret(writer_, credential);
            return {};
        });
    }

    Status revoke(const std::string& id, survey::UtcSeconds when,
                  const std::string& replaced_by) override {
        return change("revoking a device",
                      [&] { return revoke_device(writer_, id, when, replaced_by); });
    }

    Result<std::int64_t> end_credentials(survey::UtcSeconds when) override {
        const std::lock_guard lock(write_mutex_);
        return guarded("ending credentials", [&]() -> Result<std::int64_t> {
            SQLite::Statement update(writer_,
                                     "UPDATE secrets SET expires_at = ?"
                                     " WHERE kind = 'device' AND expires_at IS NULL");
            update.bind(1, seconds_of(when));
            return update.exec();
        });
    }

    Status take_ledger(const sync::LedgerReport& report, const MessageMark& mark) override {
        return change("storing a device's counts", [&]() -> Status {
            if (!read_device(writer_, mark.device_id)) {
                return fail(Errc::not_found, "device '" + mark.device_id + "' does not exist");
            }
            write_ledger(writer_, report, mark);
            mark_message(writer_, mark);
            return {};
        });
    }

    Result<Ledger> ledger(const std::string& device_id, const std::string& from,
                          const std::string& to) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading the ledger", [&]() -> Result<Ledger> {
            return read_ledger(*reader_, device_id, from, to);
        });
    }

    using Store::put;
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::span<const MessageMark> marks) override {
        const std::lock_guard lock(write_mutex_);
        return guarded("storing responses", [&]() -> Result<std::vector<Stored>> {
            SQLite::Transaction transaction(writer_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement insert(writer_, std::string("INSERT INTO responses (") +
                                                  kResponseColumns +
                                                  ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                                                  " ON CONFLICT(id) DO NOTHING");
            std::vector<Stored> outcomes;
            outcomes.reserve(submissions.size());
            for (const Submission& submission : submissions) {
                if (!find_unit(writer_, submission.response.unit)) {
                    return tl::make_unexpected(unit_missing(submission.response.unit).error());
                }
                bind_response(insert, submission.response);
                const bool is_new = insert.exec() == 1;
                insert.reset();
                if (is_new && !submission.response.contact.empty()) {
                    insert_contact(submission);
                }
                outcomes.push_back(is_new ? Stored::now : Stored::before);
                count_in_ledger(writer_, submission, outcomes.back());
            }
            for (const MessageMark& mark : marks) mark_message(writer_, mark);
            transaction.commit();
            return outcomes;
        });
    }

    Result<Tallies> tally(const Selection& selection) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("counting responses", [&]() -> Result<Tallies> {
            Tallies tallies;
            tally_rows(*reader_, selection, tallies);
            return tallies;
        });
    }

    Status visit(const Selection& selection,
                 const std::function<bool(const survey::Response&)>& visit) override {
        const std::lock_guard lock(read_mutex_);
        return guarded("reading responses", [&]() -> Status {
            SQLite::Statement rows(*reader_, std::string("SELECT ") + kResponseColumns +
                                                 " FROM responses" + kSelectedRows +
                                                 " ORDER BY answered_at, id");
            bind_selection(rows, selection);
            while (rows.executeStep()) {
                const Result<survey::Response> response = read_response(rows);
                if (!response) {
                    return tl::make_unexpected(response.error());
                }
                if (!visit(*response)) {
                    break;
                }
            }
            return {};
        });
    }

    Status check_writable() override {
        const std::lock_guard lock(write_mutex_);
        return guarded("trying a write", [&]() -> Status {
            if (Status room = check_free_space(folder_, min_free_bytes_); !room) {
                return room;
            }
            // As much as the largest answer takes: a smaller write finds room where no answer does.
            // Never the same bytes: SQLite leaves pages alone that would not change.
            SQLite::Statement probe(writer_,
                                    "INSERT INTO probe VALUES (1, randomblob(?1))"
                                    " ON CONFLICT(one) DO UPDATE SET count = excluded.count");
            probe.bind(1, static_cast<std::int64_t>(2 * survey::kMaxResponseBytes));
            probe.exec();
            return {};
        });
    }

  private:
    /// One transaction, kept when `work` succeeds.
    template <class Work>
    Status change(std::string_view what, Work work) {
        const std::lock_guard lock(write_mutex_);
        return guarded(what, [&]() -> Status {
            SQLite::Transaction transaction(writer_, SQLite::TransactionBehavior::IMMEDIATE);
            if (Status done = work(); !done) return done;
            transaction.commit();
            return {};
        });
    }

    void insert_contact(const Submission& submission) {
        SQLite::Statement insert(writer_, "INSERT INTO contacts VALUES (?,?,?,?,?)");
        insert.bind(1, submission.contact_id);
        insert.bind(2, submission.response.unit);
        insert.bind(3, submission.received_day);
        insert.bind(4, std::string(survey::to_string(submission.response.language)));
        insert.bind(5, submission.response.contact);
        insert.exec();
    }

    std::filesystem::path folder_;
    std::uint64_t min_free_bytes_;
    std::mutex write_mutex_;
    std::mutex read_mutex_;
    SQLite::Database writer_;
    std::optional<SQLite::Database> reader_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
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
    return guarded("opening " + options.path.string(), [&]() -> Result<std::unique_ptr<Store>> {
        auto store = std::make_unique<SqliteStore>(options);
        if (Status done = store->prepare(options); !done) {
            return tl::make_unexpected(done.error());
        }
        return std::unique_ptr<Store>(std::move(store));
    });
}

}  // namespace kaiku::central
