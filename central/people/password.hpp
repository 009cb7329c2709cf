#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

#include "survey/result.hpp"

/// Passwords of people who sign in. None is ever part of an error.
namespace kaiku::central::people {

/// NIST SP 800-63B-4 3.1.1: 15 characters at least, any characters, none demanded; what is made of
/// common words, of the person's own name, or of one thing again and again is refused.
/// Errc::invalid names the rule.
Status check_new_password(std::string_view password, std::string_view person);

/// What one hash costs.
struct HashCost {
    unsigned long long passes = 3;
    std::size_t memory_bytes = std::size_t{64} * 1024 * 1024;
};

/// Argon2id, a few at a time: each takes 64 MiB, so that sign-ins together take `at_once` times
/// that and no more. Safe to call from any thread.
class PasswordHasher {
  public:
    explicit PasswordHasher(HashCost cost = {}, std::ptrdiff_t at_once = 2,
                            std::chrono::milliseconds patience = std::chrono::seconds(5));

    /// Errc::busy when too many others wait.
    Result<std::string> hash(std::string_view password);
    /// Whether this is the password of the hash. For nobody's hash the answer is no, after as much
    /// work: time does not tell who has an account. Errc::busy as above.
    Result<bool> matches(const std::optional<std::string>& hash, std::string_view password);

  private:
    HashCost cost_;
    std::counting_semaphore<> free_;
    std::chrono::milliseconds patience_;
};

}  // namespace kaiku::central::people
