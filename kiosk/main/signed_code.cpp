#include "kiosk/main/signed_code.hpp"

#include <sodium.h>

#include <array>
#include <span>

#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kMostBytes = 256;

std::string base64(std::span<const unsigned char> bytes) {
    std::string text(
        sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.resize(text.find('\0'));
    return text;
}

std::string encoded(const std::string& value) {
    constexpr const char* kHex = "0123456789ABCDEF";
    std::string result;
    for (const char sign : value) {
        const auto byte = static_cast<unsigned char>(sign);
        const bool plain = (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') ||
                           (sign >= 'a' && sign <= 'z') || sign == '-' || sign == '.' ||
                           sign == '_' || sign == ':';
        if (plain) {
            result += sign;
        } else {
            result += '%';
            result += kHex[byte >> 4U];
            result += kHex[byte & 15U];
        }
    }
    return result;
}

/// A secret key, wiped when it goes.
struct SigningKey {
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    SigningKey() = default;
    SigningKey(const SigningKey&) = default;
    SigningKey& operator=(const SigningKey&) = default;
    ~SigningKey() { sodium_memzero(secret.data(), secret.size()); }
};

Result<SigningKey> own_key(const std::filesystem::path& data_dir) {
    const auto file = data_dir / "signing.key";
    auto kept = sync::read_private_file(file, kMostBytes);
    if (!kept) return tl::make_unexpected(kept.error());
    SigningKey key;
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
    if (*kept) {
        std::string& text = **kept;
        std::size_t length = 0;
        const bool read =
            sodium_base642bin(seed.data(), seed.size(), text.data(), text.size(), "\n", &length,
                              nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
        sodium_memzero(text.data(), text.size());
        if (!read || length != seed.size()) {
            return fail(Errc::malformed, file.string() +
                                             ": is damaged; move it away, then a new "
                                             "key is made");
        }
    } else {
        randombytes_buf(seed.data(), seed.size());
        std::string text = base64(seed) + "\n";
        const auto written = sync::write_private_file(file, text);
        sodium_memzero(text.data(), text.size());
        if (!written) return tl::make_unexpected(written.error());
    }
    crypto_sign_seed_keypair(key.open.data(), key.secret.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    return key;
}

}  // namespace

Result<std::string> sign_running(const std::filesystem::path& data_dir, const Running& running) {
    if (sodium_init() < 0) return fail(Errc::io, "libsodium does not start");
    const auto key = own_key(data_dir);
    if (!key) return tl::make_unexpected(key.error());
    std::string text = "kaiku-terminal:v=" + encoded(running.version) +
                       "&i=" + encoded(running.instrument) +
                       "&n=" + std::to_string(running.instrument_version) +
                       "&u=" + encoded(running.unit) + "&d=" + encoded(running.device) +
                       "&t=" + survey::format_rfc3339(running.time) + "&k=" + base64(key->open);
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         key->secret.data());
    return text + "&s=" + base64(signature);
}

}  // namespace kaiku::kiosk
