#include "central/people/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <cctype>
#include <limits>

#include "survey/result.hpp"
#include "sync/base32.hpp"

namespace kaiku::central::people {
namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::size_t kDigits = 6;

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool plain = byte < 128 && (std::isalnum(byte) != 0 || letter == '-' ||
                                          letter == '.' || letter == '_' || letter == '~');
        if (plain) {
            encoded += letter;
        } else {
            encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
    return encoded;
}

}  // namespace

std::int64_t totp_step(survey::UtcSeconds now) noexcept {
    return now.time_since_epoch().count() / kStepSeconds;
}

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
    KAIKU_ASSERT(digits >= 6 && digits <= 8);
    std::array<unsigned char, 8> counter{};
    auto rest = static_cast<std::uint64_t>(step);
    for (std::size_t place = counter.size(); place > 0; --place) {
        counter[place - 1] = static_cast<unsigned char>(rest & 0xFFU);
        rest >>= 8U;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    const auto* const made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
                                  counter.data(), counter.size(), mac.data(), &size);
    KAIKU_ASSERT(made != nullptr && size == 20);
    const std::size_t from = mac[size - 1] & 15U;
    std::uint32_t number = 0;
    for (std::size_t place = 0; place < 4; ++place) number = (number << 8U) | mac[from + place];
    number &= 0x7FFFFFFFU;
    std::string code(static_cast<std::size_t>(digits), '0');
    for (auto place = code.rbegin(); place != code.rend(); ++place, number /= 10) {
        *place = static_cast<char>('0' + number % 10);
    }
    return code;
}

std::optional<std::int64_t> check_totp(std::string_view secret, std::string_view code,
                                       survey::UtcSeconds now, std::optional<std::int64_t> used) {
    if (code.size() != kDigits) return std::nullopt;
    const std::int64_t present = totp_step(now);
    for (const std::int64_t step : {present, present - 1, present + 1}) {
        const std::string expected = totp_code(secret, step);
        if (sodium_memcmp(expected.data(), code.data(), kDigits) == 0) {
            if (step > used.value_or(std::numeric_limits<std::int64_t>::min())) return step;
        }
    }
    return std::nullopt;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
    return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
           "?secret=" + sync::encode_base32(secret) + "&issuer=" + percent_encoded(issuer) +
           "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace kaiku::central::people
