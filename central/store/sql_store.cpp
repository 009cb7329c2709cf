#include "central/store/sql_store.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <type_traits>

#include "central/store/device_rows.hpp"
#include "central/store/ledger_rows.hpp"
#include "central/store/response_rows.hpp"
#include "central/store/rollup_check.hpp"
#include "central/store/rollup_rows.hpp"
#include "central/store/scope.hpp"
#include "central/store/secret_rows.hpp"
#include "central/store/unit_rows.hpp"
#include "survey/wire.hpp"

namespace kaiku::central {
namespace {

class SqlStore final : public Store {
  public:
    SqlStore(std::shared_ptr<sql::Database> database, std::string organiser,
             std::function<Status()> ready)
        : database_(std::move(database)),
          organiser_(std::move(organiser)),
          ready_(std::move(ready)) {}

    Status add_unit(const Unit& unit) override {
        return write("adding a unit", [&](Scope scope) { return insert_unit(scope, unit); });
    }

    Result<std::vector<Unit>> units() override {
        return read("reading the units",
                    [](Scope scope) -> Result<std::vector<Unit>> { return read_units(scope); });
    }

    Result<bool> holds(const survey::ResponseId& id) override {
        return read("looking for a response",
                    [&](Scope scope) -> Result<bool> { return has_response(scope, id); });
    }

    Status add_secret(const Secret& secret) override {
        return write("adding a credential", [&](Scope scope) -> Status {
            if (!secret.unit.empty() && !find_unit(scope, secret.unit)) {
                return unit_missing(secret.unit);
            }
            insert_secret(scope, secret);
            return {};
        });
    }

    Result<std::optional<Secret>> find_credential(const std::string& hash) override {
        return read("reading a credential", [&](Scope scope) -> Result<std::optional<Secret>> {
            return read_credential(scope, hash);
        });
    }

    Result<Unit> redeem(const std::string& code_hash, Secret device,
                        const std::string& public_key) override {
        return write("enrolling a device", [&](Scope scope) -> Result<Unit> {
            const auto code = take_code(scope, code_hash, device.created_at);
            const auto unit = code ? find_unit(scope, code->unit) : std::nullopt;
            if (!unit) {
                return fail(Errc::unauthorized, "the enrolment code is unknown, used or expired");
            }
            device.unit = unit->code;
            device.kind = SecretKind::device;
            insert_secret(scope, device, public_key);
            if (!code->device_id.empty()) {
                (void)revoke_device(scope, code->device_id, device.created_at, device.device_id);
            }
            return *unit;
        });
    }

    Result<std::vector<Device>> devices() override {
        return read("reading the devices",
                    [](Scope scope) -> Result<std::vector<Device>> { return read_devices(scope); });
    }

    Result<std::optional<Device>> find_device(const std::string& id) override {
        return read("reading a device", [&](Scope scope) -> Result<std::optional<Device>> {
            return read_device(scope, id);
        });
    }

    Status renew(const Secret& credential, const std::string& public_key,
                 const MessageMark& mark) override {
        return write("renewing a credential", [&](Scope scope) -> Status {
            if (auto done = renew_device(scope, credential.device_id, public_key, mark); !done) {
                return done;
            }
            delete_expired(scope, credential.device_id, credential.created_at);
            insert_secret(scope, credential);
            return {};
        });
    }

    Status revoke(const std::string& id, survey::UtcSeconds when,
                  const std::string& replaced_by) override {
        return write("revoking a device",
                     [&](Scope scope) { return revoke_device(scope, id, when, replaced_by); });
    }

    Result<std::int64_t> end_credentials(survey::UtcSeconds when) override {
        return write("ending credentials", [&](Scope scope) -> Result<std::int64_t> {
            return central::end_credentials(scope, when);
        });
    }

    Status take_ledger(const sync::LedgerReport& report, const MessageMark& mark) override {
        return write("storing a device's counts", [&](Scope scope) -> Status {
            if (!read_device(scope, mark.device_id)) {
                return fail(Errc::not_found, "device '" + mark.device_id + "' does not exist");
            }
            write_ledger(scope, report, mark);
            mark_message(scope, mark);
            return {};
        });
    }

    Result<Ledger> ledger(const std::string& device_id, const std::string& from,
                          const std::string& to) override {
        return snapshot("reading the ledger", [&](Scope scope) -> Result<Ledger> {
            return read_ledger(scope, device_id, from, to);
        });
    }

    using Store::put;
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::span<const MessageMark> marks) override {
        std::set<std::string> units;
        for (const Submission& submission : submissions) units.insert(submission.response.unit);
        std::vector<const MessageMark*> in_order;
        for (const MessageMark& mark : marks) in_order.push_back(&mark);
        std::stable_sort(in_order.begin(), in_order.end(),
                         [](const auto* a, const auto* b) { return a->device_id < b->device_id; });
        return write("storing responses", [&](Scope scope) -> Result<std::vector<Stored>> {
            if (const auto missing = missing_unit(scope, units)) {
                return tl::make_unexpected(unit_missing(*missing).error());
            }
            auto outcomes = insert_responses(scope, submissions);
            Rollups rollups;
            for (std::size_t i = 0; i < outcomes.size(); ++i) {
                if (outcomes[i] == Stored::now) count_response(rollups, submissions[i].response);
            }
            add_to_rollups(scope, rollups);
            count_in_ledger(scope, submissions, outcomes);
            for (const MessageMark* mark : in_order) mark_message(scope, *mark);
            return outcomes;
        });
    }

    Result<Tallies> tally(const Selection& selection) override {
        return snapshot("counting responses",
                        [&](Scope scope) { return tally_rollups(scope, selection); });
    }

    Result<std::vector<RollupDifference>> verify(const MonthTold& told) override {
        return snapshot("verifying the rollups",
                        [&](Scope scope) { return compare_rollups(scope, told); });
    }

    Status rebuild(const MonthTold& told) override {
        return rebuild_rollups(*database_, organiser_, told);
    }

    Status visit(const Selection& selection,
                 const std::function<bool(const survey::Response&)>& visit) override {
        return snapshot("reading responses",
                        [&](Scope scope) { return visit_responses(scope, selection, visit); });
    }

    Status check_writable() override {
        if (Status room = ready_(); !room) return room;
        return write("trying a write", [&](Scope scope) -> Status {
            // As much as the largest answer takes: a smaller write finds room where no answer
            // does. Never the same bytes: pages that would not change are not written.
            const auto now = std::chrono::system_clock::now().time_since_epoch().count();
            std::string content(2 * survey::kMaxResponseBytes, static_cast<char>('a' + now % 26));
            content += std::to_string(now);
            scope.db.execute(
                "INSERT INTO probe (organiser, content) VALUES ($1, $2)"
                " ON CONFLICT (organiser) DO UPDATE SET content = excluded.content",
                {scope.organiser, content});
            return {};
        });
    }

  private:
    template <class F>
    std::invoke_result_t<F, Scope> read(std::string_view what, F work) {
        return database_->read(what, [&](sql::Connection& db) {
            return work(Scope{db, organiser_});
        });
    }
    template <class F>
    std::invoke_result_t<F, Scope> snapshot(std::string_view what, F work) {
        return database_->snapshot(what, [&](sql::Connection& db) {
            return work(Scope{db, organiser_});
        });
    }
    template <class F>
    std::invoke_result_t<F, Scope> write(std::string_view what, F work) {
        return database_->write(what, [&](sql::Connection& db) {
            return work(Scope{db, organiser_});
        });
    }

    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
    std::function<Status()> ready_;
};

}  // namespace

std::unique_ptr<Store> make_sql_store(std::shared_ptr<sql::Database> database,
                                      std::string organiser, std::function<Status()> ready) {
    return std::make_unique<SqlStore>(std::move(database), std::move(organiser), std::move(ready));
}

}  // namespace kaiku::central
