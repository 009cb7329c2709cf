#include "central/service/remembered.hpp"

namespace kaiku::central {

std::optional<Secret> Remembered::remembered_token(const std::string& hash) {
    const auto now = uptime_();
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(hash);
    if (found == tokens_.end() || now >= found->second.until) return std::nullopt;
    return found->second.secret;
}

bool Remembered::remembers_unit(const std::string& code) {
    const auto now = uptime_();
    const std::lock_guard lock(mutex_);
    return units_ && now < units_until_ && units_->contains(code);
}

Result<std::optional<Secret>> Remembered::find_credential(const std::string& hash) {
    // The life counts from before the reading: what changes meanwhile is not kept for longer.
    const auto now = uptime_();
    {
        const std::lock_guard lock(mutex_);
        const auto found = tokens_.find(hash);
        if (found != tokens_.end() && now < found->second.until) return found->second.secret;
        if (found != tokens_.end()) tokens_.erase(found);
    }
    auto read = store_.find_credential(hash);
    if (read && *read && (*read)->kind == SecretKind::token) {
        const std::lock_guard lock(mutex_);
        if (tokens_.size() >= kMaxTokens) tokens_.clear();
        tokens_.insert_or_assign(hash, Token{**read, now + kRemembered});
    }
    return read;
}

Result<std::shared_ptr<const std::set<std::string>>> Remembered::unit_codes() {
    const auto now = uptime_();
    {
        const std::lock_guard lock(mutex_);
        if (units_ && now < units_until_) return units_;
    }
    return read_units();
}

Result<std::shared_ptr<const std::set<std::string>>> Remembered::read_units() {
    const auto now = uptime_();
    const auto units = store_.units();
    if (!units) return tl::make_unexpected(units.error());
    auto codes = std::make_shared<std::set<std::string>>();
    for (const Unit& unit : *units) codes->insert(unit.code);
    const std::lock_guard lock(mutex_);
    units_ = std::move(codes);
    units_until_ = now + kRemembered;
    return units_;
}

Result<bool> Remembered::has_unit(const std::string& code) {
    auto codes = unit_codes();
    if (codes && !(*codes)->contains(code)) codes = read_units();
    if (!codes) return tl::make_unexpected(codes.error());
    return (*codes)->contains(code);
}

}  // namespace kaiku::central
