#include "sync/base32.hpp"

#include <cstdint>

namespace kaiku::sync {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::optional<std::uint32_t> value_of(char letter) {
    const char capital =
        letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    const auto found = kAlphabet.find(capital);
    if (found == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint32_t>(found);
}

}  // namespace

std::string encode_base32(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        held = (held << 8U) | static_cast<std::uint8_t>(byte);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += kAlphabet[(held >> bits) & 31U];
        }
        held &= (1U << bits) - 1U;
    }
    if (bits > 0) text += kAlphabet[(held << (5U - bits)) & 31U];
    return text;
}

std::optional<std::string> decode_base32(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() * 5 / 8);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char letter : text) {
        const auto value = value_of(letter);
        if (!value) return std::nullopt;
        held = (held << 5U) | *value;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((held >> bits) & 0xFFU);
            held &= (1U << bits) - 1U;
        }
    }
    // One spelling only: no letter too many, no bits left over.
    if (bits >= 5 || held != 0) return std::nullopt;
    return bytes;
}

}  // namespace kaiku::sync
