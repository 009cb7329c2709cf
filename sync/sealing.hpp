#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "survey/result.hpp"
#include "sync/opener.hpp"

/// Sealed boxes to central (libsodium: X25519, XSalsa20-Poly1305): a device closes what only
/// central can open, and cannot open it again itself. docs/formats/take-along.md and
/// docs/formats/wire-and-outbox.md have the bytes.
namespace kaiku::sync {

inline constexpr std::size_t kKeyBytes = 32;
/// What sealing adds to the plain bytes: format, key id, and the box's own 48.
inline constexpr std::size_t kSealBytes = 1 + 4 + 48;
inline constexpr std::size_t kMaxSealedCharacters = 2048;

/// Central's public key, as a device is told it at enrolment.
struct PublicKey {
    std::array<std::uint8_t, kKeyBytes> bytes{};
    friend bool operator==(const PublicKey&, const PublicKey&) = default;
};
/// 52 letters and digits (RFC 4648 base 32, capitals, without padding).
std::string encode_key(const PublicKey& key);
/// Errc::malformed for anything else; small letters are accepted.
Result<PublicKey> decode_key(std::string_view text);
/// Eight hex digits that name a key to people and in what is sealed to it.
std::string key_id(const PublicKey& key);

/// Central's key pair. The private half is zeroed when the object dies.
class KeyPair final : public Opener {
  public:
    static Result<KeyPair> make();
    /// Reads the pair from `path` (mode 0600, `kaiku-key 1 <base 32>`), or makes and stores a new
    /// one when there is no file. Errors name the file and never its content.
    static Result<KeyPair> load_or_make(const std::filesystem::path& path);

    KeyPair(KeyPair&& other) noexcept;
    KeyPair& operator=(KeyPair&& other) noexcept;
    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;
    ~KeyPair() override;

    PublicKey public_key() const override { return public_; }
    /// Opens what seal() closed. Errc::malformed when it is no sealed text, Errc::not_found when it
    /// is sealed to another key, Errc::corrupt when it was changed on the way.
    Result<std::string> open(std::string_view sealed) const override;
    /// As open(), of what seal_answer() closed.
    Result<std::string> open_answer(std::string_view sealed) const;
    std::vector<Result<std::string>> open_answers(
        std::span<const std::string_view> sealed) const override;

    /// `kaiku-key 1 <base 32>` of the private half with its end of line, for the owner's file.
    /// Whoever asks zeroes it.
    std::string encode() const;
    /// Reads encode()'s text; nothing if it is none.
    static std::optional<KeyPair> decode(std::string_view line);

  private:
    KeyPair() = default;
    Result<std::string> open_bytes(std::string_view bytes, char format) const;
    PublicKey public_;
    std::array<std::uint8_t, kKeyBytes> private_{};
};

/// Closes `plain` for the owner of `key`. The result is capital letters and digits only (base 32),
/// which a QR code holds in its denser alphanumeric mode and which needs no escaping in a link.
Result<std::string> seal(std::string_view plain, const PublicKey& key);

/// An answer is filled up to a multiple of this before it is closed (ISO/IEC 7816-4), so that its
/// length does not tell how much somebody wrote. Bytes.
inline constexpr std::size_t kAnswerBlock = 512;
/// Closes an encoded response for the owner of `key`: base 64 for URLs without padding (RFC 4648),
/// which needs no escaping in JSON. Begins with A, as no JSON does.
Result<std::string> seal_answer(std::string_view plain, const PublicKey& key);

/// As seal_answer(), with most of the work done before there is an answer: nobody waits for it.
/// What is prepared serves one answer and is zeroed after it.
class AnswerSealer {
  public:
    explicit AnswerSealer(const PublicKey& key) : key_(key) {}
    AnswerSealer(const AnswerSealer&) = delete;
    AnswerSealer& operator=(const AnswerSealer&) = delete;
    ~AnswerSealer();

    /// Errc::invalid for a key that nothing can be sealed to. Quick when it is done already.
    Status prepare();
    Result<std::string> seal(std::string_view plain);

  private:
    PublicKey key_;
    PublicKey once_;                                ///< public half of a key for one box
    std::array<std::uint8_t, kKeyBytes> shared_{};  ///< of once_ and key_
    bool ready_ = false;
};
/// key_id() of the key that an answer was sealed to, which is not checked; empty if it is none.
std::string answer_key_id(std::string_view sealed);
/// Whether these bytes of an outbox are a sealed answer; else they are the response's plain JSON.
bool is_sealed(std::string_view payload) noexcept;

}  // namespace kaiku::sync
