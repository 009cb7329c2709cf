#include "central/store/memory_store.hpp"

#include <algorithm>

namespace kaiku::central {
namespace {

bool selects(const Selection& selection, const survey::Response& response) {
    return response.answered_at >= selection.from && response.answered_at < selection.to &&
           (!selection.units || selection.units->contains(response.unit)) &&
           (selection.with_flagged || response.misuse.flags.empty()) &&
           (!selection.instrument || *selection.instrument == response.instrument) &&
           (!selection.version || *selection.version == response.version) &&
           (!selection.respondent ||
            *selection.respondent == survey::to_string(response.respondent));
}

void count(Tally& tally, const survey::Response& response) {
    const survey::Answers& answers = response.answers;
    ++tally.responses;
    tally.flagged += response.misuse.flags.empty() ? 0 : 1;
    tally.assisted += response.assisted ? 1 : 0;
    if (answers.nps) {
        tally.nps.add(*answers.nps);
    }
    for (const auto& [key, value] : answers.statements) {
        tally.statements[key].add(value);
    }
}

}  // namespace

Status MemoryStore::trouble() const {
    if (error_) {
        return tl::make_unexpected(*error_);
    }
    return {};
}

void MemoryStore::break_with(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
}

std::map<std::string, std::string> MemoryStore::contacts() const {
    const std::lock_guard lock(mutex_);
    return contacts_;
}

Status MemoryStore::add_unit(const Unit& unit) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return ok;
    }
    if (!unit.parent.empty() && !units_.contains(unit.parent)) {
        return fail(Errc::not_found, "unit '" + unit.parent + "' does not exist");
    }
    if (!units_.emplace(unit.code, unit).second) {
        return fail(Errc::refused, "unit '" + unit.code + "' exists already");
    }
    return {};
}

Result<bool> MemoryStore::holds(const survey::ResponseId& id) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    return responses_.contains(id.text());
}

Result<std::vector<Unit>> MemoryStore::units() {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return tl::make_unexpected(ok.error());
    }
    std::vector<Unit> all;
    for (const auto& [code, unit] : units_) {
        all.push_back(unit);
    }
    return all;
}

Status MemoryStore::add_secret(const Secret& secret) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return ok;
    }
    if (!secret.unit.empty() && !units_.contains(secret.unit)) {
        return fail(Errc::not_found, "unit '" + secret.unit + "' does not exist");
    }
    secrets_[secret.hash] = secret;
    if (secret.kind == SecretKind::device) add_device(secret, {});
    return {};
}

void MemoryStore::add_device(const Secret& secret, const std::string& public_key) {
    devices_.try_emplace(secret.device_id, Device{.id = secret.device_id,
                                                  .unit = secret.unit,
                                                  .public_key = public_key,
                                                  .enrolled_at = secret.created_at});
}

void MemoryStore::mark_message(const MessageMark& mark) {
    const auto found = devices_.find(mark.device_id);
    if (found == devices_.end()) return;
    Device& device = found->second;
    device.seen_at = std::max(device.seen_at.value_or(mark.seen_at), mark.seen_at);
    if (mark.number > device.number) {
        device.number = mark.number;
        device.number_signature = mark.signature;
    }
}

Result<std::vector<Device>> MemoryStore::devices() {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    std::vector<Device> all;
    for (const auto& [id, device] : devices_) all.push_back(device);
    return all;
}

Result<std::optional<Device>> MemoryStore::find_device(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    const auto found = devices_.find(id);
    return found == devices_.end() ? std::optional<Device>() : std::optional(found->second);
}

Status MemoryStore::renew(const Secret& credential, const std::string& public_key,
                          const MessageMark& mark) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return ok;
    const auto found = devices_.find(credential.device_id);
    if (found == devices_.end()) {
        return fail(Errc::not_found, "device '" + credential.device_id + "' does not exist");
    }
    Device& device = found->second;
    if (!device.public_key.empty() && device.public_key != public_key) {
        return fail(Errc::refused, "the device has another key");
    }
    if (mark.number <= device.number) return fail(Errc::refused, "the number was used before");
    device.public_key = public_key;
    mark_message(mark);
    std::erase_if(secrets_, [&](const auto& entry) {
        const Secret& old = entry.second;
        return old.kind == SecretKind::device && old.device_id == credential.device_id &&
               old.expires_at && *old.expires_at <= credential.created_at;
    });
    secrets_[credential.hash] = credential;
    return {};
}

Status MemoryStore::revoke(const std::string& id, survey::UtcSeconds when,
                           const std::string& replaced_by) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return ok;
    const auto found = devices_.find(id);
    if (found == devices_.end()) {
        return fail(Errc::not_found, "device '" + id + "' does not exist");
    }
    Device& device = found->second;
    if (!device.revoked_at) device.revoked_at = when;
    if (device.replaced_by.empty()) device.replaced_by = replaced_by;
    return {};
}

Result<std::int64_t> MemoryStore::end_credentials(survey::UtcSeconds when) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    std::int64_t count = 0;
    for (auto& [hash, secret] : secrets_) {
        if (secret.kind != SecretKind::device || secret.expires_at) continue;
        secret.expires_at = when;
        ++count;
    }
    return count;
}

Result<std::optional<Secret>> MemoryStore::find_credential(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return tl::make_unexpected(ok.error());
    }
    const auto found = secrets_.find(hash);
    if (found == secrets_.end() || found->second.kind == SecretKind::enrolment) {
        return std::optional<Secret>();
    }
    return std::optional<Secret>(found->second);
}

Result<Unit> MemoryStore::redeem(const std::string& code_hash, Secret device,
                                 const std::string& public_key) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return tl::make_unexpected(ok.error());
    }
    const auto found = secrets_.find(code_hash);
    if (found == secrets_.end() || found->second.kind != SecretKind::enrolment ||
        (found->second.expires_at && *found->second.expires_at <= device.created_at)) {
        return fail(Errc::unauthorized, "the enrolment code is unknown, used or expired");
    }
    device.unit = found->second.unit;
    device.kind = SecretKind::device;
    const std::string former = found->second.device_id;
    secrets_.erase(found);
    secrets_[device.hash] = device;
    add_device(device, public_key);
    const auto replaced = former.empty() ? devices_.end() : devices_.find(former);
    if (replaced != devices_.end()) {
        if (!replaced->second.revoked_at) replaced->second.revoked_at = device.created_at;
        if (replaced->second.replaced_by.empty()) replaced->second.replaced_by = device.device_id;
    }
    return units_.at(device.unit);
}

Result<std::vector<Stored>> MemoryStore::put(std::span<const Submission> submissions,
                                             std::span<const MessageMark> marks) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) {
        return tl::make_unexpected(ok.error());
    }
    for (const Submission& submission : submissions) {
        if (!units_.contains(submission.response.unit)) {
            return fail(Errc::not_found, "unit '" + submission.response.unit + "' does not exist");
        }
    }
    std::vector<Stored> outcomes;
    for (const Submission& submission : submissions) {
        survey::Response kept = submission.response;
        kept.contact.clear();
        const bool is_new = responses_.emplace(kept.id.text(), kept).second;
        if (is_new && !submission.response.contact.empty()) {
            contacts_[submission.contact_id] = submission.response.contact;
        }
        outcomes.push_back(is_new ? Stored::now : Stored::before);
        count_in_ledger(submission, outcomes.back());
    }
    for (const MessageMark& mark : marks) mark_message(mark);
    return outcomes;
}

void MemoryStore::count_in_ledger(const Submission& submission, Stored outcome) {
    if (submission.device_id.empty()) return;
    if (outcome == Stored::before) {
        const survey::Response& kept = responses_.at(submission.response.id.text());
        const bool by_phone =
            kept.channel == survey::Channel::web || kept.channel == survey::Channel::qr;
        if (!by_phone || !elsewhere_.insert(kept.id.text()).second) return;
    }
    LedgerRow& row = ledger_[{submission.device_id, submission.device_day}];
    row.device_id = submission.device_id;
    row.central.day = submission.device_day;
    ++(outcome == Stored::now ? row.central.received : row.central.elsewhere);
}

Status MemoryStore::take_ledger(const sync::LedgerReport& report, const MessageMark& mark) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return ok;
    if (!devices_.contains(mark.device_id)) {
        return fail(Errc::not_found, "device '" + mark.device_id + "' does not exist");
    }
    for (const sync::DayCounts& day : report.days) {
        LedgerRow& row = ledger_[{mark.device_id, day.day}];
        row.device_id = mark.device_id;
        row.central.day = day.day;
        row.told = day;
    }
    standings_[mark.device_id] = {mark.device_id, report.waiting, report.quarantined, mark.seen_at};
    mark_message(mark);
    return {};
}

Result<Ledger> MemoryStore::ledger(const std::string& device_id, const std::string& from,
                                   const std::string& to) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    Ledger out;
    for (const auto& [key, row] : ledger_) {
        const bool asked = device_id.empty() || device_id == row.device_id;
        if (asked && key.second >= from && key.second <= to) out.rows.push_back(row);
    }
    for (const auto& [id, standing] : standings_) {
        if (device_id.empty() || device_id == id) out.standings.push_back(standing);
    }
    return out;
}

Result<Tallies> MemoryStore::tally(const Selection& selection) {
    Tallies tallies;
    const Status done = visit(selection, [&](const survey::Response& response) {
        const TallyKey key{response.unit,
                           std::string(survey::to_string(response.channel)),
                           std::string(survey::to_string(response.language)),
                           std::string(survey::to_string(response.respondent)),
                           {response.instrument, response.version}};
        count(tallies[key], response);
        return true;
    });
    if (!done) {
        return tl::make_unexpected(done.error());
    }
    return tallies;
}

Result<std::vector<RollupDifference>> MemoryStore::verify(const MonthTold& /*told*/) {
    const std::lock_guard lock(mutex_);
    if (Status ok = trouble(); !ok) return tl::make_unexpected(ok.error());
    return std::vector<RollupDifference>();
}

Status MemoryStore::rebuild(const MonthTold& /*told*/) {
    const std::lock_guard lock(mutex_);
    return trouble();
}

Status MemoryStore::visit(const Selection& selection,
                          const std::function<bool(const survey::Response&)>& visit) {
    std::vector<survey::Response> selected;
    {
        const std::lock_guard lock(mutex_);
        if (Status ok = trouble(); !ok) {
            return ok;
        }
        for (const auto& [id, response] : responses_) {
            if (selects(selection, response)) {
                selected.push_back(response);
            }
        }
    }
    std::stable_sort(selected.begin(), selected.end(),
                     [](const survey::Response& left, const survey::Response& right) {
                         return left.answered_at < right.answered_at;
                     });
    for (const survey::Response& response : selected) {
        if (!visit(response)) {
            break;
        }
    }
    return {};
}

Status MemoryStore::check_writable() {
    const std::lock_guard lock(mutex_);
    return trouble();
}

}  // namespace kaiku::central
