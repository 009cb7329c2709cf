#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "central/store/store.hpp"

namespace kaiku::central {

/// A Store for tests: the same promises, except that it forgets everything when it goes.
class MemoryStore : public Store {
  public:
    Status add_unit(const Unit& unit) override;
    Result<std::vector<Unit>> units() override;
    Result<bool> holds(const survey::ResponseId& id) override;
    Status take_ledger(const sync::LedgerReport& report, const MessageMark& mark) override;
    Result<Ledger> ledger(const std::string& device_id, const std::string& from,
                          const std::string& to) override;
    Status add_secret(const Secret& secret) override;
    Result<std::optional<Secret>> find_credential(const std::string& hash) override;
    Result<Unit> redeem(const std::string& code_hash, Secret device,
                        const std::string& public_key) override;
    Result<std::vector<Device>> devices() override;
    Result<std::optional<Device>> find_device(const std::string& id) override;
    Status renew(const Secret& credential, const std::string& public_key,
                 const MessageMark& mark) override;
    Status revoke(const std::string& id, survey::UtcSeconds when,
                  const std::string& replaced_by) override;
    Result<std::int64_t> end_credentials(survey::UtcSeconds when) override;
    using Store::put;
    Result<std::vector<Stored>> put(std::span<const Submission> submissions,
                                    std::span<const MessageMark> marks) override;
    Result<Tallies> tally(const Selection& selection) override;
    /// It counts the answers themselves: nothing can differ.
    Result<std::vector<RollupDifference>> verify(const MonthTold& told) override;
    Status rebuild(const MonthTold& told) override;
    Status visit(const Selection& selection,
                 const std::function<bool(const survey::Response&)>& visit) override;
    Status check_writable() override;

    /// Every call fails with this from now on; nothing ends it.
    void break_with(std::optional<Error> error);
    /// Contact wishes by their own ids.
    std::map<std::string, std::string> contacts() const;

  private:
    Status trouble() const;
    void add_device(const Secret& secret, const std::string& public_key);
    void mark_message(const MessageMark& mark);
    void count_in_ledger(const Submission& submission, Stored outcome);

    mutable std::mutex mutex_;
    std::optional<Error> error_;
    std::map<std::string, Unit> units_;
    std::map<std::string, Secret> secrets_;
    std::map<std::string, Device> devices_;
    std::map<std::string, survey::Response> responses_;
    std::map<std::string, std::string> contacts_;
    std::map<std::pair<std::string, std::string>, LedgerRow> ledger_;  ///< by device and day
    std::map<std::string, Standing> standings_;
    std::set<std::string> elsewhere_;
};

}  // namespace kaiku::central
