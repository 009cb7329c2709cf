#include "sync/signing.hpp"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "sync/base32.hpp"
#include "sync/files.hpp"

namespace kaiku::sync {
namespace {

static_assert(kSignerKeyBytes == crypto_sign_PUBLICKEYBYTES);

constexpr int kText = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kMaxFileBytes = 256;
constexpr std::string_view kVersion = "1";
using Seed = std::array<std::uint8_t, crypto_sign_SEEDBYTES>;

Status ready() {
    if (sodium_init() < 0) return fail(Errc::io, "the system's random source is not available");
    return {};
}

const std::uint8_t* raw(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::string base64(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), kText), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kText);
    text.pop_back();  // the end of a C string
    return text;
}

template <std::size_t Size>
bool from_base64(std::string_view text, std::array<std::uint8_t, Size>& bytes) {
    std::size_t length = 0;
    return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), "\n", &length,
                             nullptr, kText) == 0 &&
           length == bytes.size();
}

std::string_view name_of(SignedType type) {
    switch (type) {
        case SignedType::batch:
            return "batch";
        case SignedType::receipt:
            return "receipt";
        case SignedType::stale:
            return "stale";
        case SignedType::renewal:
            return "renewal";
        case SignedType::credential:
            return "credential";
        case SignedType::ledger:
            return "ledger";
        case SignedType::received:
            return "received";
        case SignedType::deletion:
            return "deletion";
        case SignedType::refusal:
            return "refusal";
        case SignedType::heartbeat:
            return "heartbeat";
        case SignedType::heard:
            return "heard";
        case SignedType::config_request:
            return "config-request";
        case SignedType::config:
            return "config";
    }
    return {};
}

}  // namespace

std::string encode_signer(const SignerKey& key) {
    return encode_base32({reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()});
}

std::string encode_signer_base64(const SignerKey& key) { return base64(key.bytes); }

Result<SignerKey> decode_signer(std::string_view text) {
    const auto bytes = decode_base32(text);
    if (!bytes || bytes->size() != kSignerKeyBytes) {
        return fail(Errc::malformed, "signing key: must be 52 letters and digits of base 32");
    }
    SignerKey key;
    std::copy_n(raw(*bytes), kSignerKeyBytes, key.bytes.begin());
    return key;
}

std::string signed_bytes(const SignedText& text) {
    const std::string number = std::to_string(text.number);
    std::string bytes;
    bytes.reserve(text.body.size() + text.device.size() + number.size() + 32);
    for (const std::string_view part :
         {kVersion, name_of(text.type), text.device, std::string_view(number)}) {
        bytes += part;
        bytes += "//";
    }
    bytes += text.body;
    return bytes;
}

SigningKey::SigningKey(SigningKey&& other) noexcept
    : public_(other.public_), secret_(other.secret_) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

void SigningKey::grow_from(const std::array<std::uint8_t, 32>& seed) {
    static_assert(std::tuple_size_v<decltype(secret_)> == crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(public_.bytes.data(), secret_.data(), seed.data());
}

Result<SigningKey> SigningKey::make() {
    if (auto can = ready(); !can) return tl::make_unexpected(can.error());
    SigningKey key;
    Seed seed{};
    randombytes_buf(seed.data(), seed.size());
    key.grow_from(seed);
    sodium_memzero(seed.data(), seed.size());
    return key;
}

Result<std::optional<SigningKey>> SigningKey::load(const std::filesystem::path& path) {
    if (auto can = ready(); !can) return tl::make_unexpected(can.error());
    auto text = read_private_file(path, kMaxFileBytes);
    if (!text) return tl::make_unexpected(text.error());
    if (!*text) return std::optional<SigningKey>();
    // The other side will know this key, and no other.
    if (auto settled = settle_name(path); !settled) return tl::make_unexpected(settled.error());
    std::string& file = **text;
    Seed seed{};
    const bool whole = from_base64(file, seed);
    sodium_memzero(file.data(), file.size());
    if (!whole) {
        return fail(Errc::corrupt, path.string() +
                                       ": is no signing key, or is damaged; restore it from a "
                                       "backup, or move it away, then a new one is made");
    }
    SigningKey key;
    key.grow_from(seed);
    sodium_memzero(seed.data(), seed.size());
    return std::optional<SigningKey>(std::move(key));
}

Result<SigningKey> SigningKey::load_or_make(const std::filesystem::path& path) {
    auto kept = load(path);
    if (!kept) return tl::make_unexpected(kept.error());
    if (*kept) return std::move(**kept);
    Seed seed{};
    randombytes_buf(seed.data(), seed.size());
    SigningKey key;
    key.grow_from(seed);
    std::string file = base64(seed) + "\n";
    sodium_memzero(seed.data(), seed.size());
    const auto written = write_private_file(path, file);
    sodium_memzero(file.data(), file.size());
    if (!written) return tl::make_unexpected(written.error());
    return key;
}

std::string SigningKey::sign(const SignedText& text) const {
    return sign_bytes(signed_bytes(text));
}

std::string SigningKey::sign_bytes(std::string_view bytes) const {
    std::array<std::uint8_t, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, raw(bytes), bytes.size(), secret_.data());
    return base64(signature);
}

bool verify(const SignerKey& key, const SignedText& text, std::string_view signature) {
    std::array<std::uint8_t, crypto_sign_BYTES> bytes{};
    if (signature.find('\n') != std::string_view::npos || !from_base64(signature, bytes)) {
        return false;
    }
    const std::string message = signed_bytes(text);
    return crypto_sign_verify_detached(bytes.data(), raw(message), message.size(),
                                       key.bytes.data()) == 0;
}

}  // namespace kaiku::sync
