#include "sync/sealing.hpp"

#include <sodium.h>

#include <algorithm>
#include <optional>

#include "sync/base32.hpp"
#include "sync/files.hpp"

namespace kaiku::sync {
namespace {

static_assert(kKeyBytes == crypto_box_PUBLICKEYBYTES && kKeyBytes == crypto_box_SECRETKEYBYTES);
static_assert(kSealBytes == 5 + crypto_box_SEALBYTES);

constexpr char kSealFormat = 1;
constexpr char kAnswerFormat = 2;
constexpr int kAnswerText = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kMaxAnswerCharacters = std::size_t{32} * 1024;
constexpr std::size_t kIdBytes = 4;
constexpr std::string_view kFileHead = "kaiku-key 1 ";
constexpr std::size_t kMaxFileBytes = 256;

Status ready() {
    if (sodium_init() < 0) return fail(Errc::io, "the system's random source is not available");
    return {};
}

const std::uint8_t* raw(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* raw(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

/// The first bytes of the key's BLAKE2b hash.
std::string short_id(const PublicKey& key) {
    std::array<std::uint8_t, crypto_generichash_BYTES_MIN> hash{};
    crypto_generichash(hash.data(), hash.size(), key.bytes.data(), key.bytes.size(), nullptr, 0);
    return {reinterpret_cast<const char*>(hash.data()), kIdBytes};
}

Error damaged(const std::filesystem::path& path) {
    return {Errc::corrupt, path.string() +
                               ": is no key file, or is damaged; restore it from a backup, or move "
                               "it away and enrol the terminals again"};
}

std::string hex_of(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        const auto value = static_cast<std::uint8_t>(byte);
        text += kHex[value >> 4U];
        text += kHex[value & 15U];
    }
    return text;
}

}  // namespace

std::string encode_key(const PublicKey& key) {
    return encode_base32({reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()});
}

Result<PublicKey> decode_key(std::string_view text) {
    const auto bytes = decode_base32(text);
    if (!bytes || bytes->size() != kKeyBytes) {
        return fail(Errc::malformed, "sealing key: must be 52 letters and digits of base 32");
    }
    PublicKey key;
    std::copy_n(raw(*bytes), kKeyBytes, key.bytes.begin());
    return key;
}

std::string key_id(const PublicKey& key) { return hex_of(short_id(key)); }

std::string answer_key_id(std::string_view sealed) {
    // Format and key id are the first five of the six bytes in eight letters.
    constexpr std::size_t kLetters = 8;
    std::array<std::uint8_t, 6> bytes{};
    std::size_t length = 0;
    if (sealed.size() < kLetters ||
        sodium_base642bin(bytes.data(), bytes.size(), sealed.data(), kLetters, nullptr, &length,
                          nullptr, kAnswerText) != 0 ||
        length != bytes.size() || bytes.front() != kAnswerFormat) {
        return {};
    }
    return hex_of({reinterpret_cast<const char*>(bytes.data()) + 1, kIdBytes});
}

KeyPair::KeyPair(KeyPair&& other) noexcept : public_(other.public_), private_(other.private_) {
    sodium_memzero(other.private_.data(), other.private_.size());
}

KeyPair& KeyPair::operator=(KeyPair&& other) noexcept {
    public_ = other.public_;
    private_ = other.private_;
    if (this != &other) sodium_memzero(other.private_.data(), other.private_.size());
    return *this;
}

KeyPair::~KeyPair() { sodium_memzero(private_.data(), private_.size()); }

Result<KeyPair> KeyPair::make() {
    if (auto can = ready(); !can) return tl::make_unexpected(can.error());
    KeyPair pair;
    crypto_box_keypair(pair.public_.bytes.data(), pair.private_.data());
    return pair;
}

std::string KeyPair::encode() const {
    std::string text(kFileHead);
    text += encode_base32({reinterpret_cast<const char*>(private_.data()), private_.size()});
    return text += '\n';
}

std::optional<KeyPair> KeyPair::decode(std::string_view line) {
    if (!ready() || !line.starts_with(kFileHead) || !line.ends_with('\n')) return std::nullopt;
    line.remove_prefix(kFileHead.size());
    line.remove_suffix(1);
    auto bytes = decode_base32(line);
    if (!bytes || bytes->size() != kKeyBytes) return std::nullopt;
    KeyPair pair;
    std::string& secret = *bytes;
    std::copy_n(raw(secret), kKeyBytes, pair.private_.begin());
    sodium_memzero(secret.data(), secret.size());
    crypto_scalarmult_base(pair.public_.bytes.data(), pair.private_.data());
    return pair;
}

Result<KeyPair> KeyPair::load_or_make(const std::filesystem::path& path) {
    auto text = read_private_file(path, kMaxFileBytes);
    if (!text) return tl::make_unexpected(text.error());
    if (!*text) {
        auto pair = make();
        if (!pair) return pair;
        std::string file = pair->encode();
        const auto written = write_private_file(path, file);
        sodium_memzero(file.data(), file.size());
        if (!written) return tl::make_unexpected(written.error());
        return pair;
    }
    std::string& file = **text;
    auto pair = decode(file);
    sodium_memzero(file.data(), file.size());
    if (!pair) return tl::make_unexpected(damaged(path));
    return std::move(*pair);
}

Result<std::string> KeyPair::open_bytes(std::string_view bytes, char format) const {
    if (bytes.size() < kSealBytes || bytes.front() != format) {
        return fail(Errc::malformed, "sealed text: is none, or was cut");
    }
    if (bytes.substr(1, kIdBytes) != short_id(public_)) {
        return fail(Errc::not_found, "sealed text: was closed for another key");
    }
    const std::string_view box = bytes.substr(1 + kIdBytes);
    std::string plain(box.size() - crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal_open(reinterpret_cast<std::uint8_t*>(plain.data()), raw(box), box.size(),
                             public_.bytes.data(), private_.data()) != 0) {
        return fail(Errc::corrupt, "sealed text: was changed on its way");
    }
    return plain;
}

Result<std::string> KeyPair::open(std::string_view sealed) const {
    const auto bytes = sealed.size() <= kMaxSealedCharacters ? decode_base32(sealed) : std::nullopt;
    return open_bytes(bytes ? std::string_view(*bytes) : std::string_view(), kSealFormat);
}

Result<std::string> KeyPair::open_answer(std::string_view sealed) const {
    std::string bytes;
    if (sealed.size() <= kMaxAnswerCharacters) {
        bytes.resize(sealed.size());
        std::size_t length = 0;
        if (sodium_base642bin(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size(),
                              sealed.data(), sealed.size(), nullptr, &length, nullptr,
                              kAnswerText) != 0) {
            length = 0;
        }
        bytes.resize(length);
    }
    auto opened = open_bytes(bytes, kAnswerFormat);
    if (!opened) return opened;
    std::string& plain = *opened;
    std::size_t length = 0;
    if (sodium_unpad(&length, raw(plain), plain.size(), kAnswerBlock) != 0) {
        return fail(Errc::corrupt, "sealed text: was filled up wrongly");
    }
    plain.resize(length);
    return opened;
}

std::vector<Result<std::string>> KeyPair::open_answers(
    std::span<const std::string_view> sealed) const {
    std::vector<Result<std::string>> opened;
    opened.reserve(sealed.size());
    for (const std::string_view each : sealed) opened.push_back(open_answer(each));
    return opened;
}

Result<std::string> seal(std::string_view plain, const PublicKey& key) {
    if (auto can = ready(); !can) return tl::make_unexpected(can.error());
    std::string bytes(1, kSealFormat);
    bytes += short_id(key);
    std::string box(plain.size() + crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal(raw(box), raw(plain), plain.size(), key.bytes.data()) != 0) {
        return fail(Errc::invalid, "sealing key: is not a usable public key");
    }
    return encode_base32(bytes + box);
}

AnswerSealer::~AnswerSealer() { sodium_memzero(shared_.data(), shared_.size()); }

Status AnswerSealer::prepare() {
    if (ready_) return {};
    if (auto can = ready(); !can) return can;
    std::array<std::uint8_t, kKeyBytes> secret{};
    crypto_box_keypair(once_.bytes.data(), secret.data());
    const int wrong = crypto_box_beforenm(shared_.data(), key_.bytes.data(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    if (wrong != 0) return fail(Errc::invalid, "sealing key: is not a usable public key");
    ready_ = true;
    return {};
}

/// The steps of crypto_box_seal(), whose box crypto_box_seal_open() opens: the public half of a key
/// pair made for this box, then crypto_box with the BLAKE2b hash of both public keys as its nonce
/// (libsodium's documentation, "Sealed boxes").
Result<std::string> AnswerSealer::seal(std::string_view plain) {
    if (auto can = prepare(); !can) return tl::make_unexpected(can.error());
    std::string filled(plain);
    filled.resize((plain.size() / kAnswerBlock + 1) * kAnswerBlock);
    std::size_t length = 0;
    sodium_pad(&length, raw(filled), plain.size(), kAnswerBlock, filled.size());

    std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce{};
    crypto_generichash_state hash;
    crypto_generichash_init(&hash, nullptr, 0, nonce.size());
    crypto_generichash_update(&hash, once_.bytes.data(), once_.bytes.size());
    crypto_generichash_update(&hash, key_.bytes.data(), key_.bytes.size());
    crypto_generichash_final(&hash, nonce.data(), nonce.size());

    std::string bytes(1, kAnswerFormat);
    bytes += short_id(key_);
    bytes.append(reinterpret_cast<const char*>(once_.bytes.data()), once_.bytes.size());
    const std::size_t head = bytes.size();
    bytes.resize(head + crypto_box_MACBYTES + filled.size());
    crypto_box_easy_afternm(raw(bytes) + head, raw(filled), filled.size(), nonce.data(),
                            shared_.data());
    sodium_memzero(shared_.data(), shared_.size());
    sodium_memzero(filled.data(), filled.size());
    ready_ = false;

    std::string text(sodium_base64_encoded_len(bytes.size(), kAnswerText), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), kAnswerText);
    text.pop_back();  // the end of a C string
    return text;
}

Result<std::string> seal_answer(std::string_view plain, const PublicKey& key) {
    return AnswerSealer(key).seal(plain);
}

bool is_sealed(std::string_view payload) noexcept {
    static_assert(kAnswerFormat < 4);  // its upper six bits are the first letter
    return payload.starts_with('A');
}

}  // namespace kaiku::sync
