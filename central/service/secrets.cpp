#include "central/service/secrets.hpp"

#include <sodium.h>

#include <array>

#include "survey/response.hpp"

namespace kaiku::central {
namespace {

constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t kCodeLetters = 12;
static_assert(kAlphabet.size() == 32);

std::string hex_of(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0x0FU];
    }
    return text;
}

std::string grouped(std::string_view letters) {
    std::string code;
    for (std::size_t index = 0; index < letters.size(); ++index) {
        if (index > 0 && index % 4 == 0) {
            code += '-';
        }
        code += letters[index];
    }
    return code;
}

}  // namespace

Entropy system_entropy() {
    return [](std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); };
}

std::string make_enrolment_code(const Entropy& entropy) {
    std::array<std::uint8_t, kCodeLetters> random{};
    entropy(random);
    std::string letters;
    for (const std::uint8_t byte : random) {
        letters += kAlphabet[byte % kAlphabet.size()];
    }
    return grouped(letters);
}

std::string normalise_code(std::string_view typed) {
    std::string letters;
    for (char letter : typed) {
        if (letter == '-' || letter == ' ') {
            continue;
        }
        if (letter >= 'a' && letter <= 'z') {
            letter = static_cast<char>(letter - 'a' + 'A');
        }
        if (kAlphabet.find(letter) == std::string_view::npos || letters.size() == kCodeLetters) {
            return {};
        }
        letters += letter;
    }
    return letters.size() == kCodeLetters ? grouped(letters) : std::string();
}

std::string make_bearer(std::string_view prefix, const Entropy& entropy) {
    std::array<std::uint8_t, 32> random{};
    entropy(random);
    return std::string(prefix) + hex_of(random);
}

std::string make_uuid(const Entropy& entropy) {
    std::array<std::uint8_t, 16> random{};
    entropy(random);
    return survey::ResponseId::from_random(random).text();
}

std::string hash_secret(std::string_view secret) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    const std::basic_string<unsigned char> bytes(secret.begin(), secret.end());
    crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
    return hex_of(digest);
}

std::string_view bearer_of(std::string_view authorization) {
    constexpr std::string_view kScheme = "Bearer ";
    if (authorization.size() <= kScheme.size() || authorization.size() > 512) {
        return {};
    }
    for (std::size_t index = 0; index < kScheme.size(); ++index) {
        const char letter = authorization[index];
        const char lower = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        const char wanted = kScheme[index] == 'B' ? 'b' : kScheme[index];
        if (lower != wanted) {
            return {};
        }
    }
    return authorization.substr(kScheme.size());
}

}  // namespace kaiku::central
