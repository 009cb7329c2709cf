#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "central/store/store.hpp"

namespace kaiku::central {

/// What nearly every request asks the store for, kept for a few seconds. Any thread.
///
/// Only what was found is remembered: a token or unit that is new works at once. One that is gone,
/// perhaps by another process, is refused within kRemembered. Devices' credentials are not kept:
/// a stolen terminal is turned away with its next message.
class Remembered {
  public:
    static constexpr std::chrono::milliseconds kRemembered{3000};
    static constexpr std::size_t kMaxTokens = 1024;  ///< then all are forgotten

    /// `uptime` never goes back.
    Remembered(Store& store, std::function<std::chrono::milliseconds()> uptime)
        : store_(store), uptime_(std::move(uptime)) {}

    /// A token, if it is remembered; never asks the store.
    std::optional<Secret> remembered_token(const std::string& hash);
    /// Whether the unit is known to exist; never asks the store.
    bool remembers_unit(const std::string& code);
    /// As Store::find_credential.
    Result<std::optional<Secret>> find_credential(const std::string& hash);
    /// Codes of all units, read now: whoever refuses for good must not trust his memory.
    Result<std::shared_ptr<const std::set<std::string>>> read_units();
    /// Whether the unit exists; asks the store before it says no.
    Result<bool> has_unit(const std::string& code);

  private:
    struct Token {
        Secret secret;
        std::chrono::milliseconds until;
    };
    /// Of all units, a few seconds old at most.
    Result<std::shared_ptr<const std::set<std::string>>> unit_codes();

    Store& store_;
    std::function<std::chrono::milliseconds()> uptime_;
    std::mutex mutex_;
    std::map<std::string, Token> tokens_;
    std::shared_ptr<const std::set<std::string>> units_;
    std::chrono::milliseconds units_until_{};
};

}  // namespace kaiku::central
