#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sync/sealing.hpp"

namespace kaiku::sync {

/// Keys in one ring: more would be a way to fill a disk, not a way to rotate.
inline constexpr std::size_t kMaxKeys = 32;

/// Central's sealing keys: the newest, which devices are told to seal to, and former ones that
/// still open what was sealed before. One file, mode 0600, a line `kaiku-key 1 <base 32>` for each,
/// the newest first; a file of one line is what versions before rotation wrote.
class Keyring final : public Opener {
  public:
    /// Reads the file, or makes it with one new key. Errors name the file and never its content.
    static Result<Keyring> load_or_make(const std::filesystem::path& path);
    /// As load_or_make(), but Errc::not_found when there is no file.
    static Result<Keyring> load(const std::filesystem::path& path);
    /// A ring of one key.
    explicit Keyring(KeyPair pair);

    /// The public halves, newest first; never empty.
    std::vector<PublicKey> keys() const;
    /// Puts a new key first and writes the file; nothing has changed on an error. Errc::refused
    /// when there are kMaxKeys already.
    Status rotate(const std::filesystem::path& path);
    /// Takes a former key out of the ring and its file, into a file of its own beside it,
    /// `<path>.retired-<id>` (mode 0600), which is returned. Errc::not_found for an id that is not
    /// there, Errc::refused for the newest.
    Result<std::filesystem::path> retire(const std::filesystem::path& path, std::string_view id);

    PublicKey public_key() const override { return pairs_.front().public_key(); }
    std::vector<Result<std::string>> open_answers(
        std::span<const std::string_view> sealed) const override;
    Result<std::string> open(std::string_view sealed) const override;

  private:
    Result<std::string> open_answer(std::string_view sealed) const;
    explicit Keyring(std::vector<KeyPair> pairs) : pairs_(std::move(pairs)) {}
    std::vector<KeyPair> pairs_;
};

}  // namespace kaiku::sync
