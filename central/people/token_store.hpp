#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "central/people/store.hpp"

/// API tokens of integrators.
namespace kaiku::central::people {

/// A token as operators see it; what it was printed as is nowhere.
struct TokenView {
    std::string id;     ///< token_id()
    std::string scope;  ///< what it may do
    survey::UtcSeconds created_at{};
    std::optional<survey::UtcSeconds> expires_at{};  ///< refused from then on
    friend bool operator==(const TokenView&, const TokenView&) = default;
};

/// The first 16 digits of the hash that the store keeps of a token: names it, and lets nobody in.
std::string token_id(std::string_view hash);

/// One organiser's tokens. Each change and its entry in the log are kept together or not at all.
/// Safe to call from any thread.
class TokenStore {
  public:
    virtual ~TokenStore() = default;
    /// `hash` is the token's SHA-256 in hex; it is good from `change.at` until `expires_at`.
    virtual Status add(const std::string& hash, const std::string& scope,
                       std::optional<survey::UtcSeconds> expires_at, const Change& change) = 0;
    /// The oldest first; those that have expired too.
    virtual Result<std::vector<TokenView>> tokens() = 0;
    /// The token is gone. Errc::not_found for an id that no token has; devices' credentials and
    /// enrolment codes are never found.
    virtual Status revoke(const std::string& id, const Change& change) = 0;
};

std::unique_ptr<TokenStore> sql_token_store(std::shared_ptr<sql::Database> database,
                                            std::string organiser);

}  // namespace kaiku::central::people
