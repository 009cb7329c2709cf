#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "survey/result.hpp"

/// Ed25519 signatures of what device and central send each other. Pure, but for the key's file:
/// both sides, whatever carries their messages, sign and verify here.
namespace kaiku::sync {

inline constexpr std::size_t kSignerKeyBytes = 32;

/// Whose signatures are to be believed: the public half of a SigningKey.
struct SignerKey {
    std::array<std::uint8_t, kSignerKeyBytes> bytes{};
    friend bool operator==(const SignerKey&, const SignerKey&) = default;
};
/// 52 letters and digits (RFC 4648 base 32, capitals, without padding).
std::string encode_signer(const SignerKey& key);
/// 43 letters of base 64 for URLs, as in the staff's code.
std::string encode_signer_base64(const SignerKey& key);
/// Errc::malformed for anything but encode_signer()'s; small letters are accepted.
Result<SignerKey> decode_signer(std::string_view text);

/// What a signature is for, so that none can be used as another.
enum class SignedType {
    batch,           ///< a device's answers
    receipt,         ///< central's answer to them
    stale,           ///< central's word that a batch's number was used
    renewal,         ///< a device asks for a new credential
    credential,      ///< central's answer to that
    ledger,          ///< a device's counts
    received,        ///< central's answer to them
    heartbeat,       ///< a device's sign of life
    heard,           ///< central's answer to that
    config_request,  ///< a device asks for its configuration
    config,          ///< central's answer to that
    deletion,        ///< central's record of what it deleted: an organiser stands for the device
    refusal          ///< central's word that it cannot take a batch as it is
};

/// What was signed for whom: `<device>//<number>//<body>`.
struct SignedText {
    SignedType type = SignedType::batch;
    std::string_view device;  ///< id
    std::int64_t number = 0;  ///< of the request
    std::string_view body;    ///< the exact bytes that are sent
};
/// The exact bytes that are signed: `1//<type>//<device>//<number>//<body>`.
std::string signed_bytes(const SignedText& text);

/// A private Ed25519 key, zeroed when the object dies.
class SigningKey {
  public:
    static Result<SigningKey> make();
    /// Reads the seed from `path` (mode 0600, base 64 for URLs), or makes and stores a new one when
    /// there is no file. Errors name the file and never its content.
    static Result<SigningKey> load_or_make(const std::filesystem::path& path);
    /// As load_or_make(), but nothing when there is no file.
    static Result<std::optional<SigningKey>> load(const std::filesystem::path& path);

    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&&) = delete;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    const SignerKey& public_key() const noexcept { return public_; }
    /// 64 bytes in base 64 for URLs without padding; equal texts give equal signatures.
    std::string sign(const SignedText& text) const;
    /// As sign(), of any bytes.
    std::string sign_bytes(std::string_view bytes) const;

  private:
    SigningKey() = default;
    void grow_from(const std::array<std::uint8_t, 32>& seed);
    SignerKey public_;
    std::array<std::uint8_t, 64> secret_{};
};

/// True when `signature` was made by the owner of `key` of exactly this.
bool verify(const SignerKey& key, const SignedText& text, std::string_view signature);

}  // namespace kaiku::sync
